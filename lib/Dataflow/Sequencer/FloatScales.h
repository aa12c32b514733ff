//===- FloatScales.h - Float scales as integers with ties ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Dataflow/Sequencer/Program.h"

#include <optional>

namespace nnc::sequencer {

/// `nn.requantize` of one channel: round(clamp(float(sum + bias) * factor)) + zeroPoint, halves to
/// even numbers.
struct FloatScale {
  Interval sums;
  int64_t bias = 0;
  float factor = 0;
  int64_t zeroPoint = 0;
  Interval range; ///< of results

  int64_t resultOf(int64_t sum) const;
};

/// A power of two: a shift. None where the factor is another number, or floats are not exact.
std::optional<Scale> findShift(const FloatScale &scale);

/// Products that a float rounds to a half are ties, although they are none. They are so near to it
/// that a few bits behind the point cannot tell; of others as near, which a finer float tells
/// apart, regions of results are kept free (Scale::tieRegions). Tried on all sums whose results are
/// not out of range; none where no multiplier of 24 bits does.
std::optional<Scale> findNearest(const FloatScale &scale);

/// The sums from which on results are more than `range.least`, then more than one above that, …
/// up to `range.most`; at the ends of `sums` what all reach, and behind them what none does. The
/// factor must be positive.
std::vector<int64_t> stepsOf(const FloatScale &scale);

} // namespace nnc::sequencer
