//===- AdderOperands.h - In which order addends are written ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/RTLOps.h"

namespace nnc::hls {

/// The operands of `add` as they are written. yosys has the carry multiplexers take the second one,
/// which must be there as wires: logic in front of it costs a table at each position, while
/// logic in front of the first one shares the table of the sum. So an operand that is wires alone
/// comes second.
std::pair<mlir::Value, mlir::Value> addendsOf(rtl::AddOp add);

} // namespace nnc::hls
