//===- State.h - The abstract machine at one point of the code ---*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Value.h"

#include <algorithm>
#include <vector>

namespace nnc::verify {

/// The registers that the analysis knows, numbered so that a set of them is a
/// 64-bit mask. Every part of a register (al, xmm3) counts as the whole.
enum Location : uint8_t {
  FirstGPR = 0, ///< RAX RCX RDX RBX RSP RBP RSI RDI R8 … R15, as x86 encodes them
  RAX = 0,
  RCX = 1,
  RDX = 2,
  RBX = 3,
  RSP = 4,
  RBP = 5,
  RSI = 6,
  RDI = 7,
  FirstMask = 16,   ///< k0 … k7
  FirstVector = 24, ///< zmm0 … zmm31
  CarryFlag = 56,
  OtherFlags = 57,
  NumLocations = 58,
  FirstMatrix = 128, ///< tmm0 … tmm7: in no set, for what they hold always counts as data
  NoLocation = 255
};
constexpr bool isMatrix(uint8_t location) {
  return location >= FirstMatrix && location != NoLocation;
}
using LocationSet = uint64_t;
constexpr LocationSet bit(unsigned location) { return LocationSet(1) << location; }

/// Public low bits of a register whose other bits may be data (`sete al`,
/// `mov ax, 1023`).
struct LowPart {
  uint8_t bits = 0; ///< 0, 8 or 16 bits are public
  bool known = false;
  uint16_t number = 0; ///< if known

  LowPart first(unsigned count) const {
    return {uint8_t(std::min<unsigned>(bits, count)), known,
            uint16_t(number & ((1u << std::min<unsigned>(bits, count)) - 1))};
  }
  void joinWith(const LowPart &o) {
    LowPart a = first(o.bits), b = o.first(bits);
    bits = a.bits;
    known = a.known && b.known && a.number == b.number;
    number = known ? a.number : 0;
  }
  bool covers(const LowPart &o) const {
    LowPart b = o.first(bits);
    return b.bits >= bits && (!known || (b.known && b.number == number));
  }
};

/// Bytes of the stack that hold one stored value.
struct Slot {
  uint16_t base = 0; ///< frame base, as in Region::Stack
  int64_t offset = 0;
  uint32_t size = 0;
  Value value;
};

/// What a general register holds of another one, as long as neither is written.
struct Origin {
  enum Kind : uint8_t { None, Copy, SignMask } kind = None; ///< SignMask: 0 or -1, by its sign
  uint8_t of = NoLocation;
  uint8_t width = 0; ///< of the low bits for which it holds
};

/// What MXCSR holds: what the network's caller had there, the mode that times
/// are claimed for, or anything else. Sticky bits apart.
enum class FloatMode : uint8_t { Other, Callers, Claimed };

/// What the flags were computed from, so that branches can narrow ranges.
struct Comparison {
  enum Kind : uint8_t { None, Difference, Logic, Result } kind = None;
  uint8_t width = 64; ///< bits
  Value a, b;         ///< Difference: flags of a - b; others: flags of a against 0
  uint8_t aRegister = NoLocation, bRegister = NoLocation; ///< still holding a, b
};

/// The abstract machine: one value per register, one per stack slot.
class State {
public:
  bool reachable = false;
  Value gpr[16];
  Value mask[8];
  VectorValue vector[32];
  bool carryTainted = true, flagsTainted = true;
  FloatMode floatMode = FloatMode::Other;
  /// Where the constants stand that gave matrix registers their shapes.
  int64_t matrixShapes = noShapes;
  static constexpr int64_t unknownShapes = -1, noShapes = -2;
  Comparison comparison;
  Origin origin[16];
  std::vector<Slot> slots; ///< disjoint, sorted by (base, offset)
  Counters counters;       ///< of the loops around this point
  /// Of general and mask registers, by location.
  LowPart low[FirstVector];
  /// One entry per frame base. Realigning the stack pointer opens a new base at
  /// an unknown distance; from then on only what lies at or above the floor of
  /// the older base is surely not the new frame.
  llvm::SmallVector<int64_t, 4> floors = {-unbounded};

  Interval range(const Value &v) const { return rangeOf(v, counters); }
  bool isTainted(unsigned location) const;
  bool isLowByteTainted(unsigned location) const { return lowPart(location).bits < 8; }
  /// What is known of the low bits: as written there, or as part of the whole.
  LowPart lowPart(unsigned location) const;
  bool anyTainted(LocationSet locations) const;
  void taintLocation(unsigned location, bool tainted);
  /// Sets a general register; comparisons and origins that spoke of it forget
  /// it.
  void setGPR(unsigned reg, const Value &v);
  void forgetOrigins() { std::fill(std::begin(origin), std::end(origin), Origin()); }
  /// A register that holds the same low bits as `reg`, or NoLocation.
  uint8_t copyOf(unsigned reg, unsigned width) const;
  /// Whether `mask` is 0 or -1 by the sign of the low bits of `reg`.
  bool isSignMaskOf(unsigned mask, unsigned reg, unsigned width) const;
  void setMask(unsigned number, const Value &v);

  Value loadSlot(uint16_t base, int64_t offset, uint32_t size) const;
  /// Whether code that was looked at stored all of these bytes.
  bool isStored(uint16_t base, int64_t offset, uint32_t size) const;
  void storeSlot(uint16_t base, int64_t offset, uint32_t size, const Value &v);
  /// Forgets everything on the stack: a store went to an unknown place.
  void forgetSlots() { slots.clear(); }
  /// Forgets what lies below the stack pointer.
  void dropBelow(uint16_t base, int64_t offset);

  /// Widens this state so that it covers `o` too.
  void joinWith(const State &o);
  /// Calls `f` on every value.
  template <typename F>
  void forEachValue(F f) {
    for (Value &v : gpr)
      f(v);
    for (Value &v : mask)
      f(v);
    for (Slot &s : slots)
      f(s.value);
    f(comparison.a);
    f(comparison.b);
  }
  Counter *counter(uint16_t loop);
};

} // namespace nnc::verify
