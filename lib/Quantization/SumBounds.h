//===- SumBounds.h - What the sums of a contraction can reach -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "ValueRanges.h"

namespace nnc::quantization {

/// All that is said of the sums of one op.
struct SumBounds {
  /// The least and the most sum of each output channel; one entry where all channels are alike.
  /// Both are reached by some input, unless the padding cannot be what the extreme needs.
  std::vector<IntegerRange> channels;
  /// Per entry, the bounds of the sums of any of the products, with and without the bias.
  std::vector<IntegerRange> partial;
  /// The dimension of the result that counts output channels; -1: one entry for all.
  int64_t dimension = -1;

  IntegerRange sums() const;
  IntegerRange partialSums() const;
};

/// The bounds for an op that sums narrow integers in int32: contractions, and sums of what was
/// widened. Nothing for other ops. They are those of exact sums, not wrapped to int32.
std::optional<SumBounds> boundSums(mlir::Operation *op, const ValueRanges &ranges);

} // namespace nnc::quantization
