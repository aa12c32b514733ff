//===- Transfer.cpp - What each instruction does to the state --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Analysis.h"
#include "Conditions.h"

#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace nnc::verify {

namespace {

/// Both sources are the same register.
bool hasOneRegister(const Instruction &inst) {
  return inst.sources.size() == 2 && inst.sources[0].kind == Operand::Register &&
         inst.sources[1].kind == Operand::Register &&
         inst.sources[0].location == inst.sources[1].location;
}

} // namespace

/// Forgets the result of arithmetic if it may have wrapped around; without
/// arithmetic, a bound on one side alone is one. While guessing, numbers are
/// formal: the pass that proves the guess checks them.
Value Transfer::strict(Value v) const {
  if (!context.analysis.guessing && !s.range(v).isBounded())
    v.forgetNumber();
  return v;
}

/// The low `width` bits as an unsigned number.
Value Transfer::truncated(const Value &v, unsigned width) const {
  bool isFloatMode = v.region.kind == Region::Saved && v.region.index == Region::mxcsrIndex;
  if (width == 64 || (width == 32 && isFloatMode)) // which has no more bits
    return v;
  int64_t modulus = int64_t(1) << width;
  Value anything = Value::range(0, modulus - 1, v.mayBeData());
  if (!v.isInteger())
    return anything;
  Interval r = s.range(v);
  if (!r.isBounded())
    return context.analysis.guessing && v.count ? v : anything;
  int64_t wraps = r.lo >> width;
  if (wraps != r.hi >> width)
    return anything;
  return wraps ? addConstant(v, -wraps * modulus) : v;
}

/// The low `width` bits as a signed number.
Value Transfer::signExtended(const Value &v, unsigned width) const {
  if (width == 64)
    return v;
  int64_t half = int64_t(1) << (width - 1);
  Value shifted = truncated(addConstant(v, half), width);
  return addConstant(shifted, -half);
}

Value Transfer::read(const Instruction &inst, const Operand &operand, unsigned width) {
  switch (operand.kind) {
  case Operand::Immediate:
    return Value::constant(operand.immediate);
  case Operand::Memory:
    return load(inst, addressOf(inst), inst.info->memoryBytes);
  case Operand::Register: {
    if (operand.location >= FirstMask)
      break;
    Value v = s.gpr[operand.location];
    unsigned bits = std::min<unsigned>(operand.bits, width);
    if (operand.highByte)
      return Value::range(0, 255, s.isTainted(operand.location));
    if (bits == 64)
      return v;
    v = truncated(v, bits);
    if (LowPart part = s.lowPart(operand.location); part.bits >= bits) {
      part = part.first(bits);
      v = part.known ? Value::constant(part.number) : v;
      v.tainted = false;
    }
    return v;
  }
  default:
    break;
  }
  return Value::unknown(true);
}

void Transfer::setStackPointer(const Instruction &inst, const Value &v) {
  bool exact = v.region.kind == Region::Stack && v.count == 0 && v.lo == v.hi && !v.tainted;
  if (!exact) {
    context.report(inst, Promise::InstructionTrace, "moves the stack pointer by a variable amount");
    context.report(inst, Promise::Memory, "moves the stack pointer by a variable amount");
  } else if (context.recording) {
    Frame &f = *context.frame;
    if (v.region.index == context.entryBase)
      f.lowest = std::min(f.lowest, v.lo - context.entryOffset);
    else
      f.realignedLowest = std::min(f.realignedLowest, v.lo);
  }
  s.setGPR(RSP, v);
  if (exact) // what lies lower is a signal handler's
    s.dropBelow(v.region.index, v.lo - redZone);
}

void Transfer::write(const Instruction &inst, const Operand &operand, unsigned width,
                     const Value &v) {
  if (operand.kind == Operand::Memory)
    return store(inst, addressOf(inst), inst.info->memoryBytes, v);
  if (operand.kind != Operand::Register || operand.location >= FirstMask)
    return;
  if (operand.location == RSP)
    return setStackPointer(inst, v);
  s.setGPR(operand.location, truncated(v, width));
}

