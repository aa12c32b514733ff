//===- VerifyAdderGraph.cpp - An adder graph computes its matrix ------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each word is proved equal to what it says it is, a sum of earlier words, in two
// steps. First modulo 2^width: a number is the sum of its bits by weight, a chain
// replaces a multiple of its result's bits by the same multiple of what it adds,
// and in the end just the bits of those words must be left. Then in integers,
// since all values of the sum have that many bits.
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/VerifyAdderGraph.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

using namespace llvm;

namespace nnc::dataflow {

namespace {

template <typename... Args>
Error wrong(const char *format, Args... args) {
  return createStringError(std::errc::invalid_argument, format, args...);
}

/// Sums have at most 61 bits.
constexpr unsigned mostShift = 61;

/// A sum of bits times factors, and a constant, modulo a power of two.
class BitSum {
public:
  BitSum(const AdderGraph &graph, unsigned width)
      : graph(graph), mask((uint64_t(1) << width) - 1) {}

  void add(const Bit &bit, uint64_t factor) {
    if (bit.inverted) {
      constant += factor;
      factor = -factor;
    }
    if (bit.isOne()) {
      constant += factor;
      return;
    }
    std::vector<uint64_t> &of = factors[bit.node];
    of.resize(graph.nodes[bit.node].width);
    of[bit.index] += factor;
  }

  void addConstant(uint64_t number) { constant += number; }

  /// Replaces the bits of a node by what it adds; false if they are no multiple of its number.
  bool substitute(unsigned i) {
    auto at = factors.find(i);
    if (at == factors.end())
      return true;
    std::vector<uint64_t> of = std::move(at->second);
    factors.erase(at);
    const Node &node = graph.nodes[i];
    uint64_t multiple = of[0], most = 0;
    for (auto [index, factor] : llvm::enumerate(of))
      if (((factor - (multiple << index)) & mask) != 0)
        return false;
    node.forEachBit([&](const Bit &bit, unsigned column) {
      add(bit, multiple << column);
      most += uint64_t(1) << column;
    });
    // What the chain drops at its end must not count.
    return (most >> node.width) == 0 || ((multiple << node.width) & mask) == 0;
  }

  bool isZero() const {
    return (constant & mask) == 0 && llvm::all_of(factors, [&](const auto &of) {
             return llvm::all_of(of.second, [&](uint64_t f) { return (f & mask) == 0; });
           });
  }

private:
  const AdderGraph &graph;
  uint64_t mask, constant = 0;
  std::map<unsigned, std::vector<uint64_t>> factors; ///< by node, then bit
};

class Verifier {
public:
  Verifier(const AdderGraph &graph, const ConstantMatrix &matrix) : graph(graph), matrix(matrix) {}

  Error run() {
    if (graph.inputs.size() != matrix.inputs || graph.outputs.size() != matrix.outputs ||
        graph.nodes.size() < graph.inputs.size() || graph.words.size() < graph.inputs.size())
      return wrong("the graph has other inputs or outputs than the matrix");
    for (unsigned i = 0; i < graph.nodes.size(); ++i)
      if (Error error = checkNode(i))
        return error;
    for (unsigned i = 0; i < graph.words.size(); ++i)
      if (Error error = i < graph.inputs.size() ? checkInput(i) : checkWord(i))
        return error;
    for (unsigned i = 0; i < matrix.outputs; ++i)
      if (Error error = checkOutput(i))
        return error;
    return Error::success();
  }

private:
  bool exists(const Bit &bit, unsigned end) const {
    return bit.isOne() || (bit.node < end && bit.index < graph.nodes[bit.node].width);
  }

  Error checkNode(unsigned i) const {
    const Node &node = graph.nodes[i];
    bool sound = node.width > 0 && node.width < 64, isInput = i < graph.inputs.size();
    unsigned columns = node.width;
    node.forEachBit([&](const Bit &bit, unsigned column) {
      sound &= !isInput && exists(bit, i) && column < columns;
    });
    unsigned free = 0; // the columns from here on have no counter yet
    for (const Counter &counter : node.counters) {
      sound &= counter.column >= free && counter.variables() <= Counter::mostBits &&
               counter.width() <= Counter::mostWidth;
      free = counter.column + counter.width();
    }
    return sound ? Error::success() : wrong("node %u is not a carry chain of earlier nodes", i);
  }

