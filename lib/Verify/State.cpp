//===- State.cpp - The abstract machine at one point of the code -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "State.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"

using namespace llvm;

namespace nnc::verify {
namespace {

bool before(const Slot &slot, std::pair<uint16_t, int64_t> key) {
  return std::pair(slot.base, slot.offset) < key;
}

bool overlaps(const Slot &slot, uint16_t base, int64_t offset, int64_t size) {
  return slot.base == base && slot.offset < offset + size && offset < slot.offset + slot.size;
}

/// Joins that do not know the number any more, only the taint.
Value blurred(const Value &v, bool tainted) { return Value::unknown(tainted || v.mayBeData()); }

} // namespace

bool State::isTainted(unsigned location) const {
  if (location < FirstMask)
    return gpr[location].mayBeData();
  if (location < FirstVector)
    return mask[location - FirstMask].tainted;
  if (location < CarryFlag)
    return vector[location - FirstVector].tainted;
  return location == CarryFlag ? carryTainted : flagsTainted;
}

void State::taintLocation(unsigned location, bool tainted) {
  if (location < FirstMask)
    setGPR(location, Value::unknown(tainted));
  else if (location < FirstVector)
    setMask(location - FirstMask, Value::unknown(tainted));
  else if (location < CarryFlag)
    vector[location - FirstVector] = VectorValue::unknown(tainted);
  else
    (location == CarryFlag ? carryTainted : flagsTainted) = tainted;
}

bool State::anyTainted(LocationSet locations) const {
  for (; locations; locations &= locations - 1)
    if (isTainted(countr_zero(locations)))
      return true;
  return false;
}

void State::setGPR(unsigned reg, const Value &v) {
  gpr[reg] = v;
  low[reg] = LowPart();
  if (comparison.aRegister == reg)
    comparison.aRegister = NoLocation;
  if (comparison.bRegister == reg)
    comparison.bRegister = NoLocation;
  origin[reg] = Origin();
  for (Origin &r : origin)
    if (r.of == reg)
      r = Origin();
}

uint8_t State::copyOf(unsigned reg, unsigned width) const {
  auto isCopy = [&](const Origin &r) { return r.kind == Origin::Copy && r.width >= width; };
  if (isCopy(origin[reg]))
    return origin[reg].of;
  for (auto [other, r] : enumerate(origin))
    if (isCopy(r) && r.of == reg)
      return other;
  return NoLocation;
}

bool State::isSignMaskOf(unsigned mask, unsigned reg, unsigned width) const {
  const Origin &r = origin[mask];
  return r.kind == Origin::SignMask && r.of == reg && r.width == width;
}

void State::setMask(unsigned number, const Value &v) {
  mask[number] = v;
  low[FirstMask + number] = LowPart();
}

LowPart State::lowPart(unsigned location) const {
  if (low[location].bits)
    return low[location];
  if (isTainted(location))
    return LowPart();
  const Value &v = location < FirstMask ? gpr[location] : mask[location - FirstMask];
  return {16, v.isConstant(), uint16_t(v.isConstant() ? v.lo : 0)};
}

Value State::loadSlot(uint16_t base, int64_t offset, uint32_t size) const {
  auto it = lower_bound(slots, std::pair(base, offset), before);
  if (it != slots.end() && it->base == base && it->offset == offset && it->size == size)
    return it->value;
  if (it != slots.begin() && overlaps(*std::prev(it), base, offset, size))
    --it;
  // Bytes that nobody stored hold anything.
  bool tainted = false;
  int64_t covered = offset;
  for (; it != slots.end() && overlaps(*it, base, offset, size); ++it) {
    tainted |= it->offset > covered || blurred(it->value, false).tainted;
    covered = it->offset + it->size;
  }
  return Value::unknown(tainted || covered < offset + int64_t(size));
}

bool State::isStored(uint16_t base, int64_t offset, uint32_t size) const {
  auto it = lower_bound(slots, std::pair(base, offset), before);
  if (it != slots.begin() && overlaps(*std::prev(it), base, offset, size))
    --it;
  int64_t covered = offset;
  for (; it != slots.end() && overlaps(*it, base, offset, size) && it->offset <= covered; ++it)
    covered = it->offset + it->size;
  return covered >= offset + int64_t(size);
}

void State::storeSlot(uint16_t base, int64_t offset, uint32_t size, const Value &v) {
  auto it = lower_bound(slots, std::pair(base, offset), before);
  if (it != slots.end() && it->base == base && it->offset == offset && it->size == size) {
    it->value = v;
    return;
  }
  if (it != slots.begin() && overlaps(*std::prev(it), base, offset, size))
    --it;
  // What a partly overwritten slot keeps is two pieces without a number.
  SmallVector<Slot, 3> pieces;
  int64_t end = offset + size;
  auto first = it;
  for (; it != slots.end() && overlaps(*it, base, offset, size); ++it) {
    int64_t oldEnd = it->offset + it->size;
    Value rest = blurred(it->value, false);
    if (it->offset < offset)
      pieces.push_back({base, it->offset, uint32_t(offset - it->offset), rest});
    if (oldEnd > end)
      pieces.push_back({base, end, uint32_t(oldEnd - end), rest});
  }
  pieces.push_back({base, offset, size, v});
  sort(pieces, [](const Slot &a, const Slot &b) { return a.offset < b.offset; });
  auto at = slots.erase(first, it);
  slots.insert(at, pieces.begin(), pieces.end());
}

void State::dropBelow(uint16_t base, int64_t offset) {
  erase_if(slots,
           [&](const Slot &s) { return s.base > base || (s.base == base && s.offset < offset); });
}

void State::joinWith(const State &o) {
  if (!o.reachable)
    return;
  if (!reachable) {
    *this = o;
    return;
  }
  // Ranges of both sides must hold before values are compared under them.
  for (Counter &c : counters)
    for (const Counter &d : o.counters)
      if (c.loop == d.loop) {
        c.lo = std::min(c.lo, d.lo);
        c.hi = std::max(c.hi, d.hi);
      }
  for (unsigned i = 0; i < FirstVector; ++i) {
    LowPart part = lowPart(i);
    part.joinWith(o.lowPart(i));
    low[i] = part;
  }
  for (unsigned i = 0; i < 16; ++i)
    gpr[i] = join(gpr[i], o.gpr[i], counters);
  for (unsigned i = 0; i < 8; ++i)
    mask[i] = join(mask[i], o.mask[i], counters);
  for (unsigned i = 0; i < 32; ++i)
    vector[i].joinWith(o.vector[i]);
  carryTainted |= o.carryTainted;
  flagsTainted |= o.flagsTainted;
  if (floatMode != o.floatMode)
    floatMode = FloatMode::Other;
  if (matrixShapes != o.matrixShapes)
    matrixShapes = unknownShapes;
  comparison = Comparison();
  forgetOrigins();
  std::vector<Slot> both;
  auto theirs = o.slots.begin();
  for (Slot &mine : slots) {
    while (theirs != o.slots.end() && before(*theirs, std::pair(mine.base, mine.offset)))
      ++theirs;
    if (theirs == o.slots.end() || theirs->base != mine.base || theirs->offset != mine.offset ||
        theirs->size != mine.size)
      continue;
    mine.value = join(mine.value, theirs->value, counters);
    both.push_back(std::move(mine));
  }
  slots = std::move(both);
  if (o.floors.size() > floors.size())
    floors.append(o.floors.begin() + floors.size(), o.floors.end());
  for (auto [mine, other] : zip(floors, o.floors))
    mine = std::max(mine, other);
}

Counter *State::counter(uint16_t loop) {
  for (Counter &c : counters)
    if (c.loop == loop)
      return &c;
  return nullptr;
}

} // namespace nnc::verify
