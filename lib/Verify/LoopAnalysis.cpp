//===- LoopAnalysis.cpp - Loops as functions of their iteration number -----===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Soundness of the summary is an induction over the iteration number k. The
// last pass over a loop starts from a head state H(k), 0 <= k <= last, that
// covers the entry state at k = 0, and it is kept only if every state on a back
// edge is covered by H(k + 1) and has k <= last - 1. How the guess was found
// does not matter.
//
//===----------------------------------------------------------------------===//
#include "Analysis.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace nnc::verify {
namespace {

/// Each attempt raises at least one location in a chain of four, but hostile
/// code could still make this long.
constexpr unsigned maxAttempts = 400;

Value atHead(const Evolution &e, const Value &entry, uint16_t loop) {
  Value v = entry;
  switch (e.kind) {
  case Evolution::Same:
    break;
  case Evolution::Step:
    v.addTerm(loop, e.step);
    break;
  case Evolution::Range:
    v = e.range;
    break;
  case Evolution::Lost:
    v.tainted |= v.region.kind == Region::Saved;
    v.forget();
    break;
  }
  v.tainted |= e.tainted;
  return v;
}

/// entry + constant, if that is what `back` is.
std::optional<int64_t> constantDelta(const Value &entry, const Value &back) {
  bool numbers = entry.region.kind != Region::Saved && entry.region.kind != Region::Bytes &&
                 entry.lo > -unbounded && entry.hi < unbounded;
  __int128 delta = __int128(back.lo) - entry.lo;
  if (!numbers || !(entry.region == back.region) || !entry.sameTerms(back) ||
      delta != __int128(back.hi) - entry.hi || saturate(delta) != delta)
    return std::nullopt;
  return int64_t(delta);
}

auto slotKey(const Slot &s) { return std::tuple(s.base, s.offset, s.size); }

const Slot *findSlot(const std::vector<Slot> &slots, const Slot &like) {
  auto it = lower_bound(slots, slotKey(like),
                        [](const Slot &s, const auto &key) { return slotKey(s) < key; });
  return it != slots.end() && slotKey(*it) == slotKey(like) ? &*it : nullptr;
}

void eliminateLoop(State &state, uint16_t loop) {
  Interval range{0, unbounded};
  if (Counter *c = state.counter(loop))
    range = {c->lo, c->hi};
  state.forEachValue([&](Value &v) { eliminate(v, loop, range); });
  erase_if(state.counters, [&](const Counter &c) { return c.loop == loop; });
}

} // namespace

bool LoopGuess::hasSteps() const {
  auto steps = [](const Evolution &e) { return e.kind == Evolution::Step; };
  return any_of(gpr, steps) || any_of(mask, steps) ||
         any_of(slots, [&](const auto &s) { return steps(s.second); });
}

/// The state at the loop's head in iteration k.
State FunctionAnalysis::headState(const State &entry, const LoopGuess &guess, uint16_t loop) const {
  State head = entry;
  if (!guess.firstOnly)
    head.counters.push_back(guess.last ? Counter{loop, 0, guess.last->number, guess.last->isReached}
                                       : Counter{loop});
  for (unsigned i = 0; i < 16; ++i)
    head.gpr[i] = atHead(guess.gpr[i], entry.gpr[i], loop);
  for (unsigned i = 0; i < 8; ++i)
    head.mask[i] = atHead(guess.mask[i], entry.mask[i], loop);
  for (unsigned i = 0; i < 32; ++i) {
    head.vector[i].tainted |= guess.taintedVectors >> i & 1;
    if (guess.wideVectors >> i & 1)
      head.vector[i].end = 64;
  }
  erase_if(head.slots, [&](const Slot &s) {
    auto it = guess.slots.find(slotKey(s));
    return it != guess.slots.end() && it->second.kind == Evolution::Lost;
  });
  for (Slot &s : head.slots)
    if (auto it = guess.slots.find(slotKey(s)); it != guess.slots.end())
      s.value = atHead(it->second, s.value, loop);
  head.carryTainted |= guess.carryTainted;
  head.flagsTainted |= guess.flagsTainted;
  if (guess.floatModeLost)
    head.floatMode = FloatMode::Other;
  if (guess.shapesLost)
    head.matrixShapes = State::unknownShapes;
  for (unsigned i = 0; i < FirstVector; ++i) {
    if (head.low[i].bits == 0 && head.isTainted(i))
      head.low[i] = entry.lowPart(i);
    if ((guess.lowNumberLost >> i & 1) || entry.low[i].bits == 0)
      head.low[i].known = false;
    if (guess.lowLost >> i & 1)
      head.low[i] = LowPart();
  }
  head.comparison = Comparison();
  head.forgetOrigins();
  if (analysis.guessing)
    return head;
  head.forEachValue([&](Value &v) { // numbers that may wrap around are no numbers
    if (v.count && !head.range(v).isBounded())
      v.forgetNumber();
  });
  return head;
}