  Error checkInput(unsigned i) {
    const Word &word = graph.words[i];
    bool sound = word.terms.empty() && word.bits.size() == graph.nodes[i].width &&
                 word.values == graph.inputs[i].values && word.values.least >= 0 &&
                 (word.values.most >> word.bits.size()) == 0;
    for (auto [index, bit] : llvm::enumerate(word.bits))
      sound &= bit == Bit{i, static_cast<unsigned>(index)};
    factors.emplace_back(graph.inputs.size());
    factors.back()[i] = 1;
    constants.push_back(0);
    return sound ? Error::success() : wrong("word %u is not input %u", i, i);
  }

  Error checkWord(unsigned i) {
    const Word &word = graph.words[i];
    unsigned width = word.bits.size();
    if (width == 0 || width > 63 || word.endNode > graph.nodes.size())
      return wrong("word %u has no bits or too many", i);
    BitSum sum(graph, width);
    for (auto [column, bit] : llvm::enumerate(word.bits)) {
      if (bit && !exists(*bit, word.endNode))
        return wrong("word %u has bits of later nodes", i);
      if (bit)
        sum.add(*bit, uint64_t(1) << column);
    }
    for (unsigned node = word.endNode; node-- > word.firstNode;)
      if (!sum.substitute(node))
        return wrong("word %u: node %u does not count as a number", i, node);
    sum.addConstant(-static_cast<uint64_t>(word.constant));
    for (const WordTerm &term : word.terms) {
      if (term.word >= i || term.shift > mostShift || graph.words[term.word].isSigned)
        return wrong("word %u is no sum of earlier unsigned ones", i);
      for (auto [column, bit] : llvm::enumerate(graph.words[term.word].bits))
        if (bit)
          sum.add(*bit, uint64_t(term.negative ? 1 : -1) << (column + term.shift));
    }
    if (!sum.isZero())
      return wrong("word %u is not the sum of its terms", i);
    return checkValues(i);
  }

  /// The factors of the inputs and the values that they can give.
  Error checkValues(unsigned i) {
    const Word &word = graph.words[i];
    std::vector<int64_t> of(graph.inputs.size());
    int64_t constant = word.constant;
    for (const WordTerm &term : word.terms) {
      int64_t scale = (term.negative ? -1 : 1) * (int64_t(1) << term.shift);
      for (auto [factor, added] : llvm::zip_equal(of, factors[term.word]))
        factor += scale * added;
      constant += scale * constants[term.word];
    }
    Interval values{constant, constant};
    for (auto [factor, input] : llvm::zip_equal(of, graph.inputs)) {
      int64_t a = factor * input.values.least, b = factor * input.values.most;
      values.least += std::min(a, b);
      values.most += std::max(a, b);
    }
    int64_t half = int64_t(1) << (word.bits.size() - 1);
    Interval bounds = word.isSigned ? Interval{-half, half - 1} : Interval{0, half - 1 + half};
    if (values.least < bounds.least || values.most > bounds.most || !(values == word.values))
      return wrong("word %u has values from %lld to %lld", i, static_cast<long long>(values.least),
                   static_cast<long long>(values.most));
    factors.push_back(std::move(of));
    constants.push_back(constant);
    return Error::success();
  }

  Error checkOutput(unsigned i) const {
    const Output &output = graph.outputs[i];
    std::vector<int64_t> of(graph.inputs.size());
    int64_t constant = output.constant;
    if (output.word) {
      if (*output.word >= graph.words.size() || output.shift > mostShift)
        return wrong("output %u has no word", i);
      int64_t scale = (output.negative ? -1 : 1) * (int64_t(1) << output.shift);
      for (auto [factor, of] : llvm::zip_equal(of, factors[*output.word]))
        factor = scale * of;
      constant += scale * constants[*output.word];
    }
    // The number of an input is x / 2^step + offset.
    for (auto [factor, weight, input] : llvm::zip_equal(of, matrix.row(i), graph.inputs)) {
      if (factor != weight * (int64_t(1) << input.step))
        return wrong("output %u is not that row of the matrix", i);
      constant += factor * input.offset;
    }
    return constant == matrix.bias[i] ? Error::success() : wrong("output %u has another bias", i);
  }

  const AdderGraph &graph;
  const ConstantMatrix &matrix;
  std::vector<std::vector<int64_t>> factors; ///< by word, then input
  std::vector<int64_t> constants;            ///< by word
};

} // namespace

Error verifyAdderGraph(const AdderGraph &graph, const ConstantMatrix &matrix) {
  return Verifier(graph, matrix).run();
}

} // namespace nnc::dataflow
