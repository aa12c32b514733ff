//===- FlowOps.h - The flow dialect in C++ ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Flow/StepForms.h"
#include "dialects/RTL/RTLOps.h"

#include "dialects/Flow/FlowDialect.h.inc"
#include "dialects/Flow/FlowEnums.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/Flow/FlowTypes.h.inc"
#define GET_OP_CLASSES
#include "dialects/Flow/FlowOps.h.inc"

namespace nnc::flow {

/// What `flow.input` and `flow.output` may carry: for each element of a frame the number of the
/// tensor's element that it is, row-major; outputs have one list for each.
inline constexpr llvm::StringLiteral orderAttr = "flow.order";

/// Bits for all numbers from `least` to `most`: unsigned, or in two's complement if there are
/// negative ones; at least one.
unsigned widthFor(int64_t least, int64_t most);

/// All numbers of several streams side by side on a bus, whose lanes are as wide as that needs.
struct BusRange {
  int64_t least, most;
};
BusRange busRangeOf(llvm::ArrayRef<StreamType> types);

/// The integers of a dense attribute, row-major, by sign.
llvm::SmallVector<int64_t> integersOf(mlir::ElementsAttr elements);

} // namespace nnc::flow