/// Whether `back` is what the head holds one iteration later; if not, a weaker
/// guess takes its place.
bool FunctionAnalysis::improveOne(Evolution &e, const Value &entry, const Value &head,
                                  const Value &back, const Counters &counters) const {
  Value next = head;
  if (e.kind == Evolution::Step && head.count) // unless the head lost its number
    next = addConstant(next, e.step);
  if (covers(next, back, counters))
    return true;
  bool wasTainted = e.tainted;
  e.tainted |= back.mayBeData();
  Value untainted = back;
  untainted.tainted = next.tainted;
  if (!wasTainted && e.tainted && covers(next, untainted, counters))
    return false; // only the taint was wrong
  switch (e.kind) {
  case Evolution::Same:
    if (auto delta = constantDelta(entry, back)) {
      e.kind = Evolution::Step;
      e.step = *delta;
      return false;
    }
    [[fallthrough]];
  case Evolution::Step:
    e.kind = Evolution::Range;
    e.range = join(entry, back, counters);
    e.range.count = 0;
    if (!entry.sameTerms(e.range) || !back.sameTerms(e.range)) {
      Interval a = rangeOf(entry, counters), b = rangeOf(back, counters);
      e.range.lo = std::min(a.lo, b.lo);
      e.range.hi = std::max(a.hi, b.hi);
    }
    return false;
  case Evolution::Range:
    if (head.region == back.region && head.region.kind != Region::Saved &&
        head.region.kind != Region::Bytes && (head.lo > -unbounded || head.hi < unbounded)) {
      e.range.forgetNumber(); // the region stays
      return false;
    }
    [[fallthrough]];
  case Evolution::Lost:
    e.kind = Evolution::Lost;
    return false;
  }
  return false;
}

bool FunctionAnalysis::improve(LoopGuess &guess, const State &entry, const State &head,
                               const State &back, uint16_t loop) const {
  bool stable = true;
  auto one = [&](Evolution &e, const Value &from, const Value &at, const Value &to) {
    stable &= improveOne(e, from, at, to, back.counters);
  };
  for (unsigned i = 0; i < 16; ++i)
    one(guess.gpr[i], entry.gpr[i], head.gpr[i], back.gpr[i]);
  for (unsigned i = 0; i < 8; ++i)
    one(guess.mask[i], entry.mask[i], head.mask[i], back.mask[i]);
  for (unsigned i = 0; i < 32; ++i) {
    if (head.vector[i].covers(back.vector[i]))
      continue;
    guess.taintedVectors |= LocationSet(back.vector[i].tainted) << i;
    guess.wideVectors |= LocationSet(back.vector[i].end > head.vector[i].end) << i;
    stable = false;
  }
  for (const Slot &slot : head.slots) {
    Evolution &e = guess.slots[slotKey(slot)];
    const Slot *from = findSlot(entry.slots, slot), *to = findSlot(back.slots, slot);
    if (from && to) {
      one(e, from->value, slot.value, to->value);
      continue;
    }
    e.kind = Evolution::Lost; // overwritten in other pieces
    stable = false;
  }
  stable &= (head.carryTainted || !back.carryTainted) && (head.flagsTainted || !back.flagsTainted);
  for (unsigned i = 0; i < FirstVector; ++i) {
    if (head.low[i].bits == 0 || head.low[i].covers(back.lowPart(i)))
      continue;
    (head.low[i].known ? guess.lowNumberLost : guess.lowLost) |= bit(i);
    stable = false;
  }
  if (head.floatMode != FloatMode::Other && head.floatMode != back.floatMode) {
    guess.floatModeLost = true;
    stable = false;
  }
  if (head.matrixShapes != State::unknownShapes && head.matrixShapes != back.matrixShapes) {
    guess.shapesLost = true;
    stable = false;
  }
  guess.carryTainted |= back.carryTainted;
  guess.flagsTainted |= back.flagsTainted;
  return stable;
}

