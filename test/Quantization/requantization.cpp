//===- requantization.cpp - The prover against brute force ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every sum of small channels, through every form: what is claimed holds, what
// is not claimed cannot be had, and a wrong constant is found out.
//
// RUN: test-requantization
//
//===----------------------------------------------------------------------===//
#include "lib/Quantization/Prove/Requantization.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>
#include <limits>
#include <random>

using namespace nnc::quantization;
using nnc::nn::RescaleRounding;

namespace {

std::mt19937_64 generator(1);

int64_t pick(int64_t least, int64_t most) {
  return std::uniform_int_distribution<int64_t>(least, most)(generator);
}

int failures = 0;

void expect(bool holds, const char *what, const Channel &c) {
  if (holds)
    return;
  ++failures;
  std::printf("%s: sums %lld to %lld, scale %a, levels %lld to %lld\n", what,
              static_cast<long long>(c.sums.least), static_cast<long long>(c.sums.most), c.scale,
              static_cast<long long>(c.levels.least), static_cast<long long>(c.levels.most));
}

/// Bounds of a type less a zero point of it.
IntegerRange pickLevels() {
  constexpr int widths[] = {8, 8, 8, 4, 2, 16};
  int width = widths[pick(0, 5)];
  int64_t zero = pick(0, 2) == 0 ? 0 : pick(0, (1 << width) - 1);
  return {-zero, (1 << width) - 1 - zero};
}

float pickScale() {
  switch (pick(0, 5)) {
  case 0: // products end at halves
    return std::ldexp(static_cast<float>(pick(1, 31)), static_cast<int>(pick(-12, 2)));
  case 1: // rises fast
    return std::ldexp(static_cast<float>(pick(1 << 23, (1 << 24) - 1)),
                      static_cast<int>(pick(-23, 0)));
  case 2: // tiny, huge, subnormal
    return std::ldexp(static_cast<float>(pick(1, (1 << 24) - 1)),
                      static_cast<int>(pick(-149, 100)));
  default:
    return std::ldexp(static_cast<float>(pick(1 << 23, (1 << 24) - 1)),
                      static_cast<int>(pick(-36, -23)));
  }
}

Channel pickChannel() {
  Channel c{{0, 0}, pickScale(), pickLevels()};
  int64_t width = pick(0, 3000);
  switch (pick(0, 4)) {
  case 0: // where floats skip integers; the biases of dead channels
    c.sums.least = (pick(0, 1) ? 1 : -1) * (int64_t(1) << pick(23, 30)) + pick(-2000, 2000);
    break;
  case 1: // around the end of the levels
    c.sums.least = static_cast<int64_t>(
        std::clamp<double>(
            static_cast<double>(pick(0, 1) ? c.levels.most : c.levels.least) / c.scale, -2e9, 2e9) -
        static_cast<double>(width / 2));
    break;
  default:
    c.sums.least = -pick(0, width);
  }
  c.sums.most = c.sums.least + width;
  return c;
}

template <typename Fn>
bool everySum(const Channel &c, Fn fn) {
  for (int64_t sum = c.sums.least; sum <= c.sums.most; ++sum)
    if (fn(sum) != requantize(sum, c))
      return false;
  return true;
}

bool isAffineOf(const Affine &affine, const Channel &c) {
  return everySum(c, [&](int64_t sum) { return requantize(sum, affine, c.levels); });
}

/// The offsets that are right for a multiplier and a shift, from the definition: each sum leaves
/// an interval. Empty: none is.
IntegerRange offsetsOf(const Channel &c, int64_t multiplier, int shift) {
  IntegerRange offsets{-(int64_t(1) << 62), int64_t(1) << 62};
  for (int64_t sum = c.sums.least; sum <= c.sums.most; ++sum) {
    int64_t level = requantize(sum, c);
    if (level > c.levels.least)
      offsets.least = std::max(offsets.least, (level << shift) - sum * multiplier);
    if (level < c.levels.most)
      offsets.most = std::min(offsets.most, ((level + 1) << shift) - sum * multiplier - 1);
  }
  return offsets;
}

void testForms() {
  int affine = 0, emulated = 0;
  for (int i = 0; i < 8000; ++i) {
    Channel c = pickChannel();
    Requantization proved = proveRequantization(c);
    expect(proved.form != Form::Unproved, "no form", c);
    expect(everySum(c, [&](int64_t sum) { return emulateRequantize(sum, c.scale, c.levels); }),
           "emulation differs", c);
    if (proved.form == Form::Affine)
      expect(isAffineOf(proved.affine, c), "affine form differs", c);
    (proved.form == Form::Affine ? affine : emulated)++;
  }
  expect(affine > 4000 && emulated > 100, "the channels are all of one kind", {});
}

//===----------------------------------------------------------------------===//
// Factors in integers
//===----------------------------------------------------------------------===//

/// The functions of gemmlowp and TFLite, line by line.
int32_t doublingHighProduct(int32_t a, int32_t b) {
  int64_t product = int64_t(a) * b;
  int64_t nudge = product >= 0 ? int64_t(1) << 30 : 1 - (int64_t(1) << 30);
  return static_cast<int32_t>((product + nudge) / (int64_t(1) << 31));
}
int32_t divideByPowerOfTwo(int32_t x, int exponent) {
  auto mask = static_cast<int32_t>((int64_t(1) << exponent) - 1);
  int32_t remainder = x & mask, threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + (remainder > threshold ? 1 : 0);
}
int32_t multiplyAsTFLite(int32_t x, const FixedScale &f) {
  int shift = 31 - f.shift;
  auto multiplier = static_cast<int32_t>(f.multiplier);
  if (f.rounding == RescaleRounding::Once)
    return static_cast<int32_t>((int64_t(x) * multiplier + (int64_t(1) << (30 - shift))) >>
                                (31 - shift));
  auto raised = static_cast<int32_t>(static_cast<uint32_t>(x) << std::max(shift, 0));
  return divideByPowerOfTwo(doublingHighProduct(raised, multiplier), std::max(-shift, 0));
}

/// Mostly factors as networks have them, some greater than 1, whose results wrap.
Channel pickFixed(RescaleRounding rounding) {
  Channel c = pickChannel();
  int64_t multiplier = pick(0, 9) ? pick(1 << 30, INT32_MAX) : pick(0, INT32_MAX);
  if (pick(0, 3) == 0)
    multiplier = int64_t(1) << 30; // ties
  int shift = static_cast<int>(pick(0, 4) ? pick(31, 42) : pick(1, 62));
  c.fixed = FixedScale{multiplier, shift, rounding};
  return c;
}

void testFixedFormulas() {
  for (int i = 0; i < 400000; ++i) {
    Channel c = pickFixed(i % 2 ? RescaleRounding::Once : RescaleRounding::Twice);
    auto sum = static_cast<int32_t>(static_cast<int32_t>(generator()) >> pick(0, 31));
    int64_t expected =
        std::clamp<int64_t>(multiplyAsTFLite(sum, *c.fixed), c.levels.least, c.levels.most);
    expect(requantize(sum, c) == expected, "the formula is not TFLite's", c);
  }
}

/// Averages: (sum + n / 2) / n away from zero, for the reciprocal of n in 30 bits.
void testAverages() {
  for (int64_t n = 1; n < 300; ++n) {
    int shift = 30 + std::bit_width(static_cast<uint64_t>(n)) - 1;
    Channel c{{-128 * n, 127 * n}, 1.0f, {-128, 127}};
    c.fixed = FixedScale{((int64_t(1) << shift) + n - 1) / n, shift, RescaleRounding::HalfAway};
    expect(everySum(c, [&](int64_t s) { return s > 0 ? (s + n / 2) / n : (s - n / 2) / n; }),
           "the average is another", c);
  }
}

void testFixedForms() {
  int affine = 0, none = 0, wrong = 0, wraps = 0;
  for (int i = 0; i < 6000; ++i) {
    Channel c = pickFixed(static_cast<RescaleRounding>(i % 3));
    Requantization proved = proveRequantization(c);
    expect(proved.form == Form::Affine || proved.form == Form::FixedPoint, "no form", c);
    wraps += !isRising(c);
    if (proved.form == Form::FixedPoint) {
      ++none;
      continue;
    }
    ++affine;
    expect(isAffineOf(proved.affine, c), "affine form differs", c);
    auto [m, r, s] = proved.affine;
    for (Affine a : {Affine{m + 1, r, s}, {m - 1, r, s}, {m, r + (int64_t(1) << s), s}}) {
      bool isRight = a.multiplier >= 0 && isAffineOf(a, c);
      expect(isExact(a, c) == isRight, "isExact() is wrong", c);
      wrong += !isRight;
    }
  }
  expect(affine > 2000 && none > 100 && wrong > 2000 && wraps > 100, "all of one kind", {});
}

/// Each constant of a triple off by one, and offsets at the very ends of what is right.
void testWrongConstants() {
  int right = 0, wrong = 0;
  auto check = [&](const Affine &a, const Channel &c) {
    bool isRight = a.shift >= 0 && a.shift <= 62 && a.multiplier >= 0 && isAffineOf(a, c);
    expect(isExact(a, c) == isRight, "isExact() is wrong", c);
    (isRight ? right : wrong)++;
  };
  for (int i = 0; i < 2500; ++i) {
    Channel c = pickChannel();
    std::optional<Affine> found = findAffine(c);
    if (!found || found->multiplier == 0)
      continue;
    auto [m, r, s] = *found;
    for (Affine a : {Affine{m + 1, r, s},
                     {m - 1, r, s},
                     {m, r + 1, s},
                     {m, r - 1, s},
                     {m, r, s + 1},
                     {m, r, s - 1},
                     {2 * m, 2 * r, s + 1}})
      check(a, c);
    IntegerRange offsets = offsetsOf(c, m, s);
    for (int64_t offset : {offsets.least - 1, offsets.least, offsets.most, offsets.most + 1})
      check({m, offset, s}, c);
    expect(!isExact({m, offsets.least - 1, s}, c) || !isExact({m, offsets.most + 1, s}, c),
           "a wrong offset passes", c);
  }
  expect(right > 2500 && wrong > 2500, "the constants are all of one kind", {});
}

/// No form is claimed to be missing, or wider than needed, that trying all of them finds.
void testCompleteness() {
  int none = 0;
  for (int i = 0; i < 400; ++i) {
    Channel c = pickChannel();
    bool ties = pick(0, 1);
    auto mantissa = static_cast<float>(ties ? pick(1, 15) : pick(1 << 23, (1 << 24) - 1));
    c.scale = std::ldexp(mantissa, static_cast<int>(ties ? pick(-5, -1) : pick(-27, -24)));
    c.sums = {-pick(0, 40), pick(0, 40)};
    std::optional<Affine> found = findAffine(c);
    none += !found;
    int widest = found ? found->shift - 1 : 10;
    for (int shift = 0; shift <= widest; ++shift) {
      auto near = static_cast<int64_t>(std::ldexp(c.scale, shift));
      for (int64_t m = std::max<int64_t>(near - 40, 1); m <= near + 40; ++m) {
        IntegerRange offsets = offsetsOf(c, m, shift);
        expect(offsets.least > offsets.most, "a narrower form was missed", c);
      }
    }
  }
  expect(none > 50, "all channels have an affine form", {});
}

/// Any bits of a scale that is a number, any sum of 32 bits.
void testEmulation() {
  for (int i = 0; i < 800000; ++i) {
    auto scale = std::bit_cast<float>(static_cast<uint32_t>(generator()));
    if (i % 2)
      scale = pickScale();
    int64_t sum = static_cast<int32_t>(generator()) >> pick(0, 31);
    Channel c{{sum, sum}, scale, pickLevels()};
    if (std::isfinite(scale))
      expect(emulateRequantize(sum, scale, c.levels) == requantize(sum, scale, c.levels),
             "emulation differs", c);
  }
}

void testExtremes() {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  IntegerRange bytes{-128, 127}, everything{INT32_MIN, INT32_MAX};
  for (float scale : {0.0f, -0.0f, nan, infinity, 1.0f, 3.0f, 0x1p-31f, 0x1p-40f, 0x1p-149f, 1e30f,
                      0x1.fffffep-24f, 127.5f})
    for (IntegerRange sums :
         {everything, IntegerRange{0, 0}, {-1000, 1000}, {1 << 30, (1 << 30) + 500}}) {
      Channel c{sums, scale, bytes};
      std::optional<Affine> affine = findAffine(c);
      expect(!affine || isExact(*affine, c), "affine form differs", c);
      if (affine && sums != everything)
        expect(isAffineOf(*affine, c), "affine form differs", c);
      expect(affine || proveRequantization(c).form == Form::Emulated, "no form", c);
    }
  Channel dead{{(1 << 30) - 3, (1 << 30) + 7}, 0x1.8p-26f, bytes};
  expect(findAffine(dead) == Affine{0, 24, 0}, "a constant channel is no constant", dead);
  Channel falls{{-1000, 1000}, -0.25f, bytes};
  expect(proveRequantization(falls).form == Form::Emulated, "a falling channel", falls);
  Channel wide{everything, 1.0f, {-65535, 0}};
  expect(proveRequantization(wide).form == Form::Affine, "the identity", wide);
}

} // namespace

int main() {
  testForms();
  testWrongConstants();
  testCompleteness();
  testEmulation();
  testExtremes();
  testFixedFormulas();
  testAverages();
  testFixedForms();
  std::printf("%d failures\n", failures);
  return failures != 0;
}
