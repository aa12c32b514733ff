//===- FixedScale.h - Factors in integers -------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include <cstdint>
#include <optional>

namespace nnc::quantization {

/// A factor in integers, multiplier / 2^shift, as nn.rescale takes it.
struct FixedScale {
  int64_t multiplier = 0; ///< 0 to 2^31 - 1
  int shift = 31;         ///< 1 to 62
  nn::RescaleRounding rounding = nn::RescaleRounding::Once;
};

/// 31 bits of `factor`, finite and not negative; the shift is any that they need. TFLite's
/// QuantizeMultiplier.
FixedScale nearestScale(double factor);

/// The same as nn.rescale takes it: factors below 2^-32 become 0. None: it is negative, no number,
/// or 2^30 or more, which no shift can express.
std::optional<FixedScale> toFixedScale(double factor);

/// n / 2^bits, half up.
constexpr int64_t shiftHalfUp(int64_t n, int bits) {
  return bits == 0 ? n : (n + (int64_t(1) << (bits - 1))) >> bits;
}

/// The same, half away from zero.
constexpr int64_t shiftHalfAway(int64_t n, int bits) {
  return n < 0 ? -shiftHalfUp(-n, bits) : shiftHalfUp(n, bits);
}

/// a * b / 2^31, half up: gemmlowp's doubling high product.
constexpr int32_t highProduct(int64_t a, int64_t b) {
  return static_cast<int32_t>(shiftHalfUp(a * b, 31));
}

} // namespace nnc::quantization
