//===- BitNetwork.h - A design as gates between cells ----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

#include <array>
#include <cstdint>
#include <map>
#include <vector>

namespace nnc::hls {

/// One bit: what a node gives, or its complement. Node 0 is the constant zero.
struct Bit {
  uint32_t code = 0;

  static Bit of(uint32_t node) { return {node << 1}; }
  uint32_t node() const { return code >> 1; }
  bool isInverted() const { return code & 1; }
  Bit operator!() const { return {code ^ 1}; }
  bool isConstant() const { return node() == 0; }
  bool operator==(const Bit &) const = default;
  auto operator<=>(const Bit &) const = default;
};

inline constexpr Bit zeroBit{0}, oneBit{1};

using Bits = std::vector<Bit>;

/// Inputs of the largest table, which is one of several tables of six inputs.
inline constexpr unsigned mostInputs = 8;

/// A gate of up to three bits, or a leaf: a bit that comes out of a cell.
struct Gate {
  enum Kind : uint8_t { Leaf, And, Xor, Mux };

  Kind kind = Leaf;
  std::array<Bit, 3> inputs = {}; ///< of Mux: the condition, the value where it holds, the other
  uint32_t owner = 0;             ///< of a leaf: its cell; of a gate: the part that it belongs to
};

/// What is no logic. Its outputs are the leaves from `firstLeaf` on.
struct Cell {
  enum Kind : uint8_t {
    Port,     ///< no input; outputs: the bits of an input of the design
    Result,   ///< inputs: the bits of an output of the design
    Register, ///< inputs: next, enable, reset; one output
    Chain,    ///< inputs: carry, then a sum bit's two, `select` and `data`, for each position;
              ///< outputs: the sum bits, and last the carry out
    Memory,   ///< inputs: all its ports
  };

  Kind kind = Port;
  uint32_t part = 0;
  Bits inputs = {};
  uint32_t firstLeaf = 0, leaves = 0;
  bool resetsToOne = false;   ///< of a register
  unsigned tables = 0;        ///< of a memory: LUTs
  unsigned blocks = 0;        ///< of a memory: block RAMs
  bool isLive = false;        ///< some result depends on it
  uint32_t livePositions = 0; ///< of a chain: those up to the highest that is read
};

/// Gates in the order of their dependence, equal ones once, constants folded.
class BitNetwork {
public:
  BitNetwork();

  /// The part that gates and cells belong to from now on.
  void setPart(uint32_t part) { currentPart = part; }

  Bit both(Bit a, Bit b);
  Bit either(Bit a, Bit b) { return !both(!a, !b); }
  Bit differ(Bit a, Bit b);
  Bit choose(Bit condition, Bit onTrue, Bit onFalse);
  /// The same, by a multiplexer that registers may do without: see `absorbResets`.
  Bit multiplex(Bit condition, Bit onTrue, Bit onFalse);
  /// All of them. Those that depend on the same leaves are joined first, as far as tables take
  /// them.
  Bit all(Bits bits);

  /// A cell whose inputs are not known yet.
  uint32_t addCell(Cell::Kind kind, uint32_t outputs);
  /// Carry chain for a + b + carry; the sum bits, and behind them the carry out. An operand that
  /// the carry multiplexers take is `a`.
  Bits addChain(llvm::ArrayRef<Bit> a, llvm::ArrayRef<Bit> b, Bit carry);
  /// Positions that propagate the carry where `select` holds and give `data` as the next one else.
  Bits addCarries(llvm::ArrayRef<Bit> select, llvm::ArrayRef<Bit> data, Bit carry);
  Bit leaf(uint32_t cell, uint32_t output) const { return Bit::of(cells[cell].firstLeaf + output); }

  /// A multiplexer with a constant in front of a register becomes its reset, unless the register
  /// has another value as its reset, or a reset and an enable.
  void absorbResets();
  /// Equal registers become one, those that never change become constants.
  void mergeRegisters();
  /// Marks what results depend on.
  void markLive();

  std::vector<Gate> gates;
  std::vector<Cell> cells;

private:
  using Support = llvm::SmallVector<uint32_t, mostInputs + 1>;

  Support supportOf(Bit bit) const;
  Bit makeGate(Gate::Kind kind, std::array<Bit, 3> inputs);
  bool mergeOnce();

  using Key = std::tuple<Gate::Kind, Bit, Bit, Bit>;
  std::map<Key, uint32_t> known;
  std::map<Bits, uint32_t> knownChains;
  /// Where a multiplexer's result is `value` while `condition` holds, and `other` else.
  struct Forced {
    Bit condition, other;
    bool value;
  };
  llvm::DenseMap<uint32_t, Forced> forced; ///< by the result's code
  uint32_t currentPart = 0;
};

} // namespace nnc::hls
