//===- Levels.cpp - Where each level of a requantization begins -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Levels.h"

#include <algorithm>
#include <cmath>

namespace nnc::quantization {

LevelBegins::LevelBegins(const Channel &channel)
    : channel(channel), ends{requantize(channel.sums.least, channel),
                             requantize(channel.sums.most, channel)} {}

bool LevelBegins::reaches(int64_t sum, int64_t level) const {
  return requantize(sum, channel) >= level;
}

/// Exact arithmetic on the scale; roundings move it by little.
int64_t LevelBegins::guess(int64_t level) const {
  double scale =
      channel.fixed ? std::ldexp(channel.fixed->multiplier, -channel.fixed->shift) : channel.scale;
  double begin = std::ceil((static_cast<double>(level) - 0.5) / scale);
  auto least = static_cast<double>(channel.sums.least),
       most = static_cast<double>(channel.sums.most);
  return static_cast<int64_t>(begin > least ? std::min(begin, most) : least);
}

int64_t LevelBegins::of(int64_t level) const {
  // `before` does not reach the level, `begin` does: around the guess as close as doubled steps
  // find.
  int64_t before = channel.sums.least, begin = channel.sums.most, at = guess(level);
  if (reaches(at, level)) {
    begin = at;
    for (int64_t step = 1; begin - step > before; step *= 2) {
      if (!reaches(begin - step, level)) {
        before = begin - step;
        break;
      }
      begin -= step;
    }
  } else {
    before = at;
    for (int64_t step = 1; before + step < begin; step *= 2) {
      if (reaches(before + step, level)) {
        begin = before + step;
        break;
      }
      before += step;
    }
  }
  while (begin - before > 1) {
    int64_t middle = before + (begin - before) / 2;
    (reaches(middle, level) ? begin : before) = middle;
  }
  return begin;
}

} // namespace nnc::quantization
