//===- AdderGraph.cpp - A constant matrix product in adders -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/AdderGraph.h"

#include <algorithm>
#include <bit>

using namespace llvm;

namespace nnc::dataflow {

unsigned bitWidth(uint64_t most) { return std::bit_width(most); }

unsigned Counter::most() const {
  unsigned sum = 0;
  for (const CountedBit &counted : bits)
    sum += 1u << counted.offset;
  return sum;
}

unsigned Counter::width() const { return bitWidth(most()); }

const Counter *Node::counterAt(unsigned column) const {
  for (const Counter &counter : counters)
    if (counter.column <= column && column < counter.column + counter.width())
      return &counter;
  return nullptr;
}

unsigned Input::width() const {
  int64_t least = values.least >> step, most = values.most >> step;
  if (least >= 0)
    return bitWidth(static_cast<uint64_t>(most));
  return 1 + bitWidth(static_cast<uint64_t>(std::max(~least, most < 0 ? ~most : most)));
}

int64_t Input::offset() const { return values.least < 0 ? int64_t(1) << (width() - 1) : 0; }

unsigned AdderGraph::depth(const Word &word) const {
  unsigned depth = 0;
  for (const std::optional<Bit> &bit : word.bits)
    if (bit)
      depth = std::max(depth, nodes[bit->node].depth);
  return depth;
}

std::vector<int64_t> AdderGraph::evaluate(ArrayRef<int64_t> values) const {
  std::vector<uint64_t> state(nodes.size());
  auto read = [&](const Bit &bit) {
    return ((state[bit.node] >> bit.index) & 1) ^ uint64_t(bit.inverted);
  };
  for (size_t i = 0; i < inputs.size(); ++i)
    state[i] = static_cast<uint64_t>((values[i] >> inputs[i].step) + inputs[i].offset());
  for (size_t i = inputs.size(); i < nodes.size(); ++i) {
    const Node &node = nodes[i];
    uint64_t sum = node.carry ? read(*node.carry) : 0;
    for (size_t column = 0; column < node.addend.size(); ++column)
      if (node.addend[column])
        sum += read(*node.addend[column]) << column;
    for (const Counter &counter : node.counters)
      for (const CountedBit &counted : counter.bits)
        sum += read(counted.bit) << (counter.column + counted.offset);
    state[i] = sum & ((uint64_t(1) << node.width) - 1);
  }
  std::vector<int64_t> results;
  for (const Output &output : outputs) {
    uint64_t number = 0;
    if (output.word)
      for (size_t column = 0; column < words[*output.word].bits.size(); ++column)
        if (const std::optional<Bit> &bit = words[*output.word].bits[column])
          number |= read(*bit) << column;
    int64_t shifted = static_cast<int64_t>(number << output.shift);
    results.push_back(output.constant + (output.negative ? -shifted : shifted));
  }
  return results;
}

} // namespace nnc::dataflow
