//===- Thresholds.h - Thresholds as scales ------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Dataflow/Sequencer/Program.h"

#include <optional>
#include <vector>

namespace nnc::sequencer {

/// `first`, and one more for each of the ascending `positions` that a sum reaches.
struct Staircase {
  Interval sums; ///< that occur
  std::vector<int64_t> positions;
  int64_t first = 0;

  int64_t resultOf(int64_t sum) const;
  Interval results() const { return {resultOf(sums.least), resultOf(sums.most)}; }
};

/// A scale for each channel, whose results are clamped to `first` and what all positions give.
/// None where one has no scale, their ties differ, or counting few positions is less hardware than
/// a multiplication.
std::optional<std::vector<Scale>> scalesOf(const std::vector<Staircase> &channels);

/// Of all offsets with which `scale` gives the same results, clamped to `range`, the one with the
/// most zeros at its end, which a ROM need not hold.
int64_t roundestOffset(const Scale &scale, Interval range);

/// Scales that count instead: for each position of each channel one whose result is 0 if the sum
/// reaches it, else -1.
std::vector<Scale> countingScales(const std::vector<Staircase> &channels);

} // namespace nnc::sequencer
