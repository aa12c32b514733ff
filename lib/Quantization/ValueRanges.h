//===- ValueRanges.h - Which integers a tensor can hold -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/ElementTypes.h"
#include "dialects/NN/NNOps.h"

#include "llvm/ADT/DenseMap.h"

namespace nnc::quantization {

using nn::IntegerRange;

/// The value outside of all groups that `v` is, if it is an argument of one; into the groups that
/// compute it, too. So a definition is found wherever it stands.
mlir::Value ungrouped(mlir::Value v);

/// The values of an integer type of up to 32 bits; a wider type counts as one of 32.
IntegerRange typeRange(mlir::Type element);

/// For each tensor of integers an interval that its elements never leave, whatever the network is
/// given: of constants, of clipped and requantized values, and of what moves them.
class ValueRanges {
public:
  IntegerRange of(mlir::Value v) const;

  /// Records what is known of an op's results. Operands first; groups are entered by the caller.
  void visit(mlir::Operation *op);

  /// Records what somebody else found out; it is no wider than the type.
  void record(mlir::Value v, IntegerRange range);

private:
  llvm::DenseMap<mlir::Value, IntegerRange> known;
};

} // namespace nnc::quantization
