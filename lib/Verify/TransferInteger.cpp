//===- TransferInteger.cpp - Integer arithmetic on known numbers -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Analysis.h"
#include "Conditions.h"

#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace nnc::verify {

Value Transfer::bitAnd(const Value &a, const Value &b, unsigned width) {
  bool tainted = a.mayBeData() || b.mayBeData();
  if (a.isConstant() && b.isConstant())
    return Value::range(a.lo & b.lo, a.lo & b.lo, tainted);
  if (a.isConstant() && !b.isConstant())
    return bitAnd(b, a, width);
  Interval x = s.range(a);
  if (!a.isInteger() || !b.isConstant()) {
    Interval y = s.range(b);
    if (a.isInteger() && b.isInteger() && x.lo >= 0 && y.lo >= 0)
      return Value::range(0, std::min(x.hi, y.hi), tainted);
    if (b.isConstant() && b.lo >= 0)
      return Value::range(0, b.lo, tainted);
    return Value::unknown(tainted);
  }
  int64_t mask = b.lo;
  if (mask >= 0 && isMask_64(mask) && x.lo >= 0 && x.hi <= mask)
    return a;
  uint64_t low = ~uint64_t(mask) & maskTrailingOnes<uint64_t>(width);
  if (isMask_64(low)) { // clears low bits
    bool multiple = a.lo == a.hi && (a.lo & low) == 0;
    for (unsigned i = 0; i < a.count; ++i)
      multiple &= (a.steps[i] & low) == 0;
    if (multiple)
      return a;
    if (x.isBounded())
      return Value::range(x.lo & ~int64_t(low), x.hi & ~int64_t(low), tainted);
  }
  if (mask >= 0)
    return Value::range(0, x.lo >= 0 ? std::min(mask, x.hi) : mask, tainted);
  return Value::unknown(tainted);
}

Value Transfer::bitOr(const Value &a, const Value &b) {
  bool tainted = a.mayBeData() || b.mayBeData();
  if (a.isConstant() && b.isConstant())
    return Value::range(a.lo | b.lo, a.lo | b.lo, tainted);
  if (!a.isInteger() || !b.isInteger())
    return Value::unknown(tainted);
  // Disjoint bits: an or is a sum.
  Interval y = s.range(b), x = s.range(a);
  if (y.lo >= 0 && y.isBounded()) {
    int64_t low = NextPowerOf2(y.hi) - 1;
    bool multiple = a.lo == a.hi && (a.lo & low) == 0;
    for (unsigned i = 0; i < a.count; ++i)
      multiple &= (a.steps[i] & low) == 0;
    if (multiple && x.lo >= 0)
      return add(a, b);
  }
  if (x.lo >= 0 && y.lo >= 0 && x.isBounded() && y.isBounded()) { // no bit more than a sum has
    int64_t allBits = NextPowerOf2(std::max(x.hi, y.hi)) - 1;
    return Value::range(std::max(x.lo, y.lo), std::min(allBits, saturate(__int128(x.hi) + y.hi)),
                        tainted);
  }
  return Value::unknown(tainted);
}

/// `andn r, mask, v` with the mask that `sar mask, width - 1` made of v is
/// max(v, 0).
Value Transfer::notNegative(const Instruction &inst, const Value &v) const {
  const Operand &mask = inst.sources[0], &of = inst.sources[1];
  unsigned width = inst.info->width;
  bool registers = mask.kind == Operand::Register && of.kind == Operand::Register &&
                   mask.location < FirstMask && of.location < FirstMask;
  if (!registers || !s.isSignMaskOf(mask.location, of.location, width))
    return Value::unknown(v.tainted);
  Interval range = s.range(signExtended(v, width));
  if (!v.isInteger())
    range = Interval();
  int64_t greatest = width == 64 ? unbounded : (int64_t(1) << (width - 1)) - 1;
  return Value::range(std::max<int64_t>(range.lo, 0), std::clamp<int64_t>(range.hi, 0, greatest),
                      v.tainted);
}

