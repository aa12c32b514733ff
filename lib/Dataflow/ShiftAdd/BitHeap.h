//===- BitHeap.h - Many terms in few carry chains ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Dataflow/AdderGraph.h"

namespace nnc::dataflow {

/// Bits by weight, still to be added, modulo 2^width.
class BitHeap {
public:
  /// Nodes go to `graph`; their counters have at most `counterBits` bits.
  BitHeap(AdderGraph &graph, unsigned width, unsigned counterBits)
      : graph(graph), counterBits(counterBits), columns(width) {}

  void add(unsigned column, Bit bit);
  void addConstant(int64_t number) { constant += static_cast<uint64_t>(number); }
  /// Adds up, in the cheapest of several ways that keeps to `maxDepth`; else in the shallowest. The
  /// result has at most one bit per column.
  std::vector<std::optional<Bit>> compress(unsigned maxDepth);

private:
  /// In what order bits go into chains.
  struct Policy {
    unsigned height; ///< a level goes on while a column has that many bits
    int leastGain;   ///< and a counter removes that many beyond one per table
    int balance;     ///< how much counters prefer bits of their lowest column
  };
  /// The bits of a counter by offset, and how many more they are than its result has.
  struct Shape {
    unsigned bits[Counter::mostWidth] = {};
    int gain = -1;
  };
  struct Entry {
    Bit bit;
    unsigned depth;
  };

  /// Bits by rising depth. They are taken near the front and come at the end, so that a column of
  /// thousands is no slower by the bit than one of ten.
  class Column {
  public:
    auto begin() const { return entries.begin() + first; }
    auto end() const { return entries.end(); }
    unsigned size() const { return entries.size() - first; }
    const Entry &operator[](unsigned i) const { return entries[first + i]; }
    void insert(const Entry &entry);
    Entry takeAt(unsigned i);
    /// How many are not deeper than `level`.
    unsigned countUpTo(unsigned level) const;

  private:
    std::vector<Entry> entries;
    unsigned first = 0; ///< those before it are taken
  };

  static const Policy policies[];

  void mergeEqualBits();
  void mergeConstant();
  bool takeOne(unsigned column);
  void absorbConstant(Node &node, unsigned start);
  void addUp(const Policy &policy);
  std::vector<std::optional<Bit>> result() const;
  unsigned ready(unsigned column) const;
  bool raiseLevel();
  Bit take(unsigned column, bool plain);
  Shape bestShape(unsigned column, unsigned here, int balance) const;
  Counter takeCounter(unsigned column, const Shape &shape);
  unsigned depthOf(const Node &node) const;
  bool addChain(int leastGain, int balance);

  AdderGraph &graph;
  unsigned counterBits;
  std::vector<Column> columns; ///< each by rising depth
  uint64_t constant = 0;
  unsigned level = 0; ///< bits of this depth at most go into the next chain
};

} // namespace nnc::dataflow
