//===- Exponentials.cpp - The tables of integer softmaxes ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Exponentials.h"

#include "../FixedScale.h"

#include <algorithm>
#include <cmath>

namespace nnc::quantization {

//===----------------------------------------------------------------------===//
// Products of rounded exponentials
//===----------------------------------------------------------------------===//

__extension__ using Wide = __int128;

/// exp(-x) * 2^bits for x >= 0, to the nearest integer: x = n * ln 2 + r, and the series in r with
/// 62 bits after the point.
static int32_t exponential(double x, int bits) {
  constexpr int point = 62, far = 100;
  if (!(x < 44)) // less than 2^-63
    return 0;
  constexpr Wide ln2 = (Wide(0xB17217F7D1CF79ABull) << 36) | 0xC9E3B3980ull; // * 2^100
  Wide wide = Wide(std::ldexp(x, 52)) << (far - 52);
  auto n = static_cast<int>(wide / ln2);
  Wide r = (wide % ln2) >> (far - point), one = Wide(1) << point, series = one;
  for (int k = 24; k > 0; --k)
    series = one - ((r * series) >> point) / k;
  int drop = point - bits + n;
  return static_cast<int32_t>((series + (Wide(1) << (drop - 1))) >> drop);
}

ByteTable exponentials(float scale, int bits) {
  ByteTable table;
  for (int high = 0; high < 256; high += 16) {
    int64_t coarse = exponential(high * double(scale), bits);
    for (int low = 0; low < 16; ++low) {
      int64_t fine = exponential(low * double(scale), bits);
      table[high + low] =
          static_cast<int32_t>((coarse * fine + (int64_t(1) << (bits - 1))) >> bits);
    }
  }
  return table;
}

//===----------------------------------------------------------------------===//
// gemmlowp
//===----------------------------------------------------------------------===//

/// exp(a) for a in [-1/4, 0), both counted in 2^-31: the series around -1/8 to the fourth power.
static int32_t exponentialOfQuarter(int32_t a) {
  constexpr int32_t atCentre = 1895147668, third = 715827883; // exp(-1/8), 1/3
  int32_t x = a + (1 << 28);
  int32_t x2 = highProduct(x, x), x3 = highProduct(x2, x), x4 = highProduct(x2, x2);
  int64_t tail = shiftHalfAway(highProduct(shiftHalfAway(x4, 2) + x3, third) + x2, 1);
  return atCentre + highProduct(atCentre, x + tail);
}

/// exp(a) counted in 2^-31 for a <= 0 counted in 2^-26: what is left of a quarter, times
/// exp(-2^k) for the bits k = -2 to 4 of the whole quarters.
static int32_t exponentialOfNegative(int32_t a) {
  constexpr int32_t factors[] = {1672461947, 1302514674, 790015084, 290630308,
                                 39332535,   720401,     242};
  constexpr int32_t quarter = 1 << 24;
  if (a == 0)
    return INT32_MAX;
  int32_t rest = (a & (quarter - 1)) - quarter, whole = rest - a;
  int32_t result = exponentialOfQuarter(rest * 32);
  for (int bit = 0; bit < 7; ++bit)
    if (whole & (quarter << bit))
      result = highProduct(result, factors[bit]);
  return result;
}

std::optional<ByteTable> gemmlowpExponentials(float scale) {
  double factor = std::min(double(scale) * 0x1p26, 0x1p31 - 1);
  if (!(factor > 1.0))
    return std::nullopt;
  FixedScale scaled = nearestScale(factor);
  int raise = 31 - scaled.shift; // bits before the point
  double farthest = std::floor(31 * std::ldexp(1.0, 26 - raise));
  ByteTable table;
  for (int distance = 0; distance < 256; ++distance) {
    bool isFar = distance > farthest;
    int64_t raised = -(int64_t(distance) << raise);
    table[distance] = isFar ? 0 : exponentialOfNegative(highProduct(raised, scaled.multiplier));
  }
  return table;
}

} // namespace nnc::quantization
