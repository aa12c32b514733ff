//===- TransferCalls.cpp - Calls, returns, push and pop --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Analysis.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace nnc::verify {
namespace {

constexpr uint8_t calleeSaved[] = {RBX, RBP, 12, 13, 14, 15};
constexpr uint8_t argumentRegisters[] = {RDI, RSI, RDX, RCX, 8, 9};

bool isExactStack(const Value &v) {
  return v.region.kind == Region::Stack && v.count == 0 && v.lo == v.hi && !v.tainted;
}

/// What the callee sees: its arguments, the stack, and registers of which it
/// may know nothing.
void enterCallee(State &s) {
  for (unsigned reg = 0; reg < 16; ++reg) {
    if (is_contained(argumentRegisters, reg) || reg == RSP)
      continue;
    Value v = Value::unknown(true);
    if (is_contained(calleeSaved, reg)) {
      v = Value::pointer({Region::Saved, uint16_t(reg)}, 0);
      v.tainted = false; // counts as tainted wherever it is looked at
    }
    s.setGPR(reg, v);
  }
  for (VectorValue &v : s.vector)
    v = VectorValue::unknown(true);
  for (unsigned i = 0; i < 8; ++i)
    s.setMask(i, Value::unknown(true));
  s.carryTainted = s.flagsTainted = true;
  s.comparison = Comparison();
  s.matrixShapes = State::noShapes;
}

Value returned(Value v) {
  bool foreign = v.region.kind == Region::Saved || v.region.kind == Region::Stack;
  return foreign ? Value::unknown(true) : v;
}

void leaveCallee(State &s, const Summary &summary) {
  for (unsigned reg = 0; reg < 16; ++reg) {
    if (reg == RSP || (is_contained(calleeSaved, reg) && summary.preserves[reg]))
      continue;
    s.setGPR(reg, Value::unknown(true));
  }
  s.setGPR(RAX, returned(summary.result));
  s.setGPR(RDX, returned(summary.resultHigh));
  for (VectorValue &v : s.vector)
    v = VectorValue::unknown(true);
  for (unsigned i = 0; i < 8; ++i)
    s.setMask(i, Value::unknown(true));
  s.carryTainted = s.flagsTainted = true;
  s.comparison = Comparison();
}

} // namespace

void Transfer::stepPush(const Instruction &inst) {
  Value v = inst.sources.empty() ? Value::unknown(true) : read(inst, inst.sources[0], 64);
  setStackPointer(inst, addConstant(s.gpr[RSP], -8));
  if (isExactStack(s.gpr[RSP]) && checkStack(inst, s.gpr[RSP], 8, true))
    s.storeSlot(s.gpr[RSP].region.index, s.gpr[RSP].lo, 8, v);
}

void Transfer::stepPop(const Instruction &inst) {
  uint8_t reg = inst.destination.location;
  if (inst.op() == Op::Leave) {
    setStackPointer(inst, s.gpr[RBP]);
    reg = RBP;
  }
  Value v = Value::unknown(true);
  if (isExactStack(s.gpr[RSP]))
    v = load(inst, s.gpr[RSP], 8);
  setStackPointer(inst, addConstant(s.gpr[RSP], 8));
  if (reg == RSP)
    setStackPointer(inst, v);
  else
    s.setGPR(reg, v);
}

void Transfer::stepCall(const Instruction &inst, bool isTail) {
  const Function *callee = context.analysis.flow.functionAt(inst.target);
  auto refuse = [&](StringRef reason) {
    for (Promise p : {Promise::InstructionTrace, Promise::AddressTrace, Promise::Memory})
      context.report(inst, p, reason.str());
    s.reachable = false;
  };
  if (!callee || callee->instructions.empty())
    return refuse("calls code outside of this file");
  if (is_contained(context.analysis.active, callee))
    return refuse("calls itself, directly or in a circle");
  if (!isExactStack(s.gpr[RSP]))
    return refuse("calls with an unknown stack pointer");
  State entry = s;
  Value sp = s.gpr[RSP];
  if (!isTail)
    sp = addConstant(sp, -8); // the return address
  if (StringRef reason = stackRefusal(sp.region.index, sp.lo, 8, /*isStore=*/true);
      !isTail && !reason.empty())
    return refuse(reason);
  entry.setGPR(RSP, sp);
  entry.dropBelow(sp.region.index, sp.lo + 8);
  enterCallee(entry);
  if (context.recording) {
    bool realigned = sp.region.index != context.entryBase;
    Frame &f = *context.frame;
    int64_t offset = realigned ? sp.lo : sp.lo - context.entryOffset;
    (realigned ? f.realignedLowest : f.lowest) =
        std::min(realigned ? f.realignedLowest : f.lowest, offset);
    f.calls.insert({callee, realigned, offset});
  }
  const Summary *summary = context.analysis.call(*callee, entry, context.depth + 1);
  if (context.recording)
    context.summary.callees.insert(summary);
  if (!summary->returns) {
    s.reachable = false;
    return;
  }
  Value before = s.gpr[RSP];
  leaveCallee(s, *summary);
  if (s.matrixShapes != State::noShapes) // a callee may give them others
    s.matrixShapes = State::unknownShapes;
  context.summary.readsOtherFrames |= summary->readsOtherFrames;
  s.dropBelow(before.region.index, before.lo);
  // What the callee read above our own frame, we depend on too.
  if (before.region.index == context.entryBase)
    for (const Summary::Read &r : summary->reads) {
      int64_t offset = sp.lo + r.offset;
      if (offset >= context.entryOffset + 8)
        context.summary.reads.push_back(
            {offset - context.entryOffset, r.size,
             context.summary.entry.loadSlot(context.entryBase, offset, r.size),
             context.summary.entry.isStored(context.entryBase, offset, r.size)});
    }
  if (isTail) {
    if (!(before == Value::pointer({Region::Stack, context.entryBase}, context.entryOffset)))
      return refuse("leaves with a wrong stack pointer");
    checkReturn(inst);
    context.returnFrom(s);
  }
}

/// The caller relies on its stack pointer and on six more registers; what it
/// does next is otherwise not what was analysed.
void Transfer::checkReturn(const Instruction &inst) {
  auto refuse = [&](const std::string &reason) {
    context.report(inst, Promise::InstructionTrace, reason);
    context.report(inst, Promise::Memory, reason);
  };
  if (!(s.gpr[RSP] == Value::pointer({Region::Stack, context.entryBase}, context.entryOffset)))
    refuse("returns with a wrong stack pointer");
  if (s.floatMode != context.summary.entry.floatMode)
    context.report(inst, Promise::InstructionTrace,
                   "returns without the caller's floating-point mode");
  if (s.matrixShapes != State::noShapes)
    context.report(inst, Promise::InstructionTrace, "returns with matrix registers in use");
  static constexpr StringLiteral names[] = {"rbx", "rbp", "r12", "r13", "r14", "r15"};
  std::string lost;
  for (auto [reg, name] : zip(calleeSaved, names))
    if (!(s.gpr[reg] == Value::pointer({Region::Saved, reg}, 0)))
      lost += (lost.empty() ? "" : ", ") + name.str();
  if (!lost.empty())
    refuse("returns without the caller's " + lost);
}

void Transfer::stepReturn(const Instruction &inst) {
  checkReturn(inst);
  context.returnFrom(s);
}

} // namespace nnc::verify
