//===- Value.h - What is known about one register or stack slot --*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace nnc::verify {

/// The number that stands for no bound; arithmetic saturates there.
constexpr int64_t unbounded = INT64_MAX;

/// A closed range of integers.
struct Interval {
  int64_t lo = -unbounded, hi = unbounded;
  bool isExact() const { return lo == hi; }
  bool isBounded() const { return lo > -unbounded && hi < unbounded; }
  bool contains(Interval o) const { return lo <= o.lo && o.hi <= hi; }
};

/// What an address points into.
struct Region {
  enum Kind : uint8_t {
    None,  ///< a plain integer
    Stack, ///< index = frame base, offset from it
    Arena,
    State,
    Input,  ///< index = number of the input
    Output, ///< index = number of the output
    Table,  ///< the arrays of pointers: index 0 inputs, 1 outputs
    Image,  ///< absolute address in the file's image
    Saved,  ///< as the caller left it: a callee-saved register (index), MXCSR (mxcsrIndex)
    Bytes   ///< a vector whose bytes from lo on are zero
  };
  static constexpr uint16_t mxcsrIndex = 16;
  Kind kind = None;
  uint16_t index = 0;
  bool operator==(const Region &o) const { return kind == o.kind && index == o.index; }
};

/// The range of one loop's iteration number on the current path.
struct Counter {
  uint16_t loop = 0;
  int64_t lo = 0, hi = unbounded;
  bool isReached = false; ///< every run comes to iteration `hi`
  bool operator==(const Counter &o) const { return loop == o.loop && lo == o.lo && hi == o.hi; }
};
using Counters = llvm::SmallVector<Counter, 8>;

/// Where an exit test ends a loop. A bound that is itself a range (the edge of a
/// window, say) is not reached in every run.
struct LastIteration {
  int64_t number = 0;
  bool isReached = false;
};

/// region + sum of steps[i] * counter(loops[i]) + [lo, hi], read as a signed
/// 64-bit register. `tainted` says that it may depend on tensor contents; the
/// number may be known all the same (an index clamped into range).
struct Value {
  static constexpr unsigned maxTerms = 8;
  bool tainted = false;
  Region region;
  uint8_t count = 0;
  int64_t lo = -unbounded, hi = unbounded;
  uint16_t loops[maxTerms]; ///< the first `count` are set, in increasing order
  int64_t steps[maxTerms];

  Value() {}
  Value(const Value &o) { *this = o; }
  /// Most values have no terms, so copying those that are set is worth a loop.
  Value &operator=(const Value &o) {
    tainted = o.tainted;
    region = o.region;
    count = o.count;
    lo = o.lo;
    hi = o.hi;
    for (unsigned i = 0; i < o.count; ++i) {
      loops[i] = o.loops[i];
      steps[i] = o.steps[i];
    }
    return *this;
  }

  static Value unknown(bool tainted) {
    Value v;
    v.tainted = tainted;
    return v;
  }
  static Value constant(int64_t c) { return range(c, c, false); }
  static Value range(int64_t lo, int64_t hi, bool tainted) {
    Value v;
    v.tainted = tainted;
    v.lo = lo;
    v.hi = hi;
    return v;
  }
  static Value pointer(Region region, int64_t offset) {
    Value v = constant(offset);
    v.region = region;
    return v;
  }

  /// What the caller left is whatever it worked on last.
  bool mayBeData() const { return tainted || region.kind == Region::Saved; }
  bool isInteger() const { return region.kind == Region::None; }
  bool isConstant() const { return isInteger() && count == 0 && lo == hi; }
  bool sameTerms(const Value &o) const;
  bool operator==(const Value &o) const;
  int64_t stepOf(uint16_t loop) const;
  /// Adds step * counter(loop); an overfull value loses its number.
  void addTerm(uint16_t loop, int64_t step);
  /// Forgets the number, keeps taint and region.
  void forgetNumber() {
    count = 0;
    lo = -unbounded;
    hi = unbounded;
  }
  /// Forgets all but the taint.
  void forget() {
    region = Region();
    forgetNumber();
  }
};

/// What is known about one vector register: enough to tell how far a mask in it
/// reaches.
struct VectorValue {
  bool tainted = false;
  uint8_t end = 64; ///< all bytes from here on are zero

  static VectorValue unknown(bool tainted) { return {tainted, 64}; }
  static VectorValue from(const Value &v, unsigned bytes) {
    bool known = v.region.kind == Region::Bytes && v.lo >= 0 && v.lo < int64_t(bytes);
    return {v.mayBeData(), uint8_t(known ? v.lo : std::min(bytes, 64u))};
  }
  Value asValue() const {
    Value v = Value::pointer({Region::Bytes, 0}, end);
    v.tainted = tainted;
    return v;
  }
  void joinWith(const VectorValue &o) {
    tainted |= o.tainted;
    end = std::max(end, o.end);
  }
  /// Whether everything that `o` may be is covered.
  bool covers(const VectorValue &o) const { return (tainted || !o.tainted) && end >= o.end; }
};

int64_t saturate(__int128 v);
/// Bounds of the offset over all iterations in `counters`.
Interval rangeOf(const Value &v, llvm::ArrayRef<Counter> counters);
/// Bounds of the part of the offset without the terms of `loop`.
Interval rangeWithout(const Value &v, uint16_t loop, llvm::ArrayRef<Counter> counters);

Value add(const Value &a, const Value &b);
Value sub(const Value &a, const Value &b);
Value addConstant(const Value &a, int64_t c);
Value scale(const Value &a, int64_t factor);
/// Least value of the domain that covers both.
Value join(const Value &a, const Value &b, llvm::ArrayRef<Counter> counters);
/// Whether every number of `a` is one of `b` (same region, taint included).
bool covers(const Value &b, const Value &a, llvm::ArrayRef<Counter> counters);
/// Replaces counter(loop) by its range and removes the term.
void eliminate(Value &v, uint16_t loop, Interval range);

std::string regionName(Region region);

} // namespace nnc::verify