bool Transfer::anyOperandTainted(const Instruction &inst) const {
  if (s.anyTainted(inst.uses))
    return true;
  for (LocationSet low = inst.lowByteUses; low; low &= low - 1)
    if (s.isLowByteTainted(countr_zero(low)))
      return true;
  if (!inst.info->readsFlags)
    return false;
  if (inst.op() == Op::JumpIf || inst.op() == Op::SelectIf || inst.op() == Op::SetIf)
    return isConditionTainted(s, inst.condition);
  StringRef name = inst.info->name;
  bool carryOnly = name.starts_with("ADC") || name.starts_with("SBB") || name.starts_with("RC");
  return s.carryTainted || (!carryOnly && s.flagsTainted);
}

void Transfer::writeFlags(const Instruction &inst, bool tainted) {
  FlagsEffect effect = inst.info->flags;
  if (effect == FlagsEffect::None)
    return;
  s.comparison = Comparison();
  if (effect == FlagsEffect::Some) {
    s.carryTainted |= tainted;
    s.flagsTainted |= tainted;
    return;
  }
  if (effect != FlagsEffect::KeepCarry)
    s.carryTainted = tainted;
  if (effect != FlagsEffect::CarryOnly)
    s.flagsTainted = tainted;
}

void Transfer::compare(const Instruction &inst, Comparison::Kind kind, const Value &a,
                       const Value &b) {
  writeFlags(inst, a.mayBeData() || b.mayBeData());
  unsigned width = inst.info->width;
  s.comparison.kind = kind;
  s.comparison.width = width;
  s.comparison.a = truncated(a, width);
  s.comparison.b = truncated(b, width);
  bool isSignTest = inst.op() == Op::Test && hasOneRegister(inst);
  if (inst.op() != Op::Compare && !isSignTest)
    return;
  auto registerOf = [&](unsigned i) -> uint8_t {
    if (i >= inst.sources.size() || inst.sources[i].kind != Operand::Register)
      return NoLocation;
    return inst.sources[i].bits >= 32 ? inst.sources[i].location : NoLocation;
  };
  bool accumulator = inst.op() == Op::Compare && inst.sources.size() == 1 && width >= 32;
  s.comparison.aRegister = accumulator ? uint8_t(RAX) : registerOf(0);
  s.comparison.bRegister = isSignTest ? uint8_t(NoLocation) : registerOf(1);
}

void Transfer::step(const Instruction &inst) {
  if (!inst.refusal.empty()) {
    context.report(inst, Promise::InstructionTrace, inst.refusal);
    context.report(inst, Promise::AddressTrace, inst.refusal);
    context.report(inst, Promise::Memory, inst.refusal);
  }
  if (inst.info->memoryIndex >= 0 && inst.op() != Op::LoadAddress && inst.op() != Op::Nop)
    checkAddress(inst);
  checkFloatMode(inst);
  if (stepSpecial(inst))
    return;
  switch (inst.op()) {
  case Op::ShiftLeft:
  case Op::ShiftRight:
  case Op::ShiftRightArithmetic:
  case Op::ClearHighBits:
    return stepShift(inst);
  case Op::SelectIf:
    return stepSelect(inst);
  case Op::SetIf:
    return stepSet(inst);
  case Op::MaskMove:
  case Op::VectorMove:
  case Op::VectorZero:
  case Op::VectorOnes:
  case Op::MaskZero:
  case Op::MaskOnes:
  case Op::TernaryLogic:
    return stepVector(inst);
  case Op::Generic:
    return stepGeneric(inst);
  default:
    return stepInteger(inst);
  }
}

