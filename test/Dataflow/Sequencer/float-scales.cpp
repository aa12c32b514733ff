//===- float-scales.cpp - Integer scales against the floats they stand for --===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A scale that was found gives the float's result for each sum. Those of averages have many ties,
// some at results where a region of results begins.
//
// RUN: test-float-scales
//
//===----------------------------------------------------------------------===//
#include "lib/Dataflow/Sequencer/FloatScales.h"

#include <algorithm>
#include <cstdio>
#include <optional>

using namespace nnc::sequencer;

namespace {

/// The average of `count` bytes, whose steps are `step` of the result's.
FloatScale average(int count, float step, int64_t zeroPoint) {
  return {.sums = {-128 * count, 127 * count},
          .bias = zeroPoint * 3,
          .factor = step / static_cast<float>(count),
          .zeroPoint = zeroPoint,
          .range = {-128, 127}};
}

/// The first sum with another result than the float's; none is null.
std::optional<int64_t> wrongSum(const FloatScale &wanted, const Scale &found) {
  for (int64_t sum = wanted.sums.least; sum <= wanted.sums.most; ++sum)
    if (std::clamp(found.resultOf(sum), wanted.range.least, wanted.range.most) !=
        wanted.resultOf(sum))
      return sum;
  return std::nullopt;
}

} // namespace

int main() {
  int found = 0, wrong = 0;
  for (int count = 1; count <= 150; ++count)
    for (float step : {0.5F, 1.0F, 0.3F, 1.5F})
      for (int64_t zeroPoint : {-128, -3, 0, 64}) {
        FloatScale wanted = average(count, step, zeroPoint);
        std::optional<Scale> scale = findNearest(wanted);
        std::optional<int64_t> sum = scale ? wrongSum(wanted, *scale) : std::nullopt;
        found += scale.has_value();
        if (sum && ++wrong)
          std::printf("%d * %g, %lld: wrong for %lld\n", count, static_cast<double>(step),
                      static_cast<long long>(zeroPoint), static_cast<long long>(*sum));
      }
  std::printf("%d scales, %d wrong\n", found, wrong);
  return wrong || found < 1500;
}
