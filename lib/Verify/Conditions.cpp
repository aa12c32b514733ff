//===- Conditions.cpp - What a branch tells about the numbers --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Conditions.h"

#include <utility>

using namespace llvm;

namespace nnc::verify {
namespace {

/// `difference` stands in this relation to zero.
enum class Relation { Unknown, Zero, NotZero, Negative, NotNegative, Always, Never };

struct Fact {
  Relation relation = Relation::Unknown;
  Value difference;
  Value a, b; ///< difference = a - b (+ 0 or 1)
  int64_t bias = 0;
};

int64_t floorDivide(int64_t a, int64_t b) {
  int64_t q = a / b;
  return (a % b != 0 && (a < 0) != (b < 0)) ? q - 1 : q;
}
int64_t ceilDivide(int64_t a, int64_t b) { return -floorDivide(-a, b); }

/// `v`, a register read as `width` unsigned bits, as a signed number.
std::optional<Value> signedView(const State &state, const Value &v, unsigned width) {
  if (width == 64)
    return v;
  Interval r = state.range(v);
  int64_t half = int64_t(1) << (width - 1);
  if (!r.isBounded() || (r.lo >= 0 && r.hi < half))
    return v;
  if (r.lo >= half && r.hi < 2 * half)
    return addConstant(v, -2 * half);
  return std::nullopt;
}

/// Compares as unsigned only what is surely not negative as signed.
std::optional<Value> unsignedView(const State &state, const Value &v, unsigned width) {
  if (width == 64 && v.isInteger()) {
    Interval r = state.range(v);
    if (r.lo < 0)
      return std::nullopt;
  }
  return v;
}

using View = std::optional<Value> (*)(const State &, const Value &, unsigned);

/// a - b as a number in the chosen view, if it is one.
std::optional<Fact> differenceFact(const State &state, Relation relation, int64_t bias, View view) {
  const Comparison &c = state.comparison;
  bool comparable = c.a.region == c.b.region && c.a.region.kind != Region::Saved &&
                    c.a.region.kind != Region::Bytes;
  if (!comparable)
    return std::nullopt;
  std::optional<Value> a = view ? view(state, c.a, c.width) : c.a;
  std::optional<Value> b = view ? view(state, c.b, c.width) : c.b;
  if (!a || !b)
    return std::nullopt;
  Fact fact{relation, addConstant(sub(*a, *b), bias), *a, *b, bias};
  return fact;
}

std::optional<Fact> factOfDifference(const State &state, Condition condition) {
  switch (condition) {
  case CondE:
    return differenceFact(state, Relation::Zero, 0, nullptr);
  case CondNE:
    return differenceFact(state, Relation::NotZero, 0, nullptr);
  case CondL:
    return differenceFact(state, Relation::Negative, 0, signedView);
  case CondGE:
    return differenceFact(state, Relation::NotNegative, 0, signedView);
  case CondLE:
    return differenceFact(state, Relation::Negative, -1, signedView);
  case CondG:
    return differenceFact(state, Relation::NotNegative, -1, signedView);
  case CondB:
    return differenceFact(state, Relation::Negative, 0, unsignedView);
  case CondAE:
    return differenceFact(state, Relation::NotNegative, 0, unsignedView);
  case CondBE:
    return differenceFact(state, Relation::Negative, -1, unsignedView);
  case CondA:
    return differenceFact(state, Relation::NotNegative, -1, unsignedView);
  default:
    return std::nullopt;
  }
}

std::optional<Fact> settled(Relation relation) {
  Fact fact;
  fact.relation = relation;
  return fact;
}

/// Flags of a result against zero. Only after a logic operation are carry and
/// overflow known to be clear.
std::optional<Fact> factOfResult(const State &state, Condition condition, bool isLogic) {
  switch (condition) {
  case CondE:
  case CondNE:
    return factOfDifference(state, condition);
  case CondS:
    return factOfDifference(state, CondL);
  case CondNS:
    return factOfDifference(state, CondGE);
  case CondL:
  case CondGE:
  case CondLE:
  case CondG:
    return isLogic ? factOfDifference(state, condition) : std::nullopt;
  case CondB:
  case CondO:
    return isLogic ? settled(Relation::Never) : std::nullopt;
  case CondAE:
  case CondNO:
    return isLogic ? settled(Relation::Always) : std::nullopt;
  case CondBE:
    return isLogic ? factOfDifference(state, CondE) : std::nullopt;
  case CondA:
    return isLogic ? factOfDifference(state, CondNE) : std::nullopt;
  default:
    return std::nullopt;
  }
}

std::optional<Fact> factOf(const State &state, Condition condition) {
  switch (state.comparison.kind) {
  case Comparison::None:
    return std::nullopt;
  case Comparison::Difference:
    return factOfDifference(state, condition);
  case Comparison::Logic:
    return factOfResult(state, condition, true);
  case Comparison::Result:
    return factOfResult(state, condition, false);
  }
  return std::nullopt;
}

bool isImpossible(const Fact &fact, Interval d, const Value &difference) {
  switch (fact.relation) {
  case Relation::Zero:
    if (difference.count == 1 && difference.lo == difference.hi &&
        difference.lo % difference.steps[0] != 0)
      return true;
    return d.lo > 0 || d.hi < 0;
  case Relation::NotZero:
    return d.lo == 0 && d.hi == 0;
  case Relation::Negative:
    return d.lo >= 0;
  case Relation::NotNegative:
    return d.hi < 0;
  case Relation::Never:
    return true;
  default:
    return false;
  }
}

/// step * k <= bound
void atMost(Counter &c, int64_t step, int64_t bound) {
  if (bound >= unbounded)
    return;
  if (bound <= -unbounded) // arithmetic saturated: nothing known
    return;
  if (step > 0)
    c.hi = std::min(c.hi, floorDivide(bound, step));
  else
    c.lo = std::max(c.lo, ceilDivide(bound, step));
}

/// step * k >= bound
void atLeast(Counter &c, int64_t step, int64_t bound) {
  if (bound <= -unbounded || bound >= unbounded)
    return;
  if (step > 0)
    c.lo = std::max(c.lo, ceilDivide(bound, step));
  else
    c.hi = std::min(c.hi, floorDivide(bound, step));
}

void narrowCounter(Counter &c, int64_t step, Interval rest, Relation relation) {
  if (relation == Relation::Negative || relation == Relation::Zero)
    atMost(c, step,
           rest.lo <= -unbounded ? unbounded : (relation == Relation::Zero ? 0 : -1) - rest.lo);
  if (relation == Relation::NotNegative || relation == Relation::Zero)
    atLeast(c, step, rest.hi >= unbounded ? -unbounded : -rest.hi);
  if (relation == Relation::NotZero && rest.isExact() && rest.isBounded() && rest.lo % step == 0) {
    int64_t k = -rest.lo / step;
    if (c.lo == k)
      ++c.lo;
    else if (c.hi == k)
      --c.hi;
  }
}

/// Bounds of `a` where it stands in `relation` to `b`.
Interval narrowLeft(Interval a, Interval b, Relation relation, int64_t bias) {
  switch (relation) {
  case Relation::Zero:
    return {std::max(a.lo, b.lo), std::min(a.hi, b.hi)};
  case Relation::NotZero:
    if (b.isExact() && a.lo == b.lo)
      ++a.lo;
    if (b.isExact() && a.hi == b.lo)
      --a.hi;
    return a;
  case Relation::Negative: // a - b + bias < 0
    if (b.hi < unbounded)
      a.hi = std::min(a.hi, saturate(__int128(b.hi) - bias - 1));
    return a;
  case Relation::NotNegative:
    if (b.lo > -unbounded)
      a.lo = std::max(a.lo, saturate(__int128(b.lo) - bias));
    return a;
  default:
    return a;
  }
}

/// Bounds of `b` where `a` stands in `relation` to it.
Interval narrowRight(Interval a, Interval b, Relation relation, int64_t bias) {
  switch (relation) {
  case Relation::Negative: // b > a + bias
    if (a.lo > -unbounded)
      b.lo = std::max(b.lo, saturate(__int128(a.lo) + bias + 1));
    return b;
  case Relation::NotNegative: // b <= a + bias
    if (a.hi < unbounded)
      b.hi = std::min(b.hi, saturate(__int128(a.hi) + bias));
    return b;
  default:
    return narrowLeft(b, a, relation, bias);
  }
}

/// The register's value narrowed to `range` if it is the one compared, read in
/// the same way.
Value withRange(const State &state, const Value &v, const Value &viewed, Interval range) {
  if (!(v == viewed))
    return v;
  Interval old = state.range(v);
  if (range.lo <= old.lo && range.hi >= old.hi)
    return v;
  if (range.lo > range.hi) // cannot be: the caller's side condition decides
    return v;
  Value r = v;
  r.count = 0;
  r.lo = std::max(old.lo, range.lo);
  r.hi = std::min(old.hi, range.hi);
  return r;
}

/// The range of one side of a comparison where that side is surely not negative,
/// whatever it was before: at most the other side as unsigned, or at least the
/// other side as signed, and that one is not negative.
std::optional<Interval> notNegativeSide(const Comparison &c, Interval other, Condition condition,
                                        bool isLeft) {
  int64_t greatest = c.width == 64 ? unbounded : (int64_t(1) << (c.width - 1)) - 1;
  bool isLogic = c.kind == Comparison::Logic, isDifference = c.kind == Comparison::Difference;
  if (!c.a.isInteger() || !c.b.isInteger() || other.lo < 0 || other.hi > greatest)
    return std::nullopt;
  auto says = [&](Condition left, Condition right) { return condition == (isLeft ? left : right); };
  if (isDifference && other.isBounded() && says(CondB, CondA))
    return Interval{0, other.hi - 1};
  if (isDifference && other.isBounded() && says(CondBE, CondAE))
    return Interval{0, other.hi};
  if ((isDifference || isLogic) && says(CondG, CondL))
    return Interval{saturate(__int128(other.lo) + 1), greatest};
  if ((isDifference || isLogic) && says(CondGE, CondLE))
    return Interval{other.lo, greatest};
  if (isLogic && isLeft && condition == CondNS)
    return Interval{0, greatest};
  return std::nullopt;
}

} // namespace

bool isConditionTainted(const State &state, Condition condition) {
  if (condition == CondB || condition == CondAE)
    return state.carryTainted;
  if (condition == CondBE || condition == CondA)
    return state.carryTainted || state.flagsTainted;
  return state.flagsTainted;
}

std::optional<bool> decide(const State &state, Condition condition) {
  for (bool truth : {true, false}) {
    std::optional<Fact> fact = factOf(state, truth ? condition : opposite(condition));
    if (fact && isImpossible(*fact, state.range(fact->difference), fact->difference))
      return !truth;
  }
  return std::nullopt;
}

bool assume(State &state, Condition condition) {
  std::optional<Fact> fact = factOf(state, condition);
  if (!fact || fact->relation == Relation::Always)
    return true;
  if (isImpossible(*fact, state.range(fact->difference), fact->difference))
    return false;
  const Value &d = fact->difference;
  for (unsigned i = 0; i < d.count; ++i)
    if (Counter *c = state.counter(d.loops[i])) {
      narrowCounter(*c, d.steps[i], rangeWithout(d, d.loops[i], state.counters), fact->relation);
      if (c->lo > c->hi)
        return false;
    }
  for (uint8_t reg : {state.comparison.aRegister, state.comparison.bRegister})
    if (reg != NoLocation && reg < FirstMask && state.gpr[reg].count == 0)
      state.gpr[reg] = narrowed(state, condition, state.gpr[reg], reg);
  return true;
}

Value narrowed(const State &state, Condition condition, const Value &value, uint8_t location) {
  if (location == NoLocation)
    return value;
  const Comparison &c = state.comparison;
  for (bool isLeft : {true, false}) {
    if (location != (isLeft ? c.aRegister : c.bRegister))
      continue;
    Interval other = state.range(isLeft ? c.b : c.a);
    if (auto range = notNegativeSide(c, other, condition, isLeft))
      return withRange(state, value, isLeft ? c.a : c.b, *range);
  }
  std::optional<Fact> fact = factOf(state, condition);
  if (!fact || fact->relation == Relation::Always || fact->relation == Relation::Never)
    return value;
  Interval a = state.range(fact->a), b = state.range(fact->b);
  if (location == state.comparison.aRegister)
    return withRange(state, value, fact->a, narrowLeft(a, b, fact->relation, fact->bias));
  if (location == state.comparison.bRegister)
    return withRange(state, value, fact->b, narrowRight(a, b, fact->relation, fact->bias));
  return value;
}

std::optional<LastIteration> firstIterationWhere(const State &state, Condition condition,
                                                 uint16_t loop) {
  std::optional<Fact> fact = factOf(state, condition);
  if (!fact)
    return std::nullopt;
  int64_t step = fact->difference.stepOf(loop);
  Interval rest = rangeWithout(fact->difference, loop, state.counters);
  if (step == 0 || !rest.isBounded())
    return std::nullopt;
  int64_t k = -1;
  switch (fact->relation) {
  case Relation::Zero:
    if (!rest.isExact() || rest.lo % step != 0)
      return std::nullopt;
    k = -rest.lo / step;
    break;
  case Relation::NotZero: // the loop goes on while something is zero: one iteration at most
    if (!rest.isExact())
      return std::nullopt;
    return LastIteration{rest.lo == 0 ? 1 : 0, true};
  case Relation::Negative: // surely once step * k <= -1 - rest.hi
    if (step > 0)
      return std::nullopt;
    k = ceilDivide(-1 - rest.hi, step);
    break;
  case Relation::NotNegative: // surely once step * k >= -rest.lo
    if (step < 0)
      return std::nullopt;
    k = ceilDivide(-rest.lo, step);
    break;
  default:
    return std::nullopt;
  }
  if (k < 0 && fact->relation == Relation::Zero)
    return std::nullopt;
  return LastIteration{std::max<int64_t>(k, 0), rest.isExact()};
}

} // namespace nnc::verify
