//===- FixedScale.cpp - Factors in integers -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FixedScale.h"

#include <cmath>

namespace nnc::quantization {

FixedScale nearestScale(double factor) {
  int exponent;
  double fraction = std::frexp(factor, &exponent);
  auto multiplier = static_cast<int64_t>(std::round(std::ldexp(fraction, 31)));
  if (multiplier == int64_t(1) << 31) {
    multiplier /= 2;
    ++exponent;
  }
  return {multiplier, 31 - exponent};
}

std::optional<FixedScale> toFixedScale(double factor) {
  if (!(factor >= 0.0 && factor < 0x1p30))
    return std::nullopt;
  FixedScale scale = nearestScale(factor);
  if (scale.shift < 1) // rounded to 2^30
    return std::nullopt;
  return scale.multiplier == 0 || scale.shift > 62 ? FixedScale{} : scale;
}

} // namespace nnc::quantization
