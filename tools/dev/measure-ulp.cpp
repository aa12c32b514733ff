//===- measure-ulp.cpp - Worst error of the functions of NumericSpec 6 ---===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Evaluates each one-argument function on every float but the subnormals, and pow on random and on
// adversarial pairs, against the C library's double functions (error far
// below 0.001 ulp of a float), and prints the worst error in units in the last place of
// the exact result. Two claims are checked on the way: no result is nonzero below 2^-125, and the
// flush modes of the processor change no bit.
//
//===----------------------------------------------------------------------===//

#include "lib/Interpreter/ScalarMath.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <xmmintrin.h>

using namespace nnc::interpreter;

namespace {

using Function = float (*)(float);
using Reference = double (*)(double);

struct Worst {
  double ulp = 0;
  float at = 0, with = 0;
  uint64_t violations = 0;
};

/// |got - exact| in units of the last place that a float of exact's size has.
double errorInUlp(float got, double exact) {
  if (exact != exact)
    return got != got ? 0 : INFINITY;
  double size = fabs(exact);
  if (size < 0x1p-125) // the floor: 0 or, just above the edge after rounding, 2^-125
    return got == 0 || fabsf(got) == 0x1p-125f ? 0 : INFINITY;
  if (size >= 0x1.ffffffp127)
    return fabsf(got) == kInfinity && (got > 0) == (exact > 0) ? 0 : INFINITY;
  int exponent;
  frexp(size, &exponent);
  double difference =
      fabsf(got) == kInfinity ? 0x1p128 - size : fabs(static_cast<double>(got) - exact);
  if (got == 0)
    difference = size - 0x1p-125 + 0x1p-149; // rounded down over the edge
  return static_cast<double>(ldexp(difference, 24 - exponent));
}

/// The function under the flush mode of `csr`.
template <typename... Arguments>
__attribute__((noinline)) float under(unsigned csr, float (*function)(Arguments...),
                                      Arguments... x) {
  unsigned before = _mm_getcsr();
  _mm_setcsr(csr);
  volatile float out = function(x...);
  _mm_setcsr(before);
  return out;
}

void check(Worst &worst, float x, float y, float got, double exact) {
  double ulp = errorInUlp(got, exact);
  if (ulp > worst.ulp)
    worst.ulp = ulp, worst.at = x, worst.with = y;
  if (got == got && bitsOf(got) != 0 && absolute(got) < 0x1p-125f)
    ++worst.violations;
}

void measure(const char *name, Function function, Reference reference) {
  Worst worst;
  uint64_t modeMatters = 0;
  for (uint64_t bits = 0; bits < 1ull << 32; ++bits) {
    uint32_t magnitude = bits & 0x7fffffffu;
    if (magnitude != 0 && magnitude < 0x00800000u)
      continue;
    float x = fromBits(static_cast<uint32_t>(bits));
    float got = function(x);
    check(worst, x, 0, got, reference(x));
    // The modes can matter at the ends of the range only: there every float, elsewhere a sample.
    if (magnitude < 0x02800000u || bits % 1021 == 0) {
      float flushed = under(0x9fc0, function, x);
      if (bitsOf(flushed) != bitsOf(got) && got == got)
        ++modeMatters;
    }
  }
  printf("%-8s %.3f ulp at %a; results under the floor: %llu; flush mode matters: %llu\n", name,
         worst.ulp, worst.at, (unsigned long long)worst.violations,
         (unsigned long long)modeMatters);
  fflush(stdout);
}

void measurePow(uint64_t count) {
  const float special[] = {0.0f,           -0.0f,       1.0f,      -1.0f,          2.0f,
                           -2.0f,          3.0f,        -3.0f,     0.5f,           -0.5f,
                           1.5f,           -1.5f,       kInfinity, -kInfinity,     kNaN,
                           0x1p-126f,      1e38f,       -1e38f,    1e-37f,         16777215.0f,
                           -16777215.0f,   16777216.0f, 0x1p31f,   0x1.fffffep-1f, 0x1.000002p0f,
                           -0x1.fffffep-1f};
  Worst worst;
  uint64_t modeMatters = 0;
  for (float x : special)
    for (float y : special)
      check(worst, x, y, power(x, y), pow(static_cast<double>(x), y));
  std::mt19937_64 random(1);
  auto draw = [&](float low, float high) {
    return low + (high - low) * static_cast<float>(random() % 16777216) * 0x1p-24f;
  };
  for (uint64_t i = 0; i < count; ++i) {
    float x, y;
    switch (i % 4) {
    case 0: // any floats
      x = fromBits(static_cast<uint32_t>(random()) & 0x7fffffffu), y = fromBits(random() >> 32);
      break;
    case 1: // result spread over the whole range, base near 1: the worst case of the logarithm
      x = draw(0.70f, 1.42f), y = draw(-125, 128) / log2f(x);
      break;
    case 2: // any base, result over the whole range
      x = fromBits(static_cast<uint32_t>(random()) & 0x7fffffffu), y = draw(-125, 128) / log2f(x);
      break;
    default: // everyday
      x = draw(0, 100), y = draw(-10, 10);
    }
    if ((absolute(x) < 0x1p-126f && x != 0) || (absolute(y) < 0x1p-126f && y != 0))
      continue;
    float got = power(x, y);
    check(worst, x, y, got, pow(static_cast<double>(x), y));
    if (i % 16 < 4 && bitsOf(under(0x9fc0, power, x, y)) != bitsOf(got) && got == got)
      ++modeMatters;
  }
  printf("%-8s %.3f ulp at %a, %a; results under the floor: %llu; flush mode matters: %llu (%llu "
         "pairs)\n",
         "pow", worst.ulp, worst.at, worst.with, (unsigned long long)worst.violations,
         (unsigned long long)modeMatters, (unsigned long long)count);
}

double sigmoidDouble(double x) { return 1 / (1 + exp(-x)); }

} // namespace

/// measure-ulp [function]: all functions without an argument.
int main(int argc, char **argv) {
  auto wanted = [&](const char *name) { return argc < 2 || !strcmp(argv[1], name); };
  const struct {
    const char *name;
    Function function;
    Reference reference;
  } functions[] = {{"exp", exponential, exp},
                   {"log", logarithm, log},
                   {"tanh", hyperbolicTangent, tanh},
                   {"sigmoid", sigmoid, sigmoidDouble},
                   {"erf", errorFunction, erf}};
  for (auto &entry : functions)
    if (wanted(entry.name))
      measure(entry.name, entry.function, entry.reference);
  if (wanted("pow"))
    measurePow(argc > 2 ? strtoull(argv[2], nullptr, 0) : 100'000'000);
  return 0;
}
