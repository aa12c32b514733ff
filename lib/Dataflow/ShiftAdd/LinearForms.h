//===- LinearForms.h - Sums of shifted terms --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Dataflow/AdderGraph.h"

#include <algorithm>

namespace nnc::dataflow {

/// (negative ? -1 : 1) * (form << shift).
struct Term {
  unsigned form = 0, shift = 0;
  bool negative = false;

  bool operator==(const Term &) const = default;
};

/// A sum of terms, or an input. `values` are those of the unsigned word that will stand for it:
/// negative terms as complements, so that each bit counts positively.
struct Form {
  std::vector<Term> terms;
  Interval values;

  unsigned width() const { return std::max(1u, bitWidth(values.most)); }
};

/// The bits that a term puts into a sum: columns [least, end).
struct Columns {
  unsigned least = 0, end = 0;

  unsigned size() const { return end - least; }
  unsigned overlap(Columns other) const;
};

/// Forms over some inputs: first the inputs, then the rows of the matrix, then what they share.
struct LinearForms {
  std::vector<Form> forms;
  unsigned inputs = 0, rows = 0;

  Form &row(unsigned i) { return forms[inputs + i]; }
  const Form &row(unsigned i) const { return forms[inputs + i]; }
  Columns columns(const Term &term) const;
  /// The values of the unsigned word of a sum of terms.
  Interval sum(llvm::ArrayRef<Term> terms) const;
  void addForm(std::vector<Term> terms);
};

/// The terms of `weight` times a form: digits -1, 0, 1 of which no two neighbours are nonzero (the
/// canonical signed digits, which are the fewest).
void appendDigits(std::vector<Term> &terms, unsigned form, int64_t weight);

/// Digits of `weight`, as many as appendDigits() makes terms.
unsigned countDigits(int64_t weight);

} // namespace nnc::dataflow
