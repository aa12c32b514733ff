//===- TransferFloatMode.cpp - MXCSR, set and given back -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Times are claimed for one floating-point mode (subnormals flushed, nothing
// traps, round to nearest). So an instruction that MXCSR governs runs in that
// mode alone, whoever calls the network in whatever mode; and whoever calls it
// finds the own mode again (TransferCalls.cpp compares at every return).
//
//===----------------------------------------------------------------------===//
#include "Analysis.h"

using namespace llvm;

namespace nnc::verify {

/// What a slot holds into which MXCSR was stored before anything changed it.
static Value callersMode() { return Value::pointer({Region::Saved, Region::mxcsrIndex}, 0); }

FloatMode Transfer::loadedMode(const Instruction &inst) {
  constexpr int64_t claimed = 0x9fc0;
  Value loaded = load(inst, addressOf(inst), inst.info->memoryBytes);
  if (loaded == callersMode())
    return FloatMode::Callers;
  return loaded.isConstant() && loaded.lo == claimed ? FloatMode::Claimed : FloatMode::Other;
}

void Transfer::stepControlWord(const Instruction &inst) {
  if (!context.analysis.isEntry(context.function))
    context.report(inst, Promise::InstructionTrace,
                   "the floating-point control word is touched outside the entry functions");
  if (!inst.info->stores) {
    s.floatMode = loadedMode(inst);
    if (s.floatMode == FloatMode::Other)
      context.report(inst, Promise::InstructionTrace,
                     "sets another floating-point mode than 0x9fc0 or the caller's");
    return;
  }
  // Sticky bits tell about earlier arithmetic, the caller's apart.
  Value stored =
      s.floatMode == FloatMode::Callers ? callersMode() : Value::unknown(/*tainted=*/true);
  store(inst, addressOf(inst), inst.info->memoryBytes, stored);
}

void Transfer::checkFloatMode(const Instruction &inst) {
  if (inst.info->readsFloatMode && s.floatMode != FloatMode::Claimed)
    context.report(inst, Promise::InstructionTrace,
                   "computes outside of the floating-point mode 0x9fc0");
}

} // namespace nnc::verify
