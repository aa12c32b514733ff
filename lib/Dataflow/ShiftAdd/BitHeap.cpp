//===- BitHeap.cpp - Many terms in few carry chains -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A position of a carry chain adds a wire, any function of five bits and the
// carry for one LUT6. Used with counters of five bits, a chain removes up to five
// bits of the heap for three tables, where adding two numbers removes one for one.
//
//===----------------------------------------------------------------------===//
#include "BitHeap.h"

#include "nnc/Dataflow/AdderCost.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <limits>

using namespace llvm;

namespace nnc::dataflow {

void BitHeap::add(unsigned column, Bit bit) {
  if (column >= columns.size())
    return; // modulo 2^width
  Entry entry{bit, bit.isOne() ? 0 : graph.nodes[bit.node].depth};
  Column &in = columns[column];
  auto at = llvm::upper_bound(
      in, entry, [](const Entry &a, const Entry &b) { return a.depth < b.depth; });
  in.insert(at, entry);
}

/// b + b is b one column up, b + not b is one.
void BitHeap::mergeEqualBits() {
  for (unsigned column = 0; column < columns.size(); ++column) {
    Column &in = columns[column];
    for (unsigned i = 0; i < in.size(); ++i) {
      Bit bit = in[i].bit;
      auto same = std::find_if(in.begin() + i + 1, in.end(), [&](const Entry &other) {
        return other.bit.node == bit.node && other.bit.index == bit.index;
      });
      if (same == in.end())
        continue;
      bool equal = same->bit.inverted == bit.inverted;
      in.erase(same);
      in.erase(in.begin() + i--);
      if (equal)
        add(column + 1, bit);
      else
        constant += uint64_t(1) << column;
    }
  }
}

void BitHeap::mergeConstant() {
  for (unsigned column = 0; column < columns.size(); ++column)
    if ((constant >> column) & 1)
      add(column, Bit{});
}

/// How many bits of `column` may go into the next chain.
unsigned BitHeap::ready(unsigned column) const {
  if (column >= columns.size())
    return 0;
  return llvm::count_if(columns[column], [&](const Entry &e) { return e.depth <= level; });
}

/// Raises the level until there is something to add; false if nothing is left to be added.
bool BitHeap::nextLevel(const Policy &policy) {
  unsigned next = std::numeric_limits<unsigned>::max();
  bool left = false;
  for (unsigned column = 0; column < columns.size(); ++column) {
    if (ready(column) >= policy.height)
      return true;
    left |= columns[column].size() >= 2;
    for (const Entry &entry : columns[column])
      if (entry.depth > level)
        next = std::min(next, entry.depth);
  }
  if (!left)
    return false;
  if (next == std::numeric_limits<unsigned>::max())
    return true;
  level = next;
  return nextLevel(policy);
}

/// Takes the earliest bit, a plain one if there is one and `plain`, else an inverted one.
Bit BitHeap::take(unsigned column, bool plain) {
  Column &in = columns[column];
  auto at = llvm::find_if(
      in, [&](const Entry &e) { return e.depth <= level && e.bit.inverted != plain; });
  if (at == in.end())
    at = in.begin();
  Bit bit = at->bit;
  in.erase(at);
  return bit;
}

/// The counter that removes the most bits per table, with its lowest bit in `column`. One bit of
/// each column above is left for the addend. No bits: none is of use.
Counter BitHeap::takeCounter(unsigned column, const Policy &policy) {
  auto spare = [&](unsigned c) { return ready(c) > 0 ? ready(c) - 1 : 0; };
  unsigned best[3] = {}, here = ready(column), above = spare(column + 1), top = spare(column + 2);
  int bestGain = std::numeric_limits<int>::min();
  for (unsigned a = 1; a <= std::min(here, counterBits); ++a)
    for (unsigned b = 0; b <= std::min(above, counterBits - a); ++b)
      for (unsigned c = 0; c <= std::min(top, counterBits - a - b); ++c) {
        unsigned width = bitWidth(a + 2 * b + 4 * c);
        if (width > Counter::mostWidth || column + width > columns.size())
          continue;
        int gain = 8 * (static_cast<int>(a + b + c) - static_cast<int>(width)) + policy.balance * static_cast<int>(a);
        if (gain > bestGain) {
          bestGain = gain;
          best[0] = a, best[1] = b, best[2] = c;
        }
      }
  Counter counter{column, {}};
  for (unsigned offset = 0; offset < 3; ++offset)
    for (unsigned i = 0; i < best[offset]; ++i)
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

/// One chain, from the lowest column with two bits to the first where nothing is to be added.
void BitHeap::addChain(const Policy &policy) {
  unsigned start = 0;
  while (ready(start) < 2)
    ++start;
  Node node;
  uint64_t most = 0;
  if (ready(start) >= 3) {
    node.carry = take(start, /*plain=*/true);
    most = 1;
  }
  unsigned covered = start, column = start; // by the last counter
  for (; column < columns.size(); ++column) {
    unsigned have = ready(column);
    if (have == 0 && column >= covered)
      break;
    node.addend.emplace_back();
    if (have > 0) {
      node.addend.back() = take(column, /*plain=*/true);
      most += uint64_t(1) << (column - start);
    }
    if (column < covered || ready(column) == 0)
      continue;
    Counter counter = takeCounter(column, policy);
    covered = column + counter.width();
    most += uint64_t(counter.most()) << (column - start);
    counter.column -= start;
    node.counters.push_back(std::move(counter));
  }
  node.width = std::min<unsigned>(bitWidth(most), columns.size() - start);
  node.depth = depthOf(node);
  graph.nodes.push_back(node);
  for (unsigned index = 0; index < node.width; ++index)
    add(start + index, {static_cast<unsigned>(graph.nodes.size() - 1), index});
}

void BitHeap::addUp(const Policy &policy) {
  while (nextLevel(policy))
    addChain(policy);
}

std::vector<std::optional<Bit>> BitHeap::compress() {
  static constexpr Policy policies[] = {{3, 1}, {3, -1}, {4, 1}, {4, -1}, {2, 1}, {5, 1}, {5,-1}};
  mergeEqualBits();
  mergeConstant();
  const std::vector<Column> given = columns;
  const size_t first = graph.nodes.size();
  std::vector<Column> bestColumns;
  std::vector<Node> bestNodes;
  unsigned least = std::numeric_limits<unsigned>::max();
  for (const Policy &policy : policies) {
    columns = given;
    level = 0;
    addUp(policy);
    AdderCost cost;
    for (const Node &node : ArrayRef(graph.nodes).drop_front(first))
      cost += costOf(node);
    if (cost.tables < least) {
      least = cost.tables;
      bestColumns = columns;
      bestNodes.assign(graph.nodes.begin() + first, graph.nodes.end());
    }
    graph.nodes.resize(first);
  }
  llvm::append_range(graph.nodes, bestNodes);
  std::vector<std::optional<Bit>> bits(columns.size());
  for (auto [column, bit] : llvm::zip_equal(bestColumns, bits))
    if (!column.empty())
      bit = column.front().bit;
  return bits;
}

} // namespace nnc::dataflow