/// Control transfer, the stack, and instructions without data.
bool Transfer::stepSpecial(const Instruction &inst) {
  switch (inst.op()) {
  case Op::Nop:
  case Op::Prefix:
  case Op::Prefetch:
  case Op::IndirectBranch:
    return true;
  case Op::Jump:
    if (context.function.endsInTailCall(inst))
      stepCall(inst, true);
    return true;
  case Op::JumpIf:
    if (isConditionTainted(s, inst.condition)) {
      if (context.analysis.isSelfTest(context.function))
        context.analysis.selfTestBranches.insert(inst.address);
      else
        context.report(inst, Promise::InstructionTrace, "branches on data");
    }
    return true;
  case Op::Push:
    stepPush(inst);
    return true;
  case Op::Pop:
  case Op::Leave:
    stepPop(inst);
    return true;
  case Op::Call:
    stepCall(inst, false);
    return true;
  case Op::Return:
    stepReturn(inst);
    return true;
  case Op::ZeroUpper:
    for (unsigned i = 0; i < 16; ++i)
      s.vector[i].end = std::min<uint8_t>(s.vector[i].end, 16);
    return true;
  case Op::ControlWord:
    stepControlWord(inst);
    return true;
  case Op::CpuQuery:
    if (!context.analysis.mayQueryCpu(context.function))
      context.report(inst, Promise::InstructionTrace,
                     "queries the CPU outside cpu_ok and selftest");
    for (unsigned reg : {RAX, RBX, RCX, RDX})
      if (inst.defs & bit(reg))
        s.setGPR(reg, Value::range(0, (int64_t(1) << 32) - 1, false));
    return true;
  default:
    return false;
  }
}

void Transfer::checkRules(const Instruction &inst, bool operandsTainted) {
  if (inst.info->variableLatency && operandsTainted)
    context.report(inst, Promise::InstructionTrace,
                   "takes a time that depends on its operands, and they are data");
}

/// Every result depends on every operand; numbers are unknown.
void Transfer::stepGeneric(const Instruction &inst) {
  bool tainted = anyOperandTainted(inst);
  if (inst.info->loads && inst.info->memoryBytes)
    tainted |= load(inst, addressOf(inst), inst.info->memoryBytes).mayBeData();
  checkRules(inst, tainted);
  if (inst.info->stores && inst.info->memoryBytes)
    store(inst, addressOf(inst), inst.info->memoryBytes, Value::unknown(tainted));
  for (LocationSet defs = inst.defs; defs; defs &= defs - 1) {
    unsigned location = countr_zero(defs);
    if (location == RSP) {
      setStackPointer(inst, Value::unknown(tainted));
      continue;
    }
    // A bit scan of zero leaves the register as it was.
    StringRef name(inst.info->name);
    bool keeps =
        (inst.partialDefs & bit(location)) || name.starts_with("BSF") || name.starts_with("BSR");
    unsigned lowBits = inst.lowByteDefs & bit(location) ? 8
                       : inst.wordDefs & bit(location)  ? 16
                                                        : 0;
    s.taintLocation(location, tainted || (keeps && s.isTainted(location)));
    bool isXMM = inst.destination.location == location && inst.destination.bits == 128;
    if (location >= FirstVector && isXMM && !keeps)
      s.vector[location - FirstVector].end = 16; // VEX and EVEX clear the rest
    if (lowBits == 0 || tainted || location >= FirstMask)
      continue;
    bool isConstant = StringRef(inst.info->name).starts_with("MOV") && inst.sources.size() == 1 &&
                      inst.sources[0].kind == Operand::Immediate;
    uint16_t number = isConstant ? inst.sources[0].immediate : 0;
    s.low[location] = LowPart{16, isConstant, number}.first(lowBits);
  }
  writeFlags(inst, tainted);
}

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
  if (x.lo >= 0 && y.lo >= 0 && x.isBounded() && y.isBounded())
    return Value::range(0, int64_t(NextPowerOf2(std::max(x.hi, y.hi))) - 1, tainted);
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
      return compare(inst, Comparison::Difference, truncated(s.gpr[RAX], width), source(0));
    return compare(inst, Comparison::Difference, source(0), source(1));
  case Op::Test: {
    Value a = inst.sources.size() == 1 ? truncated(s.gpr[RAX], width) : source(0);
    Value b = inst.sources.size() == 1 ? source(0) : source(1);
    return compare(inst, Comparison::Logic, hasOneRegister(inst) ? a : bitAnd(a, b, width),
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
  Value a = accumulator ? truncated(s.gpr[RAX], width) : source(0);
  Value b = source(threeOperands ? 1 : last);
  Op op = inst.op();
  bool sameRegister = !accumulator && hasOneRegister(inst);
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
