//===- BuildGraph.cpp - Linear forms to adders ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "BuildGraph.h"

#include "BitHeap.h"

#include <map>

using namespace llvm;

namespace nnc::dataflow {

namespace {

class Builder {
public:
  Builder(const LinearForms &forms, ArrayRef<Input> inputs) : forms(forms) {
    graph.inputs = inputs.vec();
    made.resize(forms.forms.size());
    for (auto [i, input] : llvm::enumerate(inputs))
      addInput(i, input);
  }

  void addOutput(const RowUse &use) {
    Output output{std::nullopt, use.shift, use.negative, use.constant};
    if (use.row) {
      const Made &row = make(forms.inputs + *use.row);
      output.word = row.word;
      int64_t offset = row.offset << use.shift;
      output.constant += use.negative ? offset : -offset;
    }
    graph.outputs.push_back(output);
  }

  AdderGraph take() { return std::move(graph); }

private:
  /// The word of a form has the value of the form plus `offset`.
  struct Made {
    std::optional<unsigned> word;
    int64_t offset = 0;
    std::map<unsigned, int64_t> coefficients; ///< of the form, by input
  };

  void addInput(unsigned i, const Input &input) {
    Node node;
    node.width = input.width();
    Word word;
    for (unsigned index = 0; index < node.width; ++index)
      word.bits.push_back(Bit{i, index});
    int64_t offset = input.offset();
    word.values = {(input.values.least >> input.step) + offset,
                   (input.values.most >> input.step) + offset};
    word.firstNode = i;
    word.endNode = i + 1;
    graph.nodes.push_back(std::move(node));
    graph.words.push_back(std::move(word));
    made[i] = {i, offset, {{i, 1}}};
  }

  /// Adds a term's bits to `heap` and the constant that comes with them to `result`.
  void addTerm(const Term &term, BitHeap &heap, Made &result) const {
    const Made &operand = made[term.form];
    const Word &word = graph.words[*operand.word];
    int64_t ones = 0;
    for (unsigned column = 0; column < word.bits.size(); ++column)
      if (std::optional<Bit> bit = word.bits[column]) {
        ones += int64_t(1) << column;
        bit->inverted ^= term.negative;
        heap.add(column + term.shift, *bit);
      }
    result.offset += (term.negative ? ones - operand.offset : operand.offset) << term.shift;
  }

  Interval valuesOf(const std::map<unsigned, int64_t> &coefficients) const {
    Interval total;
    for (auto [i, factor] : coefficients) {
      const Input &input = graph.inputs[i];
      int64_t a = factor * (input.values.least >> input.step);
      int64_t b = factor * (input.values.most >> input.step);
      total.least += std::min(a, b);
      total.most += std::max(a, b);
    }
    return total;
  }

  const Made &make(unsigned i) {
    if (made[i].word)
      return made[i];
    Made result;
    int64_t offset = 0; // of the word before the heap merges equal bits
    for (const Term &term : forms.forms[i].terms) {
      const Made &operand = make(term.form);
      for (auto [input, factor] : operand.coefficients)
        result.coefficients[input] += (term.negative ? -factor : factor) << term.shift;
      int64_t ones = 0;
      for (auto [column, bit] : llvm::enumerate(graph.words[*operand.word].bits))
        ones += bit ? int64_t(1) << column : 0;
      offset += (term.negative ? ones - operand.offset : operand.offset) << term.shift;
    }
    Word word;
    word.firstNode = graph.nodes.size();
    word.values = valuesOf(result.coefficients);
    BitHeap heap(graph, bitWidth(static_cast<uint64_t>(word.values.most + offset)));
    for (const Term &term : forms.forms[i].terms)
      addTerm(term, heap, result);
    int64_t constant = 0;
    word.bits = heap.compress(constant);
    result.offset -= constant;
    word.values.least += result.offset;
    word.values.most += result.offset;
    word.endNode = graph.nodes.size();
    result.word = graph.words.size();
    graph.words.push_back(std::move(word));
    return made[i] = std::move(result);
  }

  const LinearForms &forms;
  AdderGraph graph;
  std::vector<Made> made; ///< by form
};

} // namespace

AdderGraph buildGraph(const LinearForms &forms, ArrayRef<Input> inputs,
                      ArrayRef<RowUse> outputs) {
  Builder builder(forms, inputs);
  for (const RowUse &use : outputs)
    builder.addOutput(use);
  return builder.take();
}

} // namespace nnc::dataflow
