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
  /// All elements as one channel.
  static Channels together(mlir::Value value);
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

/// The result of `at` is another than that of the number below.
struct Step {
  int64_t at;
  int64_t below, result;
};

/// For each channel of `chain.from` the steps within its interval, from below. Results rise or fall
/// with numbers, or few steps are found.
llvm::Expected<std::vector<std::vector<Step>>> findSteps(const StepChain &chain,
                                                         llvm::ArrayRef<Interval> within);

/// Numbers next to steps that hold a line in its place: a product and an offset that step rightly
/// there do so everywhere.
std::set<int64_t> cornersOf(llvm::ArrayRef<Step> steps);

} // namespace nnc