/// The register whose sign `sar` spreads over its destination, if another one
/// than that still holds it.
uint8_t Transfer::signSource(const Instruction &inst, const Value &count) const {
  const Operand &source = inst.sources[0];
  bool spreads = inst.op() == Op::ShiftRightArithmetic && count.isConstant() &&
                 count.lo == inst.info->width - 1 && source.kind == Operand::Register &&
                 source.location < FirstMask && inst.destination.kind == Operand::Register;
  if (!spreads)
    return NoLocation;
  return source.location == inst.destination.location ? s.copyOf(source.location, inst.info->width)
                                                      : source.location;
}

/// `and rsp, -alignment` opens a new frame base below.
Value Transfer::alignStackPointer(const Instruction &inst, const Value &sp, int64_t mask) {
  int64_t alignment = -mask;
  bool ok = sp.region.kind == Region::Stack && sp.count == 0 && sp.lo == sp.hi && alignment > 0 &&
            isPowerOf2_64(alignment) && alignment <= 4096 && sp.region.index == context.entryBase;
  if (!ok)
    return Value::unknown(true);
  if (context.recording) {
    Frame &f = *context.frame;
    int64_t at = sp.lo - context.entryOffset;
    if (f.alignment && (f.alignment != alignment || f.realignedAt != at)) {
      context.report(inst, Promise::Memory, "realigns the stack twice");
      return Value::unknown(true);
    }
    f.alignment = alignment;
    f.realignedAt = at;
  }
  s.floors.resize(context.entryBase + 1, -unbounded);
  s.floors[context.entryBase] = sp.lo;
  s.floors.push_back(-unbounded);
  return Value::pointer({Region::Stack, uint16_t(context.entryBase + 1)}, 0);
}

Value Transfer::combine(const Instruction &inst, Op op, const Value &a, const Value &b) {
  unsigned width = inst.info->width;
  bool tainted = a.mayBeData() || b.mayBeData();
  switch (op) {
  case Op::Add:
    return add(a, b);
  case Op::Sub:
    return sub(a, b);
  case Op::And:
    return bitAnd(a,
                  width == 32 && b.isConstant() && b.lo < 0 && a.isInteger() ? truncated(b, 32) : b,
                  width);
  case Op::AndNot: {
    Value r = notNegative(inst, b);
    r.tainted |= tainted;
    return r;
  }
  case Op::Or:
    return bitOr(a, b);
  case Op::Xor:
    if (a.isConstant() && b.isConstant())
      return Value::range(a.lo ^ b.lo, a.lo ^ b.lo, tainted);
    return Value::unknown(tainted);
  case Op::Multiply:
    if (b.isConstant() || a.isConstant()) {
      Value r = b.isConstant() ? scale(a, b.lo) : scale(b, a.lo);
      r.tainted |= tainted;
      return r;
    }
    if (a.isInteger() && b.isInteger()) {
      Interval x = s.range(a), y = s.range(b);
      if (x.lo >= 0 && y.lo >= 0 && x.isBounded() && y.isBounded())
        return Value::range(saturate(__int128(x.lo) * y.lo), saturate(__int128(x.hi) * y.hi),
                            tainted);
    }
    return Value::unknown(tainted);
  default:
    return Value::unknown(tainted);
  }
}

