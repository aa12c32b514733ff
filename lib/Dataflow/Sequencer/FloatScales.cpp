//===- FloatScales.cpp - Float scales as integers with ties -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FloatScales.h"

#include <cmath>

namespace nnc::sequencer {

/// How many bits behind the point are looked at: below 2^8 floats err by up to 2^-17 to both sides.
static constexpr unsigned tieBits = 16;

int64_t FloatScale::resultOf(int64_t sum) const {
  float product = static_cast<float>(sum + bias) * factor;
  auto least = static_cast<float>(range.least - zeroPoint),
       most = static_cast<float>(range.most - zeroPoint);
  return static_cast<int64_t>(std::nearbyint(std::clamp(product, least, most))) + zeroPoint;
}

static Ties tiesOf(int64_t zeroPoint) { return zeroPoint % 2 == 0 ? Ties::Even : Ties::Odd; }

static Scale scaleOf(const FloatScale &wanted, int64_t multiplier, unsigned shift) {
  return {.multiplier = multiplier,
          .offset = wanted.bias * multiplier + (wanted.zeroPoint << shift),
          .shift = shift,
          .sums = wanted.sums,
          .ties = shift > 0 ? tiesOf(wanted.zeroPoint) : Ties::Down,
          .tieBits = tieBits};
}

std::optional<Scale> findShift(const FloatScale &wanted) {
  int exponent;
  if (!(wanted.factor > 0) || std::frexp(wanted.factor, &exponent) != 0.5f)
    return std::nullopt;
  int shift = 1 - exponent;
  constexpr int64_t exactFloats = 1 << 24;
  if (shift < 0 || shift > static_cast<int>(tieBits) ||
      std::abs(wanted.sums.least + wanted.bias) > exactFloats ||
      std::abs(wanted.sums.most + wanted.bias) > exactFloats)
    return std::nullopt;
  return scaleOf(wanted, 1, shift);
}

/// The sums from the last one at or below the range's least result to the first at its most.
static Interval inRange(const FloatScale &wanted) {
  auto sumOf = [&](int64_t result) {
    return static_cast<int64_t>(std::floor((result - wanted.zeroPoint) / double(wanted.factor))) -
           wanted.bias;
  };
  return {std::max(wanted.sums.least, sumOf(wanted.range.least - 1)),
          std::min(wanted.sums.most, sumOf(wanted.range.most + 1) + 1)};
}

/// Whether there are regions for ties such that `scale` gives all results; sets them.
static bool findRegions(const FloatScale &wanted, Interval tried, Scale &scale) {
  uint8_t with = 0, without = 0; // those that must have ties, and those that must not
  for (int64_t sum = tried.least; sum <= tried.most; ++sum) {
    auto result = [&](uint8_t regions) {
      scale.tieRegions = regions;
      return std::clamp(scale.resultOf(sum), wanted.range.least, wanted.range.most);
    };
    int64_t mended = result(0xff), plain = result(0), expected = wanted.resultOf(sum);
    if (mended == plain && plain == expected)
      continue;
    if (mended != expected && plain != expected)
      return false;
    // Hardware looks at the region before it mends the result.
    int64_t shifted = (sum * scale.multiplier + scale.offset + scale.rounding()) >> scale.shift;
    (mended == expected ? with : without) |= 1 << Scale::region(shifted);
    if (with & without)
      return false;
  }
  scale.tieRegions = with ? with : ~without;
  return scale.tieRegions != 0;
}

std::optional<Scale> findNearest(const FloatScale &wanted) {
  if (!(wanted.factor > 0) || !std::isfinite(wanted.factor))
    return std::nullopt;
  Interval tried = inRange(wanted);
  int exponent;
  double mantissa = std::frexp(static_cast<double>(wanted.factor), &exponent);
  constexpr int leastBits = 10, mostBits = 24, mostShift = 40;
  for (int bits = leastBits; bits <= mostBits; ++bits) {
    int shift = bits - exponent;
    if (shift < 0 || shift > mostShift)
      continue;
    Scale scale = scaleOf(wanted, std::llround(std::ldexp(mantissa, bits)), shift);
    if (findRegions(wanted, tried, scale))
      return scale;
  }
  return std::nullopt;
}

std::vector<int64_t> stepsOf(const FloatScale &scale) {
  std::vector<int64_t> steps;
  int64_t at = scale.sums.least;
  for (int64_t result = scale.range.least + 1; result <= scale.range.most; ++result) {
    int64_t end = scale.sums.most + 1;
    while (at < end) {
      int64_t middle = at + (end - at) / 2;
      if (scale.resultOf(middle) < result)
        at = middle + 1;
      else
        end = middle;
    }
    steps.push_back(at);
  }
  return steps;
}

} // namespace nnc::sequencer
