//===- Value.cpp - What is known about one register or stack slot ----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Value.h"

#include <algorithm>

using namespace llvm;

namespace nnc::verify {
namespace {

Interval counterRange(uint16_t loop, ArrayRef<Counter> counters) {
  for (const Counter &c : counters)
    if (c.loop == loop)
      return {c.lo, c.hi};
  return {0, unbounded};
}

/// A product in which an unbounded factor stays unbounded.
int64_t saturatingProduct(int64_t factor, int64_t v) {
  if (factor == 0 || v == 0)
    return 0;
  if (v >= unbounded || v <= -unbounded)
    return (factor > 0) == (v > 0) ? unbounded : -unbounded;
  return saturate(__int128(factor) * v);
}

/// A sum in which an unbounded addend stays unbounded.
int64_t saturatingSum(int64_t a, int64_t b) {
  if (a >= unbounded || a <= -unbounded)
    return a;
  if (b >= unbounded || b <= -unbounded)
    return b;
  return saturate(__int128(a) + b);
}

Interval times(int64_t step, Interval range) {
  if (step < 0)
    std::swap(range.lo, range.hi);
  return {saturatingProduct(step, range.lo), saturatingProduct(step, range.hi)};
}

Interval plus(Interval a, Interval b) {
  return {saturatingSum(a.lo, b.lo), saturatingSum(a.hi, b.hi)};
}

} // namespace

int64_t saturate(__int128 v) {
  if (v >= unbounded)
    return unbounded;
  if (v <= -unbounded)
    return -unbounded;
  return int64_t(v);
}

bool Value::sameTerms(const Value &o) const {
  return count == o.count && std::equal(loops, loops + count, o.loops) &&
         std::equal(steps, steps + count, o.steps);
}

bool Value::operator==(const Value &o) const {
  return tainted == o.tainted && region == o.region && lo == o.lo && hi == o.hi && sameTerms(o);
}

int64_t Value::stepOf(uint16_t loop) const {
  for (unsigned i = 0; i < count; ++i)
    if (loops[i] == loop)
      return steps[i];
  return 0;
}

void Value::addTerm(uint16_t loop, int64_t step) {
  unsigned i = std::lower_bound(loops, loops + count, loop) - loops;
  if (i < count && loops[i] == loop) {
    steps[i] = saturatingSum(steps[i], step);
    if (steps[i] >= unbounded || steps[i] <= -unbounded)
      return forgetNumber();
    if (steps[i] == 0) {
      std::copy(loops + i + 1, loops + count, loops + i);
      std::copy(steps + i + 1, steps + count, steps + i);
      --count;
    }
    return;
  }
  if (step == 0)
    return;
  if (count == maxTerms || step >= unbounded || step <= -unbounded)
    return forgetNumber();
  std::copy_backward(loops + i, loops + count, loops + count + 1);
  std::copy_backward(steps + i, steps + count, steps + count + 1);
  loops[i] = loop;
  steps[i] = step;
  ++count;
}

Interval rangeOf(const Value &v, ArrayRef<Counter> counters) {
  Interval range{v.lo, v.hi};
  for (unsigned i = 0; i < v.count; ++i)
    range = plus(range, times(v.steps[i], counterRange(v.loops[i], counters)));
  return range;
}

Interval rangeWithout(const Value &v, uint16_t loop, ArrayRef<Counter> counters) {
  Value rest = v;
  if (int64_t step = v.stepOf(loop))
    rest.addTerm(loop, -step);
  return rangeOf(rest, counters);
}

Value add(const Value &a, const Value &b) {
  Value r = a;
  r.tainted |= b.tainted;
  if (!b.isInteger()) {
    if (!a.isInteger()) {
      r.forget();
      return r;
    }
    r.region = b.region;
  }
  if (r.region.kind == Region::Saved || r.region.kind == Region::Bytes) {
    r.tainted = true;
    r.forget();
    return r;
  }
  Interval sum = plus({a.lo, a.hi}, {b.lo, b.hi});
  r.lo = sum.lo;
  r.hi = sum.hi;
  for (unsigned i = 0; i < b.count; ++i)
    r.addTerm(b.loops[i], b.steps[i]);
  return r;
}

Value scale(const Value &a, int64_t factor) {
  Value r = a;
  if (!a.isInteger()) {
    r.tainted |= a.region.kind == Region::Saved;
    r.forget();
    return r;
  }
  Interval product = times(factor, {a.lo, a.hi});
  r.lo = product.lo;
  r.hi = product.hi;
  r.count = 0;
  for (unsigned i = 0; i < a.count; ++i) {
    int64_t step = saturatingProduct(factor, a.steps[i]);
    if (step >= unbounded || step <= -unbounded) {
      r.forgetNumber();
      return r;
    }
    r.addTerm(a.loops[i], step);
  }
  return r;
}

Value sub(const Value &a, const Value &b) {
  if (!b.isInteger()) {
    Value r = Value::unknown(a.mayBeData() || b.mayBeData());
    if (!(a.region == b.region) || a.region.kind == Region::Saved || a.region.kind == Region::Bytes)
      return r;
    Value x = a, y = b;
    x.region = y.region = Region();
    return add(x, scale(y, -1));
  }
  return add(a, scale(b, -1));
}

Value addConstant(const Value &a, int64_t c) { return add(a, Value::constant(c)); }

Value join(const Value &a, const Value &b, ArrayRef<Counter> counters) {
  Value r = a;
  r.tainted |= b.tainted;
  if (!(a.region == b.region)) {
    // A saved register holds what the caller had there: maybe data.
    r.tainted |= a.region.kind == Region::Saved || b.region.kind == Region::Saved;
    r.forget();
    return r;
  }
  if (a.region.kind == Region::Bytes && a.lo != b.lo) {
    r.forget();
    return r;
  }
  if (a.sameTerms(b)) {
    r.lo = std::min(a.lo, b.lo);
    r.hi = std::max(a.hi, b.hi);
    return r;
  }
  Interval x = rangeOf(a, counters), y = rangeOf(b, counters);
  r.count = 0;
  r.lo = std::min(x.lo, y.lo);
  r.hi = std::max(x.hi, y.hi);
  return r;
}

bool covers(const Value &b, const Value &a, ArrayRef<Counter> counters) {
  if (a.tainted && !b.tainted)
    return false;
  bool anything = b.isInteger() && b.count == 0 && b.lo <= -unbounded && b.hi >= unbounded;
  if (anything)
    return a.region.kind != Region::Saved || b.tainted;
  if (!(a.region == b.region))
    return false;
  if (a.sameTerms(b))
    return b.lo <= a.lo && a.hi <= b.hi;
  return b.count == 0 && Interval{b.lo, b.hi}.contains(rangeOf(a, counters));
}

void eliminate(Value &v, uint16_t loop, Interval range) {
  int64_t step = v.stepOf(loop);
  if (!step)
    return;
  v.addTerm(loop, -step);
  Interval sum = plus({v.lo, v.hi}, times(step, range));
  v.lo = sum.lo;
  v.hi = sum.hi;
}

std::string regionName(Region region) {
  switch (region.kind) {
  case Region::None:
    return "an address of unknown origin";
  case Region::Stack:
    return "the stack";
  case Region::Arena:
    return "the arena";
  case Region::State:
    return "the state";
  case Region::Input:
    return "input " + std::to_string(region.index);
  case Region::Output:
    return "output " + std::to_string(region.index);
  case Region::Table:
    return region.index ? "the table of outputs" : "the table of inputs";
  case Region::Image:
    return "the constants";
  case Region::Saved:
    return "a register of the caller";
  case Region::Bytes:
    return "a vector constant";
  }
  return "";
}

} // namespace nnc::verify