/// Moves, extensions, address arithmetic, two-operand arithmetic, compares.
void Transfer::stepInteger(const Instruction &inst) {
  unsigned width = inst.info->width;
  auto source = [&](unsigned i) {
    return i < inst.sources.size() ? read(inst, inst.sources[i], width) : Value::unknown(true);
  };
  bool writesRSP = inst.destination.kind == Operand::Register && inst.destination.location == RSP;
  switch (inst.op()) {
  case Op::Move: { // a store's sources are its own address and the data
    const Operand &from = inst.sources.back(), &to = inst.destination;
    write(inst, to, width, read(inst, from, width));
    if (from.kind == Operand::Register && to.kind == Operand::Register && !from.highByte &&
        from.location < FirstMask && to.location < FirstMask && from.location != to.location)
      s.origin[to.location] = {Origin::Copy, from.location, uint8_t(width)};
    return;
  }
  case Op::MoveZeroExtend:
    return write(
        inst, inst.destination, width,
        truncated(read(inst, inst.sources[0], inst.info->sourceWidth), inst.info->sourceWidth));
  case Op::MoveSignExtend:
    return write(
        inst, inst.destination, width,
        signExtended(read(inst, inst.sources[0], inst.info->sourceWidth), inst.info->sourceWidth));
  case Op::SignExtendAccumulator:
    return s.setGPR(RAX, signExtended(truncated(s.gpr[RAX], 32), 32));
  case Op::LoadAddress:
    return write(inst, inst.destination, width, addressOf(inst));
  case Op::Compare:
    if (inst.sources.size() == 1) // cmp accumulator, immediate
      return compare(inst, Comparison::Difference, readLow(RAX, width), source(0));
    return compare(inst, Comparison::Difference, source(0), source(1));
  case Op::Test: {
    Value a = inst.sources.size() == 1 ? readLow(RAX, width) : source(0);
    Value b = inst.sources.size() == 1 ? source(0) : source(1);
    return compare(inst, Comparison::Logic, inst.repeatsSource() ? a : bitAnd(a, b, width),
                   Value::constant(0));
  }
  case Op::Increment:
  case Op::Decrement:
  case Op::Negate:
  case Op::Not: {
    Value v = source(0);
    Value r = inst.op() == Op::Increment   ? addConstant(v, 1)
              : inst.op() == Op::Decrement ? addConstant(v, -1)
              : inst.op() == Op::Negate    ? sub(Value::constant(0), v)
                                           : sub(Value::constant(-1), v);
    r = strict(truncated(r, width));
    write(inst, inst.destination, width, r);
    if (inst.op() != Op::Not)
      compare(inst, Comparison::Result, r, Value::constant(0));
    return;
  }
  default:
    break;
  }
  // Two-operand arithmetic; the accumulator forms state only the immediate.
  bool accumulator = inst.sources.size() == 1;
  unsigned last = inst.sources.size() - 1;
  Operand destination = inst.destination;
  if (accumulator) {
    destination.kind = Operand::Register;
    destination.location = RAX;
  }
  bool threeOperands = inst.op() == Op::Multiply && inst.sources.size() == 2;
  Value a = accumulator ? readLow(RAX, width) : source(0);
  Value b = source(threeOperands ? 1 : last);
  Op op = inst.op();
  bool sameRegister = !accumulator && inst.repeatsSource();
  checkRules(inst, a.tainted || b.tainted);
  if (op == Op::And && writesRSP && b.isConstant()) {
    setStackPointer(inst, alignStackPointer(inst, a, b.lo));
    writeFlags(inst, false);
    return;
  }
  bool isZero = sameRegister && (op == Op::Xor || op == Op::Sub);
  Value r = isZero                                            ? Value::constant(0)
            : sameRegister && (op == Op::And || op == Op::Or) ? a
                                                              : combine(inst, op, a, b);
  r.tainted |= !isZero && (a.tainted || b.tainted);
  r = op == Op::AndNot ? r : strict(truncated(r, width));
  write(inst, destination, width, r);
  if (op == Op::Sub)
    compare(inst, Comparison::Difference, a, b);
  else if (op == Op::Multiply)
    writeFlags(inst, r.tainted);
  else
    compare(inst, op == Op::Add ? Comparison::Result : Comparison::Logic, r, Value::constant(0));
  if (isZero)
    s.carryTainted = s.flagsTainted = false;
}

