//===- bilinear.cpp - Forms of two bytes against brute force ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums, differences and products of bytes on random grids have forms; a form gives
// every result, and none is given for a table with one result changed that no plane
// can reach.
//
// RUN: test-bilinear
//
//===----------------------------------------------------------------------===//
#include "lib/Quantization/Prove/FindBilinear.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

using namespace nnc::quantization;

namespace {

int failures = 0;

void check(bool holds, const char *what, int round) {
  if (!holds && ++failures <= 20)
    std::printf("round %d: %s\n", round, what);
}

struct Grid {
  float scale;
  int zero;
};

float valueOf(int byte, Grid grid) { return float(byte - grid.zero) * grid.scale; }

/// What the numeric spec says, section 9: ui8.
int64_t quantized(float x, Grid grid) {
  float least = float(-grid.zero), most = float(255 - grid.zero);
  return int64_t(std::nearbyint(std::clamp(x / grid.scale, least, most))) + grid.zero;
}

template <typename Fn>
std::vector<int64_t> tabulate(Grid x, Grid y, Grid result, Fn fn) {
  std::vector<int64_t> results;
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b)
      results.push_back(quantized(fn(valueOf(a, x), valueOf(b, y)), result));
  return results;
}

bool gives(const Bilinear &form, const std::vector<int64_t> &results) {
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b)
      if (form(a, b) != results[size_t(256 * a + b)])
        return false;
  return true;
}

} // namespace

int main() {
  std::mt19937 random(1);
  auto uniform = [&](double from, double to) {
    return from + (to - from) * double(random()) / double(std::mt19937::max());
  };
  constexpr int rounds = 60;
  int found = 0;
  for (int round = 0; round < rounds; ++round) {
    Grid x{float(std::exp(uniform(-5, -2))), int(random() % 256)},
        y{float(std::exp(uniform(-5, -2))), int(random() % 256)};
    bool isProduct = round % 3 == 2;
    float unit = isProduct ? x.scale * y.scale * 100 : std::max(x.scale, y.scale);
    Grid result{float(unit * uniform(0.6, 1.9)), int(random() % 256)};
    if (round % 10 == 9) // ties
      x.scale = 0.5f, y.scale = 0.25f, result.scale = isProduct ? 8.0f : 1.0f;
    std::vector<int64_t> results = tabulate(x, y, result, [&](float a, float b) {
      return isProduct ? a * b : round % 3 ? a - b : a + b;
    });
    PairTable table{results, 0, 0, x.zero, y.zero, result.zero};
    std::optional<Bilinear> form = findBilinear(table);
    found += form.has_value();
    if (form)
      check(gives(*form, results), "the form gives other results", round);
    // One result that leaps out of its neighbourhood: no plane reaches it.
    size_t at = 256 * 100 + 100;
    results[at] = results[at] < 128 ? results[at] + 9 : results[at] - 9;
    check(!findBilinear(table), "a damaged table has a form", round);
  }
  // Next to a tie the noise of floats may decide against every plane, seldom.
  check(found >= rounds - 1, "too few have a form", found);
  std::vector<int64_t> constant(65536, 7);
  std::optional<Bilinear> form = findBilinear({constant, -128, 0, 3, 4, 0});
  check(form && gives(*form, constant), "a constant has no form", rounds);
  return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
