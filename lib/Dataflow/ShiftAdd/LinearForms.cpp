//===- LinearForms.cpp - Sums of shifted terms ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LinearForms.h"

#include <algorithm>
#include <bit>

using namespace llvm;

namespace nnc::dataflow {

unsigned Columns::overlap(Columns other) const {
  unsigned from = std::max(least, other.least), to = std::min(end, other.end);
  return to > from ? to - from : 0;
}

Columns LinearForms::columns(const Term &term) const {
  return {term.shift, term.shift + forms[term.form].width()};
}

Interval LinearForms::sum(ArrayRef<Term> terms) const {
  Interval total;
  for (const Term &term : terms) {
    Interval values = forms[term.form].values;
    int64_t ones = (int64_t(1) << forms[term.form].width()) - 1;
    if (term.negative)
      values = {ones - values.most, ones - values.least};
    total.least += values.least << term.shift;
    total.most += values.most << term.shift;
  }
  return total;
}

void LinearForms::addForm(std::vector<Term> terms) {
  Interval values = sum(terms);
  forms.push_back({std::move(terms), values});
}

void appendDigits(std::vector<Term> &terms, unsigned form, int64_t weight) {
  for (unsigned shift = 0; weight != 0; weight >>= 1, ++shift) {
    if ((weight & 1) == 0)
      continue;
    bool negative = (weight & 3) == 3;
    terms.push_back({form, shift, negative});
    weight += negative ? 1 : -1;
  }
}

unsigned countDigits(int64_t weight) {
  uint64_t magnitude = weight < 0 ? 0 - static_cast<uint64_t>(weight) : weight;
  return std::popcount(magnitude ^ (3 * magnitude)); // digits of w are where w/2 and 3w/2 differ
}

} // namespace nnc::dataflow
