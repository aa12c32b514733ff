//===- StepForms.cpp - Sums brought to a narrower range ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "StepForms.h"

#include <algorithm>

namespace nnc::flow {

int64_t StepForm::rounded(int64_t x) const {
  int64_t product = x * factor + offset, floor = product >> shift;
  if (ties == Ties::Down || shift == 0)
    return floor;
  int64_t rest = product - (floor << shift), half = int64_t(1) << (shift - 1);
  bool odd = floor & 1;
  return floor + (rest > half || (rest == half && odd == (ties == Ties::Even)));
}

int64_t StepForm::operator()(int64_t x) const { return std::clamp(rounded(x), least, most); }

} // namespace nnc::flow
