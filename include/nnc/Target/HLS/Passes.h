//===- Passes.h - Designs to Verilog -------------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Target/HLS/Verilog.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"

namespace nnc::hls {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "nnc/Target/HLS/Passes.h.inc"

} // namespace nnc::hls
