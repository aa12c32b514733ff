//===- OptimizeMatrix.cpp - Constant matrices as adder graphs ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/OptimizeMatrix.h"

#include "BuildGraph.h"
#include "ShareTerms.h"
#include "nnc/Dataflow/AdderCost.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <map>

using namespace llvm;

namespace nnc::dataflow {

namespace {

/// The rows of a matrix without common powers of two, equal ones and negatives once.
struct DistinctRows {
  std::vector<std::vector<int64_t>> rows;
  std::vector<RowUse> outputs;
};

DistinctRows findDistinctRows(const ConstantMatrix &matrix, ArrayRef<Input> inputs) {
  DistinctRows result;
  std::map<std::vector<int64_t>, unsigned> known;
  for (unsigned i = 0; i < matrix.outputs; ++i) {
    RowUse use;
    use.constant = matrix.bias[i];
    std::vector<int64_t> row(matrix.inputs);
    int64_t any = 0;
    for (unsigned j = 0; j < matrix.inputs; ++j)
      any |= row[j] = matrix.row(i)[j] << inputs[j].step;
    if (any != 0) {
      use.shift = std::countr_zero(static_cast<uint64_t>(any));
      for (int64_t &weight : row)
        weight >>= use.shift;
      std::vector<int64_t> negated = row;
      for (int64_t &weight : negated)
        weight = -weight;
      auto at = known.find(negated);
      use.negative = at != known.end();
      if (!use.negative)
        at = known.try_emplace(row, result.rows.size()).first;
      use.row = at->second;
      if (at->second == result.rows.size())
        result.rows.push_back(std::move(row));
    }
    result.outputs.push_back(use);
  }
  return result;
}

/// Each row as the digits of its weights.
LinearForms formsOf(const DistinctRows &distinct, ArrayRef<Input> inputs) {
  LinearForms forms;
  forms.inputs = inputs.size();
  forms.rows = distinct.rows.size();
  for (const Input &input : inputs) {
    Form form;
    form.values = input.values;
    forms.forms.push_back(std::move(form));
  }
  for (const std::vector<int64_t> &row : distinct.rows) {
    std::vector<Term> terms;
    for (unsigned j = 0; j < row.size(); ++j)
      appendDigits(terms, j, row[j]);
    forms.addForm(std::move(terms));
  }
  return forms;
}

} // namespace

Expected<AdderGraph> optimizeMatrix(const ConstantMatrix &matrix, ArrayRef<Input> inputs,
                                    const MatrixOptions &options) {
  DistinctRows distinct = findDistinctRows(matrix, inputs);
  LinearForms plain = formsOf(distinct, inputs);
  std::optional<AdderGraph> best;
  unsigned bestTables = 0;
  BuildOptions build;build.foldConstants=getenv("FOLD");
  unsigned tries = std::max(1u, options.tries);
  double beta = getenv("BETA") ? atof(getenv("BETA")) : 0.65;
  double var = getenv("VAR") ? atof(getenv("VAR")) : 0.1;
  unsigned md = getenv("MD") ? atoi(getenv("MD")) : ~0u;
  for (unsigned i = 0; i < tries; ++i) {
    LinearForms forms = plain;
    SharingOptions sharing;
    sharing.bitValue = beta;
    sharing.seed = i;
    sharing.variation = i == 0 ? 0 : var;
    sharing.maxDepth = md;
    if (!getenv("NOCSE"))
      shareTerms(forms, sharing);
    AdderGraph graph = buildGraph(forms, inputs, distinct.outputs, build);
    unsigned tables = costOf(graph).tables;
    if (!best || tables < bestTables) {
      best = std::move(graph);
      bestTables = tables;
    }
  }
  return *best;
}

} // namespace nnc::dataflow
