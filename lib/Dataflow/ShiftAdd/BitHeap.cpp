//===- BitHeap.cpp - Many terms in few carry chains -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A position of a carry chain adds a wire, any function of five bits and the
// carry for one six-input table. With counters of five bits, a chain removes up
// to five bits of the heap for three tables, where the sum of two numbers removes
// one for one. (Bit heaps and such counters: F. de Dinechin and M. Kumm,
// "Application-Specific Arithmetic", 2024.)
//
//===----------------------------------------------------------------------===//
#include "BitHeap.h"

#include "nnc/Dataflow/AdderCost.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"

#include <algorithm>
#include <limits>

using namespace llvm;

namespace nnc::dataflow {

void BitHeap::Column::insert(const Entry &entry) {
  auto at = std::upper_bound(begin(), end(), entry.depth,
                             [](unsigned depth, const Entry &e) { return depth < e.depth; });
  entries.insert(at, entry);
}

BitHeap::Entry BitHeap::Column::takeAt(unsigned i) {
  auto front = entries.begin() + first;
  Entry taken = front[i];
  std::move_backward(front, front + i, front + i + 1);
  ++first;
  return taken;
}

unsigned BitHeap::Column::countUpTo(unsigned level) const {
  return std::partition_point(begin(), end(), [&](const Entry &e) { return e.depth <= level; }) -
         begin();
}

void BitHeap::add(unsigned column, Bit bit) {
  if (column < columns.size()) // else nothing modulo 2^width
    columns[column].insert({bit, bit.isOne() ? 0 : graph.nodes[bit.node].depth});
}

/// b + b is b one column up, b + not b is one.
void BitHeap::mergeEqualBits() {
  for (unsigned column = 0; column < columns.size(); ++column) {
    const Column &in = columns[column];
    std::vector<std::optional<unsigned>> partner(in.size());
    DenseMap<std::pair<unsigned, unsigned>, unsigned> single; // by node and index
    for (auto [i, entry] : llvm::enumerate(in)) {
      auto [at, isNew] = single.try_emplace({entry.bit.node, entry.bit.index}, i);
      if (isNew)
        continue;
      partner[i] = at->second;
      partner[at->second] = i;
      single.erase(at);
    }
    Column rest;
    for (auto [i, entry] : llvm::enumerate(in)) {
      if (!partner[i])
        rest.insert(entry);
      else if (*partner[i] < i)
        continue;
      else if (in[*partner[i]].bit.inverted == entry.bit.inverted)
        add(column + 1, entry.bit);
      else
        constant += uint64_t(1) << column;
    }
    columns[column] = std::move(rest);
  }
}

/// The constant's ones as bits of the heap.
void BitHeap::mergeConstant() {
  for (unsigned column = 0; column < columns.size(); ++column)
    if (takeOne(column))
      add(column, Bit{});
}

/// Whether the constant has a one in `column`, which it has no more then.
bool BitHeap::takeOne(unsigned column) {
  uint64_t one = uint64_t(1) << column;
  bool has = (constant & one) != 0;
  constant &= ~one;
  return has;
}

/// Puts ones of the constant where they cost nothing: the free carry, columns without addend where
/// there is a table anyway, and counters whose result has a value to spare.
void BitHeap::absorbConstant(Node &node, unsigned start) {
  if (!node.carry && takeOne(start))
    node.carry = Bit{};
  for (Counter &counter : node.counters) {
    if (counter.bits.size() == 1)
      continue;
    unsigned width = counter.width();
    for (unsigned offset = 0; offset < width; ++offset) {
      unsigned column = counter.column + offset;
      std::optional<Bit> &addend = node.addend[column];
      if (!addend && takeOne(start + column))
        addend = Bit{};
      if (counter.most() + (1u << offset) < (1u << width) && takeOne(start + column))
        counter.bits.push_back({Bit{}, offset});
    }
  }
}

/// How many bits of `column` may go into the next chain.
unsigned BitHeap::ready(unsigned column) const {
  return column < columns.size() ? columns[column].countUpTo(level) : 0;
}

/// Takes the earliest bit that is plain or not, as is asked for; if there is none, the earliest.
Bit BitHeap::take(unsigned column, bool plain) {
  Column &in = columns[column];
  unsigned most = in.countUpTo(level);
  unsigned at = 0;
  while (at < most && in[at].bit.inverted == plain)
    ++at;
  return in.takeAt(at < most ? at : 0).bit;
}

/// The counter with its lowest bit in `column`, where it may have `here` bits, that removes the
/// most bits beyond one per table. One bit of each column above is left for the addend.
BitHeap::Shape BitHeap::bestShape(unsigned column, unsigned here, int balance) const {
  auto spare = [&](unsigned c) { return ready(c) > 0 ? ready(c) - 1 : 0; };
  unsigned above = spare(column + 1), top = spare(column + 2);
  Shape best;
  int bestScore = std::numeric_limits<int>::min();
  for (unsigned a = 1; a <= std::min(here, counterBits); ++a)
    for (unsigned b = 0; b <= std::min(above, counterBits - a); ++b)
      for (unsigned c = 0; c <= std::min(top, counterBits - a - b); ++c) {
        unsigned width = bitWidth(a + 2 * b + 4 * c);
        if (width > Counter::mostWidth || column + width > columns.size())
          continue;
        int gain = static_cast<int>(a + b + c) - static_cast<int>(width);
        int score = 8 * gain + balance * static_cast<int>(a);
        if (score > bestScore) {
          bestScore = score;
          best = {{a, b, c}, gain};
        }
      }
  return best;
}

Counter BitHeap::takeCounter(unsigned column, const Shape &shape) {
  Counter counter{column, {}};
  for (unsigned offset = 0; offset < Counter::mostWidth; ++offset)
    for (unsigned i = 0; i < shape.bits[offset]; ++i)
      counter.bits.push_back({take(column + offset, /*plain=*/false), offset});
  return counter;
}

unsigned BitHeap::depthOf(const Node &node) const {
  unsigned depth = 0;
  node.forEachBit([&](const Bit &bit, unsigned) {
    depth = std::max(depth, bit.isOne() ? 0 : graph.nodes[bit.node].depth);
  });
  return depth + 1;
}

/// One chain, from the lowest column with a counter that removes `leastGain` bits beyond one per
/// table, to the first where nothing is to be added; false if there is none.
bool BitHeap::addChain(int leastGain, int balance) {
  auto startsAt = [&](unsigned column) {
    unsigned have = ready(column);
    return have >= 2 && bestShape(column, have - (have >= 3 ? 2 : 1), balance).gain >= leastGain;
  };
  auto range = llvm::seq<unsigned>(0, columns.size());
  auto at = llvm::find_if(range, startsAt);
  if (at == range.end())
    return false;
  unsigned start = *at, column = start, covered = start; // covered: by the last counter
  Node node;
  if (ready(start) >= 3)
    node.carry = take(start, /*plain=*/true);
  for (; column < columns.size(); ++column) {
    if (ready(column) == 0 && column >= covered)
      break;
    node.addend.emplace_back();
    if (ready(column) > 0)
      node.addend.back() = take(column, /*plain=*/true);
    Shape shape = column < covered ? Shape() : bestShape(column, ready(column), balance);
    if (shape.gain < leastGain)
      continue;
    Counter counter = takeCounter(column, shape);
    covered = column + counter.width();
    counter.column -= start;
    node.counters.push_back(std::move(counter));
  }
  absorbConstant(node, start);
  uint64_t most = 0;
  node.forEachBit([&](const Bit &, unsigned column) { most += uint64_t(1) << column; });
  node.width = std::min<unsigned>(bitWidth(most), columns.size() - start);
  node.depth = depthOf(node);
  graph.nodes.push_back(node);
  for (unsigned index = 0; index < node.width; ++index)
    add(start + index, {static_cast<unsigned>(graph.nodes.size() - 1), index});
  return true;
}

/// Lets the next later bits in; false if there are none.
bool BitHeap::raiseLevel() {
  unsigned next = std::numeric_limits<unsigned>::max();
  for (const Column &column : columns)
    if (unsigned later = column.countUpTo(level); later < column.size())
      next = std::min(next, column[later].depth);
  if (next == std::numeric_limits<unsigned>::max())
    return false;
  level = next;
  return true;
}

/// From shallow to small.
const BitHeap::Policy BitHeap::policies[] = {
    {3, 0, 1}, {3, 2, 1}, {3, 2, -1}, {8, 2, 1}, {12, 2, 1}, {16, 2, 1}, {~0u, 2, 1}, {~0u, 2, -1},
};

std::vector<std::optional<Bit>> BitHeap::result() const {
  std::vector<std::optional<Bit>> bits(columns.size());
  for (auto [column, bit] : llvm::zip_equal(columns, bits))
    if (column.size() > 0)
      bit = column[0].bit;
  return bits;
}

/// Level by level while that is good use of tables, then all that is left.
void BitHeap::addUp(const Policy &policy) {
  auto range = llvm::seq<unsigned>(0, columns.size());
  while (true) {
    bool isHigh =
        llvm::any_of(range, [&](unsigned column) { return ready(column) >= policy.height; });
    if ((isHigh && addChain(policy.leastGain, policy.balance)) || raiseLevel())
      continue;
    mergeConstant();
    int gain = policy.leastGain;
    while (gain >= 0 && !addChain(gain, policy.balance))
      --gain;
    if (gain < 0)
      return;
  }
}

std::vector<std::optional<Bit>> BitHeap::compress(unsigned maxDepth) {
  mergeEqualBits();
  const std::vector<Column> given = columns;
  const uint64_t givenConstant = constant;
  const size_t first = graph.nodes.size();
  std::vector<std::optional<Bit>> best;
  std::vector<Node> bestNodes;
  std::pair<unsigned, unsigned> least; // levels beyond maxDepth, tables
  for (const Policy &policy : policies) {
    columns = given;
    constant = givenConstant;
    level = 0;
    addUp(policy);
    std::vector<std::optional<Bit>> bits = result();
    AdderCost cost;
    for (const Node &node : ArrayRef(graph.nodes).drop_front(first))
      cost += costOf(node);
    unsigned depth = graph.depth(bits);
    std::pair<unsigned, unsigned> badness{depth > maxDepth ? depth - maxDepth : 0, cost.tables};
    if (best.empty() || badness < least) {
      least = badness;
      best = std::move(bits);
      bestNodes.assign(graph.nodes.begin() + first, graph.nodes.end());
    }
    graph.nodes.resize(first);
  }
  llvm::append_range(graph.nodes, bestNodes);
  return best;
}

} // namespace nnc::dataflow
