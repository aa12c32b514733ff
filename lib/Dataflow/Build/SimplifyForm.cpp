//===- SimplifyForm.cpp - The same steps with a smaller factor -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "SimplifyForm.h"

#include <algorithm>
#include <bit>
#include <optional>

using nnc::flow::StepForm;
using nnc::flow::Ties;

namespace nnc::dataflow {

namespace {

/// Where a result first is `value` or more.
struct Step {
  int64_t value, at;
};

/// Nonzero digits in the canonical signed form.
int digitsOf(int64_t factor) { return std::popcount(uint64_t(factor) ^ (3 * uint64_t(factor))); }

/// The offset with which `factor` and `shift` give just these steps:
/// floor((at * factor + offset) / 2^shift) >= value, and less than that one before.
std::optional<int64_t> offsetFor(llvm::ArrayRef<Step> steps, int64_t factor, int64_t shift) {
  int64_t least = INT64_MIN, most = INT64_MAX;
  for (const Step &step : steps) {
    int64_t needed = (step.value << shift) - step.at * factor;
    least = std::max(least, needed);
    most = std::min(most, needed + factor - 1);
  }
  if (least > most)
    return std::nullopt;
  return least;
}

llvm::SmallVector<Step> stepsOf(const StepForm &form, int64_t least, int64_t most) {
  llvm::SmallVector<Step> steps;
  for (int64_t value = form(least) + 1; value <= form(most); ++value) {
    int64_t low = least, high = most; // the result is less at `low` and not at `high`
    while (high - low > 1) {
      int64_t middle = low + (high - low) / 2;
      (form(middle) < value ? low : high) = middle;
    }
    steps.push_back({value, high});
  }
  return steps;
}

} // namespace

StepForm simplifyForm(const StepForm &form, int64_t least, int64_t most) {
  /// Ways to make the factor a little wider or narrower that are tried, and bits more than needed.
  constexpr int64_t around = 6, moreBits = 5, mostResults = 1 << 12;
  if (form.factor <= 0 || form.ties != Ties::Down || form.most - form.least > mostResults)
    return form;
  llvm::SmallVector<Step> steps = stepsOf(form, least, most);
  if (steps.empty())
    return {0, form(least), 0, Ties::Down, form.least, form.most};
  StepForm best = form;
  std::optional<int64_t> firstShift;
  for (int64_t shift = 0; shift < form.shift && shift <= firstShift.value_or(62) + moreBits; ++shift) {
    int64_t middle = form.factor >> (form.shift - shift);
    for (int64_t factor = std::max<int64_t>(1, middle - around); factor <= middle + around; ++factor) {
      std::optional<int64_t> offset = offsetFor(steps, factor, shift);
      if (!offset)
        continue;
      firstShift = firstShift.value_or(shift);
      if (digitsOf(factor) < digitsOf(best.factor))
        best = {factor, *offset, shift, Ties::Down, form.least, form.most};
    }
  }
  // Powers of two are wires: only fewer bits are dropped.
  int zeros = std::min<int64_t>(std::countr_zero(uint64_t(best.factor)), best.shift);
  best.factor >>= zeros;
  best.offset >>= zeros;
  best.shift -= zeros;
  return best;
}

} // namespace nnc::dataflow
