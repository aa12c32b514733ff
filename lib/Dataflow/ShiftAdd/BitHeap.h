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
  /// Adds up, in the cheapest of several ways. The result has at most one bit per column.
  std::vector<std::optional<Bit>> compress();

private:
  /// In what order bits go into chains.
  struct Policy {
    unsigned height;  ///< a level begins while a column has that many bits
    int balance; ///< how much counters prefer the column of their lowest bit
  };
  struct Entry {
    Bit bit;
    unsigned depth;
  };
  using Column = llvm::SmallVector<Entry, 8>;

  void mergeEqualBits();
  void mergeConstant();
  void addUp(const Policy &policy);
  unsigned ready(unsigned column) const;
  bool nextLevel(const Policy &policy);
  Bit take(unsigned column, bool plain);
  Counter takeCounter(unsigned column, const Policy &policy);
  unsigned depthOf(const Node &node) const;
  void addChain(const Policy &policy);

  AdderGraph &graph;
  unsigned counterBits;
  std::vector<Column> columns; ///< each by rising depth
  uint64_t constant = 0;
  unsigned level = 0; ///< bits of this depth at most go into the next chain
};

} // namespace nnc::dataflow
