//===- BitHeap.h - Many terms in few carry chains ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Dataflow/AdderGraph.h"

namespace nnc::dataflow {

/// Bits by weight, still to be added. Every sum is the sum of non-negative bits, so that no part of
/// it exceeds the whole: what is known of the whole bounds every chain, and none overflows.
class BitHeap {
public:
  /// For a sum whose values have at most `width` bits. Nodes go to `graph`.
  BitHeap(AdderGraph &graph, unsigned width) : graph(graph), columns(width) {}

  void add(unsigned column, Bit bit);
  /// Adds up. The result has at most one bit per column. Returns what was found to be constant
  /// and is not among them (a bit plus its complement).
  std::vector<std::optional<Bit>> compress(int64_t &constant);

private:
  struct Entry {
    Bit bit;
    unsigned depth;
  };
  using Column = llvm::SmallVector<Entry, 8>;

  void mergeEqualBits(int64_t &constant);
  unsigned ready(unsigned column) const;
  bool nextLevel();
  Bit take(unsigned column, bool plain);
  Counter takeCounter(unsigned column);
  void addChain();

  AdderGraph &graph;
  std::vector<Column> columns; ///< each by rising depth
  unsigned level = 0;          ///< bits of this depth at most go into the next chain
};

} // namespace nnc::dataflow
