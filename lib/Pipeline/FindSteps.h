//===- FindSteps.h - Where results step from one level to the next -*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/Value.h"

#include "llvm/Support/Error.h"

#include <set>
#include <vector>

namespace nnc {

/// Elements of a tensor that have a channel: those of its second dimension, or all.
class Channels {
public:
  explicit Channels(mlir::Value value);
  size_t size() const { return count; }
  size_t ofElement(size_t element) const { return element / inner % count; }
  /// How many elements each has, and which is the n-th of them.
  size_t elements() const { return inner * outer; }
  size_t element(size_t channel, size_t n) const {
    return (n / inner * count + channel) * inner + n % inner;
  }

private:
  size_t count = 1, inner = 1, outer = 1;
};

/// Narrow integers that are made of those of another tensor one by one, as sums are requantized.
struct StepChain {
  mlir::Value from;                   ///< of the same shape
  std::vector<mlir::Operation *> ops; ///< from `from` to the result
};

/// What the elements of `value` are made of, as far back as can be. No op: of nothing.
StepChain chainBehind(mlir::Value value);

struct Interval {
  int64_t least, most;
};

/// For each channel of `chain.from` the numbers within its interval next to a step of the result,
/// on both sides of it. Results rise or fall with them, or few steps are found.
llvm::Expected<std::vector<std::set<int64_t>>> findSteps(const StepChain &chain,
                                                         llvm::ArrayRef<Interval> within);

} // namespace nnc
