//===- Requantization.cpp - Scaled sums in integers, proved -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Requantization.h"

#include "Levels.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <cmath>

namespace nnc::quantization {

//===----------------------------------------------------------------------===//
// The forms
//===----------------------------------------------------------------------===//

int64_t requantize(int64_t sum, float scale, IntegerRange levels) {
  auto least = static_cast<float>(levels.least), most = static_cast<float>(levels.most);
  float t = static_cast<float>(sum) * scale;
  t = t > least ? t : least; // NaN: the least
  t = most > t ? t : most;
  return static_cast<int64_t>(std::nearbyint(t));
}

/// nn.rescale before it wraps.
static int64_t scaledWide(int64_t sum, const FixedScale &scale) {
  switch (scale.rounding) {
  case nn::RescaleRounding::Once:
    return shiftHalfUp(sum * scale.multiplier, scale.shift);
  case nn::RescaleRounding::HalfAway:
    return shiftHalfAway(sum * scale.multiplier, scale.shift);
  case nn::RescaleRounding::Twice:
    break;
  }
  auto raised = static_cast<int32_t>(sum << std::max(31 - scale.shift, 0));
  return shiftHalfAway(highProduct(raised, scale.multiplier), std::max(scale.shift - 31, 0));
}

int64_t requantize(int64_t sum, const FixedScale &scale, IntegerRange levels) {
  return std::clamp<int64_t>(static_cast<int32_t>(scaledWide(sum, scale)), levels.least,
                             levels.most);
}

int64_t requantize(int64_t sum, const Channel &channel) {
  return channel.fixed ? requantize(sum, *channel.fixed, channel.levels)
                       : requantize(sum, channel.scale, channel.levels);
}

bool isRising(const Channel &channel) {
  if (!channel.fixed)
    return !(channel.scale < 0);
  auto [least, most] = channel.sums;
  if (channel.fixed->rounding == nn::RescaleRounding::Twice) {
    int raise = std::max(31 - channel.fixed->shift, 0);
    return int32.contains({least << raise, most << raise});
  }
  return int32.contains({scaledWide(least, *channel.fixed), scaledWide(most, *channel.fixed)});
}

int64_t requantize(int64_t sum, const Affine &affine, IntegerRange levels) {
  return std::clamp((sum * affine.multiplier + affine.offset) >> affine.shift, levels.least,
                    levels.most);
}

/// `n` / 2^`bits`, half to even.
static uint64_t shiftHalfEven(uint64_t n, int bits) {
  if (bits <= 0)
    return n;
  if (bits > 63)
    return 0; // less than half
  uint64_t half = uint64_t(1) << (bits - 1), quotient = n >> bits, rest = n & (2 * half - 1);
  return quotient + (rest > half || (rest == half && (quotient & 1)));
}

namespace {
/// mantissa * 2^exponent
struct Scaled {
  uint64_t mantissa;
  int exponent;
};
} // namespace

/// To the 24 bits of a float.
static Scaled roundToFloat(Scaled x) {
  int excess = std::max<int>(0, static_cast<int>(llvm::bit_width(x.mantissa)) - 24);
  return {shiftHalfEven(x.mantissa, excess), x.exponent + excess};
}

/// The integer half to even; at least `limit` where it is that great.
static int64_t roundToInteger(Scaled x, int64_t limit) {
  if (x.exponent <= 0)
    return static_cast<int64_t>(shiftHalfEven(x.mantissa, -x.exponent));
  bool isGreat = x.mantissa != 0 && static_cast<int>(llvm::bit_width(x.mantissa)) + x.exponent > 62;
  return isGreat ? limit : static_cast<int64_t>(x.mantissa << x.exponent);
}

int64_t emulateRequantize(int64_t sum, float scale, IntegerRange levels) {
  int exponent;
  auto mantissa = static_cast<int64_t>(std::ldexp(std::frexp(scale, &exponent), 24));
  Scaled a = roundToFloat({static_cast<uint64_t>(std::abs(sum)), 0});
  Scaled product = roundToFloat(
      {a.mantissa * static_cast<uint64_t>(std::abs(mantissa)), a.exponent + exponent - 24});
  int64_t limit = std::max(std::abs(levels.least), std::abs(levels.most));
  int64_t magnitude = roundToInteger(product, limit);
  bool isNegative = (sum < 0) != (mantissa < 0);
  return std::clamp(isNegative ? -magnitude : magnitude, levels.least, levels.most);
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

/// sum * multiplier + offset if it stays in 64 bits.
static std::optional<int64_t> scaledSum(const Affine &affine, int64_t sum) {
  int64_t product, result;
  if (llvm::MulOverflow(sum, affine.multiplier, product) ||
      llvm::AddOverflow(product, affine.offset, result))
    return std::nullopt;
  return result;
}

bool isExact(const Affine &affine, const Channel &channel) {
  auto [sums, scale, levels, fixed] = channel;
  auto first = scaledSum(affine, sums.least), last = scaledSum(affine, sums.most);
  bool inRange = affine.multiplier >= 0 && affine.multiplier <= INT32_MAX && affine.shift >= 0 &&
                 affine.shift <= 62;
  if (!inRange || !first || !last || (!isRising(channel) && sums.least != sums.most))
    return false;
  int64_t from = requantize(sums.least, affine, levels), to = requantize(sums.most, affine, levels);
  if (requantize(sums.least, channel) != from || requantize(sums.most, channel) != to)
    return false;
  for (int64_t level = from + 1; level <= to; ++level) {
    // The first sum with sum * multiplier + offset >= level << shift. It is no greater than the
    // last sum, so that the shifted level stays in 64 bits, too.
    int64_t distance;
    if (llvm::SubOverflow(level << affine.shift, affine.offset, distance))
      return false;
    int64_t begin = llvm::divideCeilSigned(distance, affine.multiplier);
    if (requantize(begin, channel) < level || requantize(begin - 1, channel) >= level)
      return false;
  }
  return true;
}

bool isEmulationExact(const Channel &channel) {
  auto [sums, scale, levels, fixed] = channel;
  if (fixed || !std::isfinite(scale))
    return false;
  if (scale < 0) // magnitudes round alike
    return isEmulationExact({{-sums.most, -sums.least}, -scale, levels});
  auto agree = [&, scale = scale, levels = levels](int64_t sum) {
    return emulateRequantize(sum, scale, levels) == requantize(sum, scale, levels);
  };
  if (!agree(sums.least) || !agree(sums.most))
    return false;
  LevelBegins begins(channel);
  for (int64_t level = begins.first() + 1; level <= begins.last(); ++level)
    if (int64_t begin = begins.of(level); !agree(begin) || !agree(begin - 1))
      return false;
  return true;
}

Requantization proveRequantization(const Channel &channel) {
  if (std::optional<Affine> affine = findAffine(channel))
    return {Form::Affine, *affine};
  if (channel.fixed)
    return {Form::FixedPoint, {}};
  return {isEmulationExact(channel) ? Form::Emulated : Form::Unproved, {}};
}

} // namespace nnc::quantization
