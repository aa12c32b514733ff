//===- Names.h - Which names Verilog takes -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace nnc::rtl {

/// Whether Verilog-2005, SystemVerilog or the C++ that simulators make of them keep `name` for
/// themselves.
bool isReservedWord(llvm::StringRef name);

/// Why `name` cannot be that of a module, port or file; empty: it can.
std::string nameProblem(llvm::StringRef name);

} // namespace nnc::rtl
