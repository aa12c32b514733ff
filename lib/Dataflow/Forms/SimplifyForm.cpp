//===- SimplifyForm.cpp - The same steps with a smaller factor -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/SimplifyForm.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

using nnc::flow::StepForm;
using nnc::flow::Ties;

namespace nnc::dataflow {

namespace {

/// Where a result first is `value` or more.
struct Step {
  int64_t value, at;
};

/// What a form has to give: `value` or more from `at` on for each step that is reached, and less
/// before `at` for each that is not reached earlier.
struct Stairs {
  llvm::SmallVector<Step> reached, notBefore;
};

/// Nonzero digits in the canonical signed form.
int digitsOf(int64_t factor) { return std::popcount(uint64_t(factor) ^ (3 * uint64_t(factor))); }

/// The offset with which `factor` and `shift` give just these stairs:
/// floor((at * factor + offset) / 2^shift) >= value, and less than that one before.
std::optional<int64_t> offsetFor(const Stairs &stairs, int64_t factor, int64_t shift) {
  auto needed = [&](const Step &step) { return (step.value << shift) - step.at * factor; };
  constexpr double widest = 0x1p61; // so that nothing here or in the form leaves 64 bits
  auto isWide = [&](const Step &step) {
    return std::fabs(double(step.at)) * double(factor) > widest ||
           std::fabs(double(step.value)) > std::ldexp(widest, -int(shift));
  };
  if (llvm::any_of(stairs.reached, isWide))
    return std::nullopt;
  int64_t least = INT64_MIN, most = INT64_MAX;
  for (const Step &step : stairs.reached)
    least = std::max(least, needed(step));
  for (const Step &step : stairs.notBefore)
    most = std::min(most, needed(step) + factor - 1);
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

/// The form with these stairs whose factor has the fewest digits, of those whose slope is about
/// that of `form`; none if none has these stairs.
std::optional<StepForm> smallest(const Stairs &stairs, const StepForm &form) {
  /// Ways to make the factor a little wider or narrower that are tried, and bits more than needed.
  constexpr int64_t around = 6, moreBits = 5;
  std::optional<StepForm> best;
  for (int64_t shift = 0, last = form.shift; shift <= last; ++shift) {
    int64_t middle = form.factor >> (form.shift - shift);
    for (int64_t factor = std::max<int64_t>(1, middle - around); factor <= middle + around;
         ++factor) {
      std::optional<int64_t> offset = offsetFor(stairs, factor, shift);
      if (!offset)
        continue;
      if (!best)
        last = std::min(last, shift + moreBits);
      if (!best || digitsOf(factor) < digitsOf(best->factor))
        best = {factor, *offset, shift, Ties::Down, form.least, form.most};
    }
  }
  if (!best)
    return best;
  // Powers of two are wires: only fewer bits are dropped.
  int zeros = std::min<int64_t>(std::countr_zero(uint64_t(best->factor)), best->shift);
  best->factor >>= zeros;
  best->offset >>= zeros;
  best->shift -= zeros;
  return best;
}

/// A form without a factor, which drops `shift` bits; its first step decides the offset.
std::optional<StepForm> withoutFactor(llvm::ArrayRef<Step> steps, StepForm form) {
  auto fits = [&] {
    return llvm::all_of(steps, [&](const Step &step) {
      return form(step.at) >= step.value && form(step.at - 1) < step.value;
    });
  };
  int64_t unit = int64_t(1) << form.shift, half = unit / 2;
  int64_t begin = (steps.front().value << form.shift) - steps.front().at;
  llvm::SmallVector<int64_t, 2> offsets{begin};
  if (form.ties != Ties::Down)
    offsets = {begin - half, begin - half + 1}; // the first step is a tie, or next to one
  for (int64_t offset : offsets) {
    form.offset = offset;
    if (fits())
      return form;
  }
  return std::nullopt;
}

/// Results for each number. Where several come at once, those at the first number and at the last
/// one may be cut by the ends of the results.
double slopeOf(llvm::ArrayRef<Step> steps) {
  auto isAtOnce = [](const Step &one, const Step &next) { return one.at == next.at; };
  size_t first = 0, last = steps.size() - 1;
  if (std::adjacent_find(steps.begin(), steps.end(), isAtOnce) != steps.end()) {
    auto isAt = [](int64_t at) { return [at](const Step &step) { return step.at == at; }; };
    size_t whole = llvm::count_if(steps, isAt(steps.front().at)) - 1;
    size_t cut = llvm::count_if(steps, isAt(steps.back().at));
    if (whole + cut < last)
      first = whole, last -= cut;
  }
  return double(last - first) / double(steps[last].at - steps[first].at);
}

} // namespace

std::optional<StepForm> fitForm(llvm::ArrayRef<int64_t> positions, int64_t first, int64_t least,
                                int64_t most) {
  llvm::SmallVector<Step> steps;
  for (auto [i, at] : llvm::enumerate(positions))
    if (at > least && at <= most)
      steps.push_back({first + 1 + int64_t(i), at});
  int64_t begin = first + llvm::count_if(positions, [&](int64_t at) { return at <= least; });
  int64_t end = begin + int64_t(steps.size());
  if (steps.empty())
    return StepForm{0, begin, 0, Ties::Down, begin, begin};
  if (steps.size() > 1 && steps.front().at == steps.back().at)
    return std::nullopt; // a jump has no slope
  double slope = steps.size() < 2 ? 1.0 : slopeOf(steps);
  for (int64_t shift = 0; shift <= 40; ++shift) {
    double unit = std::ldexp(1.0, int(shift));
    if (steps.size() > 1 && (slope * unit < 0.5 || slope * unit > 2))
      continue;
    for (Ties ties : {Ties::Down, Ties::Even, Ties::Odd})
      if (ties == Ties::Down || shift > 0)
        if (auto form = withoutFactor(steps, {1, 0, shift, ties, begin, end}))
          return form;
  }
  // Any factor: from the slope, as many digits as that takes.
  int64_t shift = std::clamp<int64_t>(24 - int64_t(std::floor(std::log2(slope))), 24, 44);
  StepForm wide{std::llround(std::ldexp(slope, int(shift))), 0, shift, Ties::Down, begin, end};
  return smallest({steps, steps}, wide); // its bounds are the results at both ends
}

StepForm simplifyForm(const StepForm &form, int64_t least, int64_t most) {
  constexpr int64_t mostResults = 1 << 12;
  if (form.factor <= 0 || form.ties != Ties::Down || form.most - form.least > mostResults)
    return form;
  llvm::SmallVector<Step> steps = stepsOf(form, least, most);
  if (steps.empty())
    return {0, form(least), 0, Ties::Down, form.least, form.most};
  Stairs stairs{steps, steps};
  // The next steps to either side are out of reach, unless the bounds of the results cut them off.
  if (form(least) > form.least)
    stairs.reached.push_back({form(least), least});
  if (form(most) < form.most)
    stairs.notBefore.push_back({form(most) + 1, most + 1});
  return smallest(stairs, form).value_or(form);
}

} // namespace nnc::dataflow
