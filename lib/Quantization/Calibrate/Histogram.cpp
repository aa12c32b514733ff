//===- Histogram.cpp - How often which numbers occur ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Quantization/Calibrate/Histogram.h"

#include "StoredWeights.h"

#include <algorithm>
#include <cmath>

namespace nnc::quantization {

/// Less counts as 0, since the scale of a byte up to there would.
constexpr double negligible = 255 * negligibleScale;

double Histogram::binWidth() const { return std::ldexp(1.0, exponent); }

void Histogram::makeRoom(float magnitude) {
  int needed = std::ilogb(magnitude) + 1 - std::ilogb(static_cast<float>(half));
  if (counts.empty()) {
    counts.assign(2 * half, 0);
    exponent = needed;
  }
  for (; exponent < needed; ++exponent) {
    std::vector<int64_t> joined(2 * half, 0);
    for (int64_t i = 0; i < half; ++i) {
      joined[half + i / 2] += counts[half + i];
      joined[half - 1 - i / 2] += counts[half - 1 - i];
    }
    counts = std::move(joined);
  }
}

void Histogram::add(llvm::ArrayRef<float> values) {
  for (float v : values) {
    if (!std::isfinite(v)) {
      ++badCount;
      continue;
    }
    if (std::fabs(v) < negligible)
      v = 0;
    first = count == 0 ? v : std::min<double>(first, v);
    last = count == 0 ? v : std::max<double>(last, v);
    ++count;
    if (v == 0.0f) {
      ++zeroCount;
      continue;
    }
    if (counts.empty() || std::fabs(v) >= half * binWidth())
      makeRoom(std::fabs(v));
    auto i = static_cast<int64_t>(std::fabs(v) / binWidth());
    ++counts[v > 0 ? half + i : half - 1 - i];
  }
  least = std::min(0.0, first);
  most = std::max(0.0, last);
}

} // namespace nnc::quantization
