//===- EmitAdders.cpp - Adder graphs as rtl ops --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "EmitAdders.h"
#include "dialects/Flow/FlowOps.h"

using namespace mlir;

namespace nnc::dataflow {

namespace {

/// One bit of a row: a wire of the graph, or logic that was made for it.
struct RowBit {
  std::optional<Bit> wire;
  Value logic;
};

class AdderEmitter {
public:
  AdderEmitter(rtl::Wires &wires, const AdderGraph &graph, const Pipeline &pipeline,
               ArrayRef<Number> inputs)
      : wires(wires), graph(graph), pipeline(pipeline), inputs(inputs), stages(graph.nodes.size()) {
  }

  SmallVector<Number> run() {
    for (unsigned node = 0; node < graph.nodes.size(); ++node)
      stages[node].push_back(node < inputs.size() ? inputs[node].bits : chain(graph.nodes[node]));
    SmallVector<Number> outputs;
    for (const Output &output : graph.outputs)
      outputs.push_back(emit(output));
    return outputs;
  }

private:
  /// The bits of a node as they stand in a stage, behind registers where it is a later one.
  Value nodeIn(unsigned node, unsigned stage) {
    SmallVector<Value> &known = stages[node];
    for (unsigned s = pipeline.stageOf[node] + known.size(); s <= stage; ++s)
      known.push_back(wires.reg(known.back()));
    return known[stage - pipeline.stageOf[node]];
  }

  /// Inputs in two's complement are unsigned numbers with their sign turned over.
  bool isInverted(const Bit &bit) const {
    bool sign = bit.node < inputs.size() && inputs[bit.node].values.least < 0 &&
                bit.index + graph.inputs[bit.node].step + 1 == rtl::widthOf(inputs[bit.node].bits);
    return bit.inverted != sign;
  }

  unsigned wireOf(const Bit &bit) const {
    return bit.index + (bit.node < inputs.size() ? graph.inputs[bit.node].step : 0);
  }

  Value single(const Bit &bit, unsigned stage) {
    if (bit.isOne())
      return wires.constant(bit.inverted ? 0 : 1, 1);
    Value value = wires.bit(nodeIn(bit.node, stage), wireOf(bit));
    return isInverted(bit) ? wires.invert(value) : value;
  }

  /// Neighbours that are neighbours in one node are taken together.
  Value run(ArrayRef<RowBit> row, size_t &at, unsigned stage) {
    if (Value logic = row[at].logic)
      return ++at, logic;
    const std::optional<Bit> &first = row[at].wire;
    size_t begin = at++;
    if (!first) {
      while (at < row.size() && !row[at].wire && !row[at].logic)
        ++at;
      return wires.zero(at - begin);
    }
    if (first->isOne())
      return single(*first, stage);
    auto follows = [&](const RowBit &next) {
      return next.wire && next.wire->node == first->node &&
             next.wire->index == first->index + (at - begin) &&
             isInverted(*next.wire) == isInverted(*first);
    };
    while (at < row.size() && follows(row[at]))
      ++at;
    Value bits = wires.extract(nodeIn(first->node, stage), wireOf(*first), at - begin);
    return isInverted(*first) ? wires.invert(bits) : bits;
  }

  Value vector(ArrayRef<RowBit> row, unsigned stage) {
    SmallVector<Value> parts;
    for (size_t at = 0; at < row.size();)
      parts.push_back(run(row, at, stage));
    return wires.join(parts);
  }

  SmallVector<RowBit> rowOf(ArrayRef<std::optional<Bit>> bits, unsigned width) {
    SmallVector<RowBit> row(width);
    for (auto [at, bit] : llvm::zip(row, bits))
      at.wire = bit;
    return row;
  }

  /// The number of ones, in logic: a sum would become a carry chain of its own.
  SmallVector<Value> count(const Counter &counter, unsigned stage) {
    SmallVector<SmallVector<Value>> columns(counter.width() + 1);
    for (const CountedBit &counted : counter.bits)
      columns[counted.offset].push_back(single(counted.bit, stage));
    SmallVector<Value> result;
    for (unsigned c = 0; c < counter.width(); ++c) {
      SmallVector<Value> &column = columns[c];
      while (column.size() > 1) {
        Value a = column.pop_back_val(), b = column.pop_back_val(), parity = wires.differ(a, b);
        Value carry = wires.both(a, b);
        if (!column.empty()) {
          Value d = column.pop_back_val();
          carry = wires.either(carry, wires.both(parity, d));
          parity = wires.differ(parity, d);
        }
        column.insert(column.begin(), parity);
        columns[c + 1].push_back(carry);
      }
      result.push_back(column.empty() ? wires.zero(1) : column.front());
    }
    return result;
  }

  /// See AdderCost.h for why it is a difference.
  Value chain(const Node &node) {
    unsigned stage = pipeline.stageOf[&node - graph.nodes.data()];
    SmallVector<RowBit> counted(node.width);
    for (const Counter &counter : node.counters) {
      if (counter.bits.size() == 1 && counter.bits.front().offset == 0) {
        counted[counter.column].wire = counter.bits.front().bit;
        continue;
      }
      for (auto [i, bit] : llvm::enumerate(count(counter, stage)))
        if (counter.column + i < node.width)
          counted[counter.column + i].logic = bit;
    }
    Value carry = node.carry ? single(*node.carry, stage) : wires.zero(1);
    Value addend = vector(rowOf(node.addend, node.width), stage);
    Value others = wires.invert(vector(counted, stage));
    Value sum = wires.sub(wires.join({carry, addend}), wires.join({wires.constant(1, 1), others}));
    return wires.extract(sum, 1, node.width);
  }

  Number emit(const Output &output) {
    if (!output.word)
      return {wires.constant(output.constant, flow::widthFor(output.constant, output.constant)),
              {output.constant, output.constant}};
    const Word &word = graph.words[*output.word];
    int64_t factor = int64_t(1) << output.shift;
    Interval values = {word.values.least * factor, word.values.most * factor};
    if (output.negative)
      values = {-values.most, -values.least};
    values = {values.least + output.constant, values.most + output.constant};
    unsigned width = flow::widthFor(values.least, values.most);
    unsigned last = pipeline.stages - 1;
    Value bits =
        word.bits.empty() ? wires.zero(1) : vector(rowOf(word.bits, word.bits.size()), last);
    bits = wires.resize(bits, std::max<unsigned>(width, rtl::widthOf(bits)), word.isSigned);
    if (output.shift)
      bits = wires.join({wires.zero(output.shift), bits});
    bits = wires.extract(bits, 0, width);
    if (output.negative)
      bits = wires.sub(wires.constant(output.constant, width), bits);
    else if (output.constant)
      bits = wires.add(bits, wires.constant(output.constant, width));
    return {bits, values};
  }

  rtl::Wires &wires;
  const AdderGraph &graph;
  const Pipeline &pipeline;
  ArrayRef<Number> inputs;
  std::vector<SmallVector<Value>> stages; ///< by node: from the stage it is made in
};

} // namespace

SmallVector<Number> emitAdders(rtl::Wires &wires, const AdderGraph &graph, const Pipeline &pipeline,
                               ArrayRef<Number> inputs) {
  return AdderEmitter(wires, graph, pipeline, inputs).run();
}

} // namespace nnc::dataflow
