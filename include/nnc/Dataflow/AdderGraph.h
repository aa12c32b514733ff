//===- AdderGraph.h - A constant matrix product in adders -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The graph is kept at the level of bits, since that is what costs: a term that
// is shifted is the same wires elsewhere, and one that is subtracted is the same
// wires inverted. So every number in the graph is unsigned and every sum is a sum
// of non-negative bits; what complements and signed inputs add is a constant that
// is known beforehand, and is added last or carried along.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace nnc::dataflow {

/// Integers from `least` to `most`, both included.
struct Interval {
  int64_t least = 0, most = 0;

  bool operator==(const Interval &) const = default;
};

/// One bit of a node, 0 the lowest, or its complement; or the constant one.
struct Bit {
  static constexpr unsigned constant = ~0u;

  unsigned node = constant, index = 0;
  bool inverted = false;

  bool isOne() const { return node == constant; }
  bool operator==(const Bit &) const = default;
};

/// A bit that a counter counts 2^offset times.
struct CountedBit {
  Bit bit;
  unsigned offset = 0;
};

/// The second addend of a carry chain at columns [column, column + width()): the number of ones
/// among a few bits, constants included. A counter of one bit is that bit. With five variables, the
/// table in front of each position of the chain holds the counter and the half adder together.
struct Counter {
  static constexpr unsigned mostBits = 5, mostWidth = 3;

  unsigned column = 0;
  llvm::SmallVector<CountedBit, mostBits> bits;

  unsigned variables() const; ///< bits that are not constant
  unsigned most() const;      ///< its value with all bits one
  unsigned width() const;     ///< bits of most()
};

/// An input, or the sum of two rows in one carry chain: an addend with at most one bit in each
/// column, and counters that do not overlap. Column 0 is the node's own lowest bit.
struct Node {
  unsigned width = 0;
  unsigned depth = 0; ///< carry chains on the longest way from an input, this one included
  std::vector<std::optional<Bit>> addend;
  std::vector<Counter> counters;
  std::optional<Bit> carry; ///< comes in at column 0

  /// The counter whose result has a bit in `column`, or null.
  const Counter *counterAt(unsigned column) const;
  /// Calls `visit` for each bit that the node adds, with its column.
  void forEachBit(llvm::function_ref<void(const Bit &, unsigned column)> visit) const;
};

/// (negative ? -1 : 1) * (word << shift).
struct WordTerm {
  unsigned word = 0, shift = 0;
  bool negative = false;
};

/// The sum of `terms` and `constant` as a number, or an input. Its bits may come from several
/// nodes: where nothing is added, bits are wires.
struct Word {
  std::vector<WordTerm> terms;
  int64_t constant = 0;
  std::vector<std::optional<Bit>> bits; ///< from column 0; none: always zero
  bool isSigned = false;                ///< two's complement; else unsigned
  Interval values;
  unsigned firstNode = 0, endNode = 0; ///< the nodes that were made for it
};

/// `constant` + (negative ? -1 : 1) * (word << shift); without a word just the constant.
struct Output {
  std::optional<unsigned> word;
  unsigned shift = 0;
  bool negative = false;
  int64_t constant = 0;
};

/// An input of the matrix. Its wires are an unsigned number with these `values`, and what is
/// multiplied is (number - offset) << step.
struct Input {
  Interval values;
  int64_t offset = 0;
  unsigned step = 0;

  /// For multiples of 2^step in `range`, either unsigned or in two's complement with the sign bit
  /// inverted, without the low `step` bits.
  static Input binary(Interval range, unsigned step = 0);

  unsigned width() const; ///< at least one wire
};

/// Nodes [0, inputs.size()) are the inputs, and so are words; nodes and words use earlier ones.
struct AdderGraph {
  std::vector<Input> inputs;
  std::vector<Node> nodes;
  std::vector<Word> words;
  std::vector<Output> outputs;

  /// Of the deepest of these bits.
  unsigned depth(llvm::ArrayRef<std::optional<Bit>> bits) const;
  /// The outputs for one value of each input, by the circuit as it stands.
  std::vector<int64_t> evaluate(llvm::ArrayRef<int64_t> values) const;
};

/// Bits of the unsigned number `most`.
unsigned bitWidth(uint64_t most);

} // namespace nnc::dataflow