/// Shifts by a known count are products and quotients.
void Transfer::stepShift(const Instruction &inst) {
  unsigned width = inst.info->width;
  Value v = read(inst, inst.sources[0], width);
  bool byCL = StringRef(inst.info->name).ends_with("CL");
  bool byOne = inst.sources.size() == 1 && !byCL;
  Value count = byOne ? Value::constant(1) : byCL ? s.gpr[RCX] : read(inst, inst.sources[1], width);
  bool tainted = anyOperandTainted(inst) || v.mayBeData() || count.mayBeData();
  Value r = Value::unknown(tainted);
  Interval n = s.range(count);
  bool known = count.isConstant() && count.lo >= 0 && count.lo < int64_t(width);
  if (inst.op() == Op::ClearHighBits) {
    bool allOnes = v.isConstant() && (v.lo == -1 || (width == 32 && v.lo == 0xFFFFFFFF));
    if (n.lo >= 0 && n.hi < std::min<int64_t>(width, 62) && v.isInteger())
      r = allOnes ? Value::range((int64_t(1) << n.lo) - 1, (int64_t(1) << n.hi) - 1, tainted)
                  : Value::range(0, (int64_t(1) << n.hi) - 1, tainted);
  } else if (inst.op() == Op::ShiftLeft && known && count.lo < 62) {
    r = scale(v, int64_t(1) << count.lo);
  } else if (inst.op() == Op::ShiftLeft && v.isConstant() && v.lo >= 0 && v.lo < 2 && n.lo >= 0 &&
             n.hi < std::min<int64_t>(width, 62)) {
    r = Value::range(v.lo << n.lo, v.lo << n.hi, tainted);
  } else if (inst.op() != Op::ShiftLeft && known && v.isInteger()) {
    Value number = inst.op() == Op::ShiftRight ? v : signExtended(v, width);
    Interval range = s.range(number);
    int64_t low = (int64_t(1) << std::min<int64_t>(count.lo, 62)) - 1;
    bool multiple = number.count > 0 && number.lo == number.hi;
    for (unsigned i = 0; i < number.count; ++i)
      multiple &= (number.steps[i] & low) == 0;
    bool sameSign = range.lo >= 0 || inst.op() == Op::ShiftRightArithmetic;
    if (multiple && (sameSign || context.analysis.guessing)) {
      r = Value::range(number.lo >> count.lo, number.lo >> count.lo, tainted);
      for (unsigned i = 0; i < number.count; ++i)
        r.addTerm(number.loops[i], number.steps[i] >> count.lo);
    } else if (range.isBounded() && sameSign) {
      r = Value::range(range.lo >> count.lo, range.hi >> count.lo, tainted);
    }
  }
  r.tainted = tainted;
  r = strict(truncated(r, width));
  uint8_t source = signSource(inst, count);
  write(inst, inst.destination, width, r);
  if (source != NoLocation && source != inst.destination.location)
    s.origin[inst.destination.location] = {Origin::SignMask, source, uint8_t(width)};
  bool anew = known && (count.lo & (width - 1)) != 0 && inst.info->flags == FlagsEffect::Some &&
              inst.op() != Op::ClearHighBits;
  writeFlags(inst, tainted);
  if (!anew)
    return;
  s.carryTainted = s.flagsTainted = tainted;
  s.comparison.kind = Comparison::Result;
  s.comparison.width = width;
  s.comparison.a = r;
  s.comparison.b = Value::constant(0);
}

void Transfer::stepSelect(const Instruction &inst) {
  unsigned width = inst.info->width;
  const Operand &kept = inst.sources[0], &moved = inst.sources[1];
  Value a = read(inst, kept, width), b = read(inst, moved, width);
  auto locationOf = [](const Operand &o) {
    return o.kind == Operand::Register ? o.location : uint8_t(NoLocation);
  };
  Value r;
  if (std::optional<bool> taken = decide(s, inst.condition))
    r = *taken ? b : a;
  else
    r = join(narrowed(s, opposite(inst.condition), a, locationOf(kept)),
             narrowed(s, inst.condition, b, locationOf(moved)), s.counters);
  r.tainted |= a.tainted || b.tainted || isConditionTainted(s, inst.condition);
  write(inst, inst.destination, width, r);
}

void Transfer::stepSet(const Instruction &inst) {
  bool tainted = isConditionTainted(s, inst.condition);
  std::optional<bool> known = decide(s, inst.condition);
  Value flag = Value::range(known && *known ? 1 : 0, known && !*known ? 0 : 1, tainted);
  if (inst.destination.kind != Operand::Register)
    return write(inst, inst.destination, 8, flag);
  unsigned reg = inst.destination.location;
  Value old = s.gpr[reg];
  Interval range = s.range(old);
  bool fits = old.isInteger() && range.lo >= 0 && range.hi <= 255 && !inst.destination.highByte;
  bool oldTainted = s.isTainted(reg);
  flag.tainted = tainted || oldTainted;
  s.setGPR(reg, fits ? flag : Value::unknown(tainted || oldTainted));
  if (!tainted && !inst.destination.highByte)
    s.low[reg] = {8, known.has_value(), uint16_t(known && *known)};
}

} // namespace nnc::verify
