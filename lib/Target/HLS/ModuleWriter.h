//===- ModuleWriter.h - One rtl.module as Verilog -----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Clocking.h"

#include "llvm/Support/raw_ostream.h"

namespace nnc::hls {

void writeModule(rtl::RTLModuleOp module, const Clocking &clocking, llvm::raw_ostream &os);

} // namespace nnc::hls
