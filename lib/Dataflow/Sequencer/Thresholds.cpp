//===- Thresholds.cpp - Thresholds as scales ----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Thresholds.h"
#include "nnc/Dataflow/SimplifyForm.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

namespace nnc::sequencer {

int64_t Staircase::resultOf(int64_t sum) const {
  return first + (llvm::upper_bound(positions, sum) - positions.begin());
}

/// The least shift after which nothing is left of a distance within `sums`.
static unsigned shiftOver(Interval sums) { return llvm::Log2_64_Ceil(sums.most - sums.least + 2); }

/// One result for all sums.
static Scale constantScale(Interval sums, int64_t result) {
  unsigned shift = shiftOver(sums);
  return {.offset = result * (int64_t(1) << shift) - sums.least, .shift = shift, .sums = sums};
}

static std::optional<Scale> scaleOf(const Staircase &stairs) {
  auto [least, most] = stairs.results();
  if (least == most)
    return constantScale(stairs.sums, least);
  auto form =
      dataflow::fitForm(stairs.positions, stairs.first, stairs.sums.least, stairs.sums.most);
  if (!form)
    return std::nullopt;
  Scale scale{.multiplier = form->factor,
              .offset = form->offset,
              .shift = static_cast<unsigned>(form->shift),
              .sums = stairs.sums,
              .ties = static_cast<Ties>(form->ties)};
  // The form may need bounds of its own; those of all channels are wider.
  int64_t end = stairs.first + static_cast<int64_t>(stairs.positions.size());
  auto isRight = [&](int64_t sum) {
    return std::clamp(scale.resultOf(sum), stairs.first, end) == stairs.resultOf(sum);
  };
  if (!isRight(stairs.sums.least) || !isRight(stairs.sums.most))
    return std::nullopt;
  for (int64_t at : stairs.positions)
    if (at > stairs.sums.least && at <= stairs.sums.most && !(isRight(at) && isRight(at - 1)))
      return std::nullopt;
  return scale;
}

/// The least sum from which on results are `level` or more; one more than the greatest: none is.
static int64_t reachedAt(const Scale &scale, int64_t level) {
  int64_t low = scale.sums.least, high = scale.sums.most + 1;
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    if (scale.resultOf(middle) >= level)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

int64_t roundestOffset(const Scale &scale, Interval range) {
  constexpr int64_t mostSteps = 1023;
  auto clamped = [&](const Scale &s, int64_t sum) {
    return std::clamp(s.resultOf(sum), range.least, range.most);
  };
  int64_t first = clamped(scale, scale.sums.least), last = clamped(scale, scale.sums.most);
  if (last - first > mostSteps)
    return scale.offset;
  std::vector<int64_t> positions;
  for (int64_t level = first + 1; level <= last; ++level)
    positions.push_back(reachedAt(scale, level));
  // Results rise with sums, so that they are the same if they are on both sides of each step.
  auto isSame = [&](const Scale &other) {
    int64_t level = first;
    if (clamped(other, scale.sums.least) != first || clamped(other, scale.sums.most) != last)
      return false;
    return llvm::all_of(positions, [&](int64_t at) {
      ++level;
      return clamped(other, at) >= level && clamped(other, at - 1) < level;
    });
  };
  // Rounding is added too, so that both are one number. It gets no wider.
  int64_t half = scale.rounding(), best = scale.offset + half;
  unsigned width = Interval{best, best}.signedWidth();
  for (unsigned zeros = 1; best != 0 && zeros < width; ++zeros) {
    int64_t unit = int64_t(1) << zeros, down = best & -unit;
    auto isGood = [&](int64_t number) {
      Scale other = scale;
      other.offset = number - half;
      return Interval{number, number}.signedWidth() <= width && isSame(other);
    };
    if (isGood(down))
      best = down;
    else if (isGood(down + unit))
      best = down + unit;
    else
      break;
  }
  return best - half;
}

std::optional<std::vector<Scale>> scalesOf(const std::vector<Staircase> &channels) {
  std::vector<Scale> scales;
  Ties ties = Ties::Down;
  bool multiplies = false;
  for (const Staircase &channel : channels) {
    std::optional<Scale> scale = scaleOf(channel);
    if (!scale)
      return std::nullopt;
    if (scale->ties != Ties::Down) {
      if (ties != Ties::Down && ties != scale->ties)
        return std::nullopt; // hardware has one way for ties in a layer
      ties = scale->ties;
    }
    multiplies |= scale->multiplier != 1;
    scales.push_back(*scale);
  }
  constexpr size_t few = 3;
  if (multiplies && channels.front().positions.size() <= few)
    return std::nullopt;
  return scales;
}

std::vector<Scale> countingScales(const std::vector<Staircase> &channels) {
  unsigned shift = 0; // one for the layer
  for (const Staircase &channel : channels)
    shift = std::max(shift, shiftOver(channel.sums));
  std::vector<Scale> scales;
  for (const Staircase &channel : channels)
    for (int64_t at : channel.positions) {
      auto [least, most] = channel.sums;
      scales.push_back(
          {.offset = -std::clamp(at, least, most + 1), .shift = shift, .sums = channel.sums});
    }
  return scales;
}

} // namespace nnc::sequencer
