//===- AdderGraph.cpp - A constant matrix product in adders -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/AdderGraph.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <bit>

using namespace llvm;

namespace nnc::dataflow {

unsigned bitWidth(uint64_t most) { return std::bit_width(most); }

unsigned Counter::variables() const {
  return llvm::count_if(bits, [](const CountedBit &counted) { return !counted.bit.isOne(); });
}

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

void Node::forEachBit(function_ref<void(const Bit &, unsigned)> visit) const {
  if (carry)
    visit(*carry, 0);
  for (auto [column, bit] : llvm::enumerate(addend))
    if (bit)
      visit(*bit, column);
  for (const Counter &counter : counters)
    for (const CountedBit &counted : counter.bits)
      visit(counted.bit, counter.column + counted.offset);
}

Input Input::binary(Interval range, unsigned step) {
  int64_t least = range.least >> step, most = range.most >> step;
  if (least >= 0)
    return {{least, most}, 0, step};
  int64_t offset = int64_t(1) << bitWidth(std::max(~least, most < 0 ? ~most : most));
  return {{least + offset, most + offset}, offset, step};
}

unsigned Input::width() const { return std::max(1u, bitWidth(values.most)); }

unsigned AdderGraph::depth(ArrayRef<std::optional<Bit>> bits) const {
  unsigned depth = 0;
  for (const std::optional<Bit> &bit : bits)
    if (bit && !bit->isOne())
      depth = std::max(depth, nodes[bit->node].depth);
  return depth;
}

namespace {

/// The numbers that the nodes of a graph hold.
class State {
public:
  explicit State(size_t size) { numbers.reserve(size); }

  void push(uint64_t number) { numbers.push_back(number); }
  uint64_t read(const Bit &bit) const {
    uint64_t value = bit.isOne() ? 1 : (numbers[bit.node] >> bit.index) & 1;
    return value ^ uint64_t(bit.inverted);
  }
  uint64_t read(ArrayRef<std::optional<Bit>> bits) const {
    uint64_t number = 0;
    for (auto [column, bit] : llvm::enumerate(bits))
      if (bit)
        number |= read(*bit) << column;
    return number;
  }
  uint64_t sum(const Node &node) const {
    uint64_t sum = 0;
    node.forEachBit([&](const Bit &bit, unsigned column) { sum += read(bit) << column; });
    return sum & ((uint64_t(1) << node.width) - 1);
  }

private:
  std::vector<uint64_t> numbers;
};

} // namespace

std::vector<int64_t> AdderGraph::evaluate(ArrayRef<int64_t> values) const {
  State state(nodes.size());
  for (auto [input, value] : llvm::zip_equal(inputs, values))
    state.push(static_cast<uint64_t>((value >> input.step) + input.offset));
  for (const Node &node : ArrayRef(nodes).drop_front(inputs.size()))
    state.push(state.sum(node));
  std::vector<int64_t> results;
  for (const Output &output : outputs) {
    int64_t number = 0;
    if (output.word) {
      const Word &word = words[*output.word];
      number = static_cast<int64_t>(state.read(word.bits));
      if (word.isSigned)
        number = SignExtend64(number, word.bits.size());
    }
    number = static_cast<int64_t>(static_cast<uint64_t>(number) << output.shift);
    results.push_back(output.constant + (output.negative ? -number : number));
  }
  return results;
}

} // namespace nnc::dataflow
