//===- Levels.h - Where each level of a requantization begins -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Requantization.h"

namespace nnc::quantization {

/// The formula of a channel that isRising() as the steps that it is: its result is known by the
/// sums at which it reaches each level.
class LevelBegins {
public:
  explicit LevelBegins(const Channel &channel);

  /// The results at the least and at the most sum.
  int64_t first() const { return ends.least; }
  int64_t last() const { return ends.most; }

  /// The least sum whose result is at least `level`, which lies behind first(), up to last().
  int64_t of(int64_t level) const;

private:
  bool reaches(int64_t sum, int64_t level) const;
  int64_t guess(int64_t level) const;

  Channel channel;
  IntegerRange ends;
};

} // namespace nnc::quantization
