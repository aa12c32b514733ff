//===- Requantization.h - Scaled sums in integers, proved ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NumericSpec 9 states requantization in floats, or in integers that are rounded
// once or twice. Here is what gives the same result as simply as can be: one
// multiplication, one addition and one shift where that is proved over all sums
// that a channel reaches, else the roundings in integers.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "../FixedScale.h"
#include "dialects/NN/ElementTypes.h"

#include <cstdint>
#include <optional>

namespace nnc::quantization {

using nn::IntegerRange;

/// What accumulators hold; sums beyond wrap.
inline constexpr IntegerRange int32{INT32_MIN, INT32_MAX};

/// One channel: the sums that it reaches, inside of int32, the scale, and the bounds of the
/// result less its zero point.
struct Channel {
  IntegerRange sums;
  float scale = 1.0f;
  IntegerRange levels;
  std::optional<FixedScale> fixed = std::nullopt; ///< nn.rescale: takes the place of the scale
};

/// What NumericSpec 9 says, in floats: round_half_even(clamp(float(sum) * scale)), the zero
/// point not yet added.
int64_t requantize(int64_t sum, float scale, IntegerRange levels);

/// What it says of nn.rescale.
int64_t requantize(int64_t sum, const FixedScale &scale, IntegerRange levels);

/// The one of the two that counts for `channel`.
int64_t requantize(int64_t sum, const Channel &channel);

/// Whether the result never falls while the sum rises: no negative scale, no int32 that wraps.
bool isRising(const Channel &channel);

/// clamp((sum * multiplier + offset) >> shift), in 64 bits.
struct Affine {
  int64_t multiplier = 0; ///< 0 to 2^31 - 1
  int64_t offset = 0;
  int shift = 0; ///< 0 to 62

  bool operator==(const Affine &) const = default;
};

int64_t requantize(int64_t sum, const Affine &affine, IntegerRange levels);

/// Whether `affine` gives requantize()'s result for every sum of `channel`, and stays in 64 bits.
/// Both rise with the sum, so that they are equal if each level begins at the same sum: it asks
/// requantize() on both sides of where the affine form begins each level.
bool isExact(const Affine &affine, const Channel &channel);

/// The exact affine form whose multiplier is narrowest, checked by isExact(); none: there is none
/// with 31 bits.
std::optional<Affine> findAffine(const Channel &channel);

/// The float formula in integers, for any finite scale: the sum is rounded to 24 bits, its product
/// with the scale's 24 bits is rounded to 24 bits, and that to an integer, half to even each.
int64_t emulateRequantize(int64_t sum, float scale, IntegerRange levels);

/// Whether emulateRequantize() gives requantize()'s result for every sum of `channel`.
bool isEmulationExact(const Channel &channel);

enum class Form {
  Affine,
  Emulated,   ///< the float formula, in integers
  FixedPoint, ///< nn.rescale as it stands, which is integers
  Unproved
};

/// What was proved of one channel.
struct Requantization {
  Form form = Form::Unproved;
  Affine affine = {};
};

Requantization proveRequantization(const Channel &channel);

} // namespace nnc::quantization
