//===- DecomposeRows.cpp - Rows as neighbours plus corrections --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A minimum spanning tree by Prim's algorithm: rows are its nodes, the root is
// zero, and an edge weighs as many bits as must be added on the way.
//
//===----------------------------------------------------------------------===//
#include "DecomposeRows.h"

#include "llvm/ADT/STLExtras.h"

#include <numeric>

using namespace llvm;

namespace nnc::dataflow {

namespace {

using Row = std::vector<int64_t>;

struct Edge {
  std::optional<unsigned> parent;
  bool negative = false; ///< of the parent
  uint64_t bits = 0;
};

/// The values of the product, from zero upwards.
Interval span(const Row &row, ArrayRef<Input> inputs) {
  int64_t length = 0;
  for (auto [weight, input] : llvm::zip_equal(row, inputs))
    length += std::abs(weight) * (input.values.most - input.values.least);
  return {0, length};
}

Row difference(const Row &row, const Row &parent, bool negative) {
  Row result = row;
  for (auto [weight, other] : llvm::zip_equal(result, parent))
    weight -= negative ? -other : other;
  return result;
}

class Tree {
public:
  Tree(ArrayRef<Row> rows, ArrayRef<Input> inputs, unsigned maxDepth)
      : rows(rows), inputs(inputs), maxDepth(maxDepth), edges(rows.size()), depth(rows.size()) {
    for (auto [row, edge] : llvm::zip_equal(rows, edges))
      edge.bits = bitsOf(row);
  }

  std::vector<Edge> grow() {
    std::vector<unsigned> left(rows.size());
    std::iota(left.begin(), left.end(), 0);
    while (!left.empty()) {
      auto nearest = llvm::min_element(
          left, [&](unsigned a, unsigned b) { return edges[a].bits < edges[b].bits; });
      unsigned added = *nearest;
      left.erase(nearest);
      depth[added] = edges[added].parent ? depth[*edges[added].parent] + 1 : 0;
      if (depth[added] < maxDepth)
        for (unsigned row : left)
          offer(row, added);
    }
    return std::move(edges);
  }

private:
  uint64_t bitsOf(const Row &row) const {
    uint64_t bits = 0;
    for (auto [weight, input] : llvm::zip_equal(row, inputs))
      bits += uint64_t(countDigits(weight)) * input.width();
    return bits;
  }

  void offer(unsigned row, unsigned parent) {
    unsigned width = bitWidth(span(rows[parent], inputs).most);
    for (bool negative : {false, true}) {
      uint64_t bits = width + bitsOf(difference(rows[row], rows[parent], negative));
      if (bits < edges[row].bits)
        edges[row] = {parent, negative, bits};
    }
  }

  ArrayRef<Row> rows;
  ArrayRef<Input> inputs;
  unsigned maxDepth;
  std::vector<Edge> edges;     ///< the lightest so far, by row
  std::vector<unsigned> depth; ///< by row
};

} // namespace

LinearForms decomposeRows(ArrayRef<Row> rows, ArrayRef<Input> inputs, unsigned maxDepth) {
  LinearForms forms;
  forms.inputs = inputs.size();
  forms.rows = rows.size();
  for (const Input &input : inputs)
    forms.forms.push_back({{}, input.values});
  std::vector<Edge> edges = Tree(rows, inputs, maxDepth).grow();
  for (auto [row, edge] : llvm::zip_equal(rows, edges)) {
    Form form{{}, span(row, inputs)};
    if (edge.parent)
      form.terms.push_back({forms.inputs + *edge.parent, 0, edge.negative});
    Row rest = edge.parent ? difference(row, rows[*edge.parent], edge.negative) : row;
    for (auto [input, weight] : llvm::enumerate(rest))
      appendDigits(form.terms, input, weight);
    forms.forms.push_back(std::move(form));
  }
  return forms;
}

} // namespace nnc::dataflow
