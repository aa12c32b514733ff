//===- OptimizeMatrix.cpp - Constant matrices as adder graphs ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/OptimizeMatrix.h"

#include "BuildGraph.h"
#include "DecomposeRows.h"
#include "ShareTerms.h"
#include "nnc/Dataflow/AdderCost.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <bit>
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

uint64_t magnitude(int64_t number) {
  return number < 0 ? 0 - static_cast<uint64_t>(number) : static_cast<uint64_t>(number);
}

/// Whether all sums stay below 2^61: complements and offsets count up to the whole width of an
/// input.
bool fits(const ConstantMatrix &matrix, ArrayRef<Input> inputs) {
  constexpr uint64_t limit = uint64_t(1) << 61;
  for (unsigned i = 0; i < matrix.outputs; ++i) {
    uint64_t sum = magnitude(matrix.bias[i]);
    for (auto [weight, input] : llvm::zip_equal(matrix.row(i), inputs)) {
      uint64_t bits = uint64_t(input.step) + input.width();
      uint64_t scale = bits < 61 ? uint64_t(1) << bits : limit;
      sum = SaturatingMultiplyAdd(magnitude(weight), scale, sum);
    }
    if (sum >= limit)
      return false;
  }
  return true;
}

/// One way to share terms.
struct Attempt {
  unsigned rowDepth; ///< rows that build on each other
  SharingOptions sharing;
};

/// Sharing takes time by the pairs of terms in a row, about a microsecond each.
uint64_t countPairs(const LinearForms &forms) {
  uint64_t pairs = 1;
  for (unsigned i = 0; i < forms.rows; ++i)
    pairs += forms.row(i).terms.size() * forms.row(i).terms.size() / 2;
  return pairs;
}

/// Small matrices are tried in many ways, large ones in one: some ten seconds in all.
unsigned countTries(uint64_t pairs) {
  constexpr uint64_t pairsInAll = 12'000'000, pairsPerExtraTry = 50'000;
  return std::min<uint64_t>(5, std::max<uint64_t>(1, pairsInAll / pairs)) +
         std::min<uint64_t>(19, pairsPerExtraTry / pairs);
}

/// As few groups as keep one try within its time.
unsigned countGroups(uint64_t pairs) {
  constexpr uint64_t pairsPerTry = 8'000'000;
  return divideCeil(pairs, pairsPerTry);
}

/// With and without neighbours first, then other sharings of each.
Attempt variation(unsigned i) {
  static constexpr unsigned rowDepths[] = {0, 1, 4};
  static constexpr double smoothness[] = {0.25, 0.75, 0};
  Attempt result{rowDepths[i % 3], {}};
  result.sharing.smoothness = smoothness[i / 3 % 3];
  result.sharing.seed = i / 3;
  result.sharing.variation = i < 3 ? 0 : 0.1;
  return result;
}

Attempt shallow(unsigned depth) {
  Attempt result{0, {}};
  result.sharing.maxDepth = depth;
  return result;
}

/// Chains beyond those that are allowed, then tables.
std::pair<unsigned, unsigned> badness(const AdderGraph &graph, unsigned maxDepth) {
  unsigned depth = 0;
  for (const Node &node : graph.nodes)
    depth = std::max(depth, node.depth);
  return {depth > maxDepth ? depth - maxDepth : 0, costOf(graph).tables};
}

} // namespace

Expected<AdderGraph> optimizeMatrix(const ConstantMatrix &matrix, ArrayRef<Input> inputs,
                                    const MatrixOptions &options) {
  if (!fits(matrix, inputs))
    return createStringError(std::errc::value_too_large,
                             "sums of the matrix product may have more than 61 bits");
  DistinctRows distinct = findDistinctRows(matrix, inputs);
  BuildOptions build{options.counterBits, options.maxDepth, options.foldConstants};
  std::optional<AdderGraph> best;
  uint64_t pairs = countPairs(decomposeRows(distinct.rows, inputs, 0));
  auto attempt = [&](Attempt way) {
    LinearForms forms = decomposeRows(distinct.rows, inputs, way.rowDepth);
    way.sharing.groups = countGroups(pairs);
    shareTerms(forms, way.sharing);
    AdderGraph graph = buildGraph(forms, inputs, distinct.outputs, build);
    if (!best || badness(graph, options.maxDepth) < badness(*best, options.maxDepth))
      best = std::move(graph);
  };
  unsigned tries = options.tries > 0 ? options.tries : countTries(pairs);
  for (unsigned i = 0; i < tries; ++i)
    attempt(variation(i));
  // Too deep: share less, in the end nothing.
  for (unsigned depth = options.maxDepth;
       depth > 0 && badness(*best, options.maxDepth).first > 0;) {
    depth /= 2;
    attempt(shallow(depth));
  }
  return std::move(*best);
}

} // namespace nnc::dataflow
