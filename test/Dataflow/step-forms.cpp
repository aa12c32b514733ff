//===- step-forms.cpp - Simpler forms against the steps they stand for ------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A simpler form gives what the form did for each number in reach, few steps or many, clamped or
// not; one that was fitted to thresholds counts them. Ranges are short and anywhere in 32 bits.
//
// RUN: test-step-forms
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/SimplifyForm.h"

#include <algorithm>
#include <cstdio>
#include <random>
#include <vector>

using namespace nnc::dataflow;
using nnc::Ties;
using nnc::flow::StepForm;

namespace {

std::mt19937_64 generator(1);

int64_t pick(int64_t least, int64_t most) {
  return std::uniform_int_distribution<int64_t>(least, most)(generator);
}

/// As often short as long: up to 2^`most` in magnitude.
int64_t pickWide(int most) { return pick(-1, 1) * pick(0, int64_t(1) << pick(0, most)); }

struct Reach {
  int64_t least, most;
};

Reach pickReach() {
  int64_t least = std::clamp<int64_t>(pickWide(31), INT32_MIN, INT32_MAX - 600);
  return {least, least + pick(0, int64_t(1) << pick(0, 9))};
}

/// The first number of `reach` for which the two differ; none if none does.
template <typename Wanted>
std::optional<int64_t> findDifference(const StepForm &form, Reach reach, Wanted wanted) {
  for (int64_t x = reach.least; x <= reach.most; ++x)
    if (form(x) != wanted(x))
      return x;
  return std::nullopt;
}

int failures = 0;

void report(const char *what, int round, const StepForm &form, int64_t x) {
  if (++failures <= 20)
    std::printf("%s %d: (%lld x + %lld) >> %lld is wrong at %lld\n", what, round,
                (long long)form.factor, (long long)form.offset, (long long)form.shift,
                (long long)x);
}

/// Scalings as nn.requantize has them: the offset brings the range of the results near the sums.
void simplify(int round) {
  Reach reach = pickReach();
  StepForm form;
  form.shift = pick(0, 30);
  form.factor = pick(1, int64_t(1) << pick(0, 24));
  form.offset = -pick(reach.least - 3, reach.most + 3) * form.factor + pickWide(30);
  form.least = pick(-256, 0), form.most = pick(0, 255);
  StepForm simpler = simplifyForm(form, reach.least, reach.most);
  if (auto x = findDifference(simpler, reach, form))
    report("simplified", round, simpler, *x);
}

/// Thresholds that a scaling has, or any; some may be beyond reach, and several in one place.
int fit(int round) {
  Reach reach = pickReach();
  std::vector<int64_t> positions;
  int64_t count = pick(1, pick(1, 100) == 1 ? 65535 : 300),
          at = pick(reach.least - 5, reach.most + 5);
  double step = std::ldexp(double(pick(1, 1000)), -int(pick(0, 12)));
  bool isEven = pick(0, 3) != 0;
  for (int64_t i = 0; i < count; ++i)
    positions.push_back(at + (isEven ? int64_t(double(i) * step) : pick(0, 40)));
  std::sort(positions.begin(), positions.end());
  int64_t first = pick(-128, 100);
  auto form = fitForm(positions, first, reach.least, reach.most);
  if (!form)
    return 0;
  auto counted = [&](int64_t x) {
    return first + (std::upper_bound(positions.begin(), positions.end(), x) - positions.begin());
  };
  if (auto x = findDifference(*form, reach, counted))
    report("fitted", round, *form, *x);
  return 1;
}

} // namespace

int main() {
  constexpr int rounds = 20000;
  int fitted = 0;
  for (int round = 0; round < rounds; ++round) {
    simplify(round);
    fitted += fit(round);
  }
  if (fitted < rounds / 4 && ++failures)
    std::printf("only %d of %d thresholds have forms\n", fitted, rounds);
  return failures != 0;
}