void FunctionAnalysis::clearStates(const LoopNest &nest) {
  in[nest.block].reachable = false;
  for (const LoopNest &element : nest.body)
    if (element.isLoop)
      clearStates(element);
    else
      in[element.block].reachable = false;
}

void FunctionAnalysis::passOverLoop(const LoopNest &nest, const State &head) {
  clearStates(nest);
  in[nest.block] = head;
  runBlock(nest.block, head);
  runNest(nest.body);
}

/// The guess that held the last time this loop was met, as far as it does not
/// speak of the values then.
LoopGuess FunctionAnalysis::recall(uint16_t loop) const {
  auto known = remembered.find(loop);
  if (known == remembered.end())
    return LoopGuess();
  LoopGuess guess = known->second;
  guess.isUnbounded = false;
  auto reset = [](Evolution &e) {
    if (e.kind == Evolution::Range)
      e.kind = Evolution::Same;
  };
  for_each(guess.gpr, reset);
  for_each(guess.mask, reset);
  for (auto &[key, e] : guess.slots)
    reset(e);
  return guess;
}

void FunctionAnalysis::runLoop(const LoopNest &nest) {
  State entry = in[nest.block];
  uint16_t loop = nest.loop;
  LoopGuess guess = recall(loop);
  bool isRecalled = !guess.firstOnly;
  ActiveLoop active{&nest, {}, {}, std::nullopt};
  for (unsigned attempt = 0;; ++attempt) {
    if (attempt == maxAttempts) { // never seen: give up on all numbers and all taint
      for (auto *group : {guess.gpr, guess.mask})
        for (unsigned i = 0; i < (group == guess.gpr ? 16u : 8u); ++i)
          if (group != guess.gpr || i != RSP)
            group[i] = {Evolution::Lost, true, 0, {}};
      guess.taintedVectors = guess.wideVectors = ~LocationSet(0);
      guess.carryTainted = guess.flagsTainted = guess.floatModeLost = guess.shapesLost = true;
    }
    // While no exit test is known, one pass with formal numbers finds it.
    bool formal = !guess.firstOnly && guess.hasSteps() && !guess.last && !guess.isUnbounded;
    analysis.guessing += formal || guess.firstOnly;
    State head = headState(entry, guess, loop);
    active.backs.clear();
    active.exits.clear();
    active.candidate.reset();
    loops.push_back(&active);
    passOverLoop(nest, head);
    loops.pop_back();
    analysis.guessing -= formal || guess.firstOnly;
    State back;
    for (const State &b : active.backs)
      back.joinWith(b);
    bool stable = true;
    if (back.reachable)
      stable = improve(guess, entry, head, back, loop);
    if (guess.firstOnly) {
      guess.firstOnly = false;
      continue;
    }
    if (!stable) {
      guess.last.reset();
      continue;
    }
    if (formal) {
      isRecalled = false;
      guess.last = active.candidate;
      guess.isUnbounded = !active.candidate;
      continue;
    }
    Counter *c = back.reachable ? back.counter(loop) : nullptr;
    if (guess.last && c && c->hi > guess.last->number - 1) {
      guess.last.reset();
      guess.isUnbounded = !isRecalled; // a bound of other arguments is worth another search
      isRecalled = false;
      continue;
    }
    // What was remembered may be from one iteration of the loops around.
    if (guess.last && active.candidate && active.candidate->isReached != guess.last->isReached) {
      guess.last->isReached = active.candidate->isReached;
      continue;
    }
    break;
  }
  remembered[loop] = guess;
  for (auto &[target, state] : active.exits) {
    eliminateLoop(state, loop);
    deliver(target, std::move(state));
  }
}

} // namespace nnc::verify
