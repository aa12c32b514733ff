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

/// The low bits of a general register, as the destinations of accumulator forms (`cmp al, 1`) are,
/// which state no operand.
Value Transfer::readLow(unsigned location, unsigned bits) const {
  Value v = s.gpr[location];
  if (bits == 64)
    return v;
  v = truncated(v, bits);
  if (LowPart part = s.lowPart(location); part.bits >= bits) {
    part = part.first(bits);
    v = part.known ? Value::constant(part.number) : v;
    v.tainted = false;
  }
  return v;
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
    if (operand.highByte)
      return Value::range(0, 255, s.isTainted(operand.location));
    return readLow(operand.location, std::min<unsigned>(operand.bits, width));
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
  bool isSignTest = inst.op() == Op::Test && inst.repeatsSource();
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
  if (isMatrixOp(inst.op()))
    return stepMatrix(inst);
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

} // namespace nnc::verify
