//===- BuildGraph.cpp - Linear forms to adders ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "BuildGraph.h"

#include "BitHeap.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

using namespace llvm;

namespace nnc::dataflow {

namespace {

/// The number of a word as a function of the numbers of the inputs.
struct Affine {
  std::map<unsigned, int64_t> factors; ///< by input
  int64_t constant = 0;

  void add(const Affine &other, const Term &term) {
    auto scaled = [&](int64_t number) {
      return (term.negative ? -number : number) * (int64_t(1) << term.shift);
    };
    for (auto [input, factor] : other.factors)
      factors[input] += scaled(factor);
    constant += scaled(other.constant);
  }

  Interval values(ArrayRef<Input> inputs) const {
    Interval total{constant, constant};
    for (auto [input, factor] : factors) {
      Interval values = inputs[input].values;
      total.least += factor * (factor < 0 ? values.most : values.least);
      total.most += factor * (factor < 0 ? values.least : values.most);
    }
    return total;
  }

  /// What the number exceeds the product by.
  int64_t excess(ArrayRef<Input> inputs) const {
    int64_t total = constant;
    for (auto [input, factor] : factors)
      total += factor * inputs[input].offset;
    return total;
  }
};

int64_t onesOf(const Word &word) {
  int64_t ones = 0;
  for (auto [column, bit] : llvm::enumerate(word.bits))
    ones += bit ? int64_t(1) << column : 0;
  return ones;
}

class Builder {
public:
  Builder(const LinearForms &forms, ArrayRef<Input> inputs, ArrayRef<RowUse> uses,
          const BuildOptions &options)
      : forms(forms), uses(uses), options(options), wordOf(forms.forms.size()),
        timesUsed(forms.forms.size()) {
    graph.inputs = inputs.vec();
    for (auto [i, input] : llvm::enumerate(inputs))
      addInput(i, input);
    for (const Form &form : forms.forms)
      for (const Term &term : form.terms)
        ++timesUsed[term.form];
    for (const RowUse &use : uses)
      if (use.row)
        ++timesUsed[forms.inputs + *use.row];
    limitDepths();
  }

  AdderGraph build() {
    for (const RowUse &use : uses)
      addOutput(use);
    return std::move(graph);
  }

private:
  /// Operands must be there some chains earlier than their sum: one if there are but two.
  void limitDepths() {
    maxDepth.assign(forms.forms.size(), options.maxDepth);
    if (options.maxDepth == ~0u)
      return;
    std::vector<unsigned> order; // operands first
    std::vector<bool> seen(forms.forms.size());
    for (unsigned i = 0; i < forms.forms.size(); ++i)
      appendAfterOperands(i, order, seen);
    for (unsigned form : llvm::reverse(order)) {
      unsigned after = forms.forms[form].terms.size() == 2 ? 1 : 2;
      unsigned limit = maxDepth[form] > after ? maxDepth[form] - after : 1;
      for (const Term &term : forms.forms[form].terms)
        maxDepth[term.form] = std::min(maxDepth[term.form], limit);
    }
  }

  void appendAfterOperands(unsigned form, std::vector<unsigned> &order,
                           std::vector<bool> &seen) const {
    if (seen[form])
      return;
    seen[form] = true;
    for (const Term &term : forms.forms[form].terms)
      appendAfterOperands(term.form, order, seen);
    order.push_back(form);
  }

  void addInput(unsigned i, const Input &input) {
    Node node;
    node.width = input.width();
    Word word;
    for (unsigned index = 0; index < node.width; ++index)
      word.bits.push_back(Bit{i, index});
    word.values = input.values;
    word.firstNode = i;
    word.endNode = i + 1;
    graph.nodes.push_back(std::move(node));
    graph.words.push_back(std::move(word));
    affine.push_back({{{i, 1}}, 0});
    wordOf[i] = i;
  }

  void addOutput(const RowUse &use) {
    Output output{std::nullopt, use.shift, use.negative, use.constant};
    if (use.row) {
      unsigned form = forms.inputs + *use.row;
      int64_t sign = use.negative ? -1 : 1;
      if (options.foldConstants && timesUsed[form] == 1)
        output.word = addUp(form, use.constant >> use.shift);
      else
        output.word = make(form);
      output.constant -=
          sign * (affine[*output.word].excess(graph.inputs) * (int64_t(1) << use.shift));
    }
    graph.outputs.push_back(output);
  }

  unsigned make(unsigned form) {
    if (!wordOf[form])
      wordOf[form] = addUp(form, std::nullopt);
    return *wordOf[form];
  }

  /// The word of a form: unsigned with what excess is convenient, or with `excess`.
  unsigned addUp(unsigned form, std::optional<int64_t> excess) {
    Word word;
    Affine sum;
    for (const Term &term : forms.forms[form].terms) {
      unsigned operand = make(term.form);
      word.terms.push_back({operand, term.shift, term.negative});
      sum.add(affine[operand], term);
      if (term.negative) // as a complement
        word.constant += onesOf(graph.words[operand]) << term.shift;
    }
    sum.constant += word.constant;
    int64_t added = excess ? *excess - sum.excess(graph.inputs) : 0;
    sum.constant += added;
    word.constant += added;
    word.values = sum.values(graph.inputs);
    word.isSigned = word.values.least < 0;
    word.firstNode = graph.nodes.size();
    BitHeap heap(graph, widthOf(word.values), options.counterBits);
    heap.addConstant(added);
    for (const WordTerm &term : word.terms)
      for (auto [column, bit] : llvm::enumerate(graph.words[term.word].bits))
        if (bit)
          heap.add(column + term.shift, {bit->node, bit->index, bit->inverted != term.negative});
    word.bits = heap.compress(maxDepth[form]);
    word.endNode = graph.nodes.size();
    graph.words.push_back(std::move(word));
    affine.push_back(std::move(sum));
    return graph.words.size() - 1;
  }

  static unsigned widthOf(Interval values) {
    if (values.least >= 0)
      return std::max(1u, bitWidth(values.most));
    return 1 + bitWidth(std::max(~values.least, values.most < 0 ? ~values.most : values.most));
  }

  const LinearForms &forms;
  ArrayRef<RowUse> uses;
  const BuildOptions &options;
  AdderGraph graph;
  std::vector<Affine> affine;                  ///< by word
  std::vector<std::optional<unsigned>> wordOf; ///< by form
  std::vector<unsigned> timesUsed;             ///< by form
  std::vector<unsigned> maxDepth;              ///< by form
};

} // namespace

AdderGraph buildGraph(const LinearForms &forms, ArrayRef<Input> inputs, ArrayRef<RowUse> outputs,
                      const BuildOptions &options) {
  return Builder(forms, inputs, outputs, options).build();
}

} // namespace nnc::dataflow
