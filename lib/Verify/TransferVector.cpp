//===- TransferVector.cpp - Vector and mask registers ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Analysis.h"

#include "llvm/ADT/StringSwitch.h"

using namespace llvm;

namespace nnc::verify {
namespace {

/// Both register sources are the same register.
bool hasOneSource(const Instruction &inst) {
  const Operand *first = nullptr;
  for (const Operand &source : inst.sources) {
    if (source.kind == Operand::Memory)
      return false;
    if (source.kind != Operand::Register)
      continue;
    if (first && first->location != source.location)
      return false;
    first = &source;
  }
  return first;
}

int64_t allOnes(StringRef name) {
  return StringSwitch<int64_t>(name.substr(4))
      .StartsWith("B", 0xFF)
      .StartsWith("W", 0xFFFF)
      .StartsWith("D", 0xFFFFFFFF)
      .Default(-1);
}

} // namespace

/// Moves that keep what a register holds, and idioms whose result is the same
/// whatever the sources hold.
void Transfer::stepVector(const Instruction &inst) {
  const Operand &to = inst.destination;
  bool isIdiom = inst.op() != Op::VectorMove && inst.op() != Op::MaskMove;
  if (isIdiom) {
    bool constant = inst.op() == Op::TernaryLogic
                        ? inst.sources.back().immediate == 0 || inst.sources.back().immediate == 255
                        : hasOneSource(inst);
    if (!constant || to.kind != Operand::Register || to.location < FirstMask)
      return stepGeneric(inst);
    if (to.location >= FirstVector)
      s.vector[to.location - FirstVector] = {false, uint8_t(inst.op() == Op::VectorZero ? 0
                                                            : to.bits == 128            ? 16
                                                                                        : 64)};
    else if (inst.op() == Op::MaskZero)
      s.setMask(to.location - FirstMask, Value::constant(0));
    else if (int64_t ones = allOnes(StringRef(inst.info->name).substr(1)); ones > 0)
      s.setMask(to.location - FirstMask, Value::constant(ones));
    else
      s.setMask(to.location - FirstMask, Value::unknown(false));
    return;
  }
  const Operand &from = inst.sources.back();
  unsigned width = inst.info->width;
  Value v;
  LowPart part;
  if (from.kind != Operand::Memory && from.location < FirstVector)
    part = s.lowPart(from.location).first(width);
  if (from.kind == Operand::Memory)
    v = load(inst, addressOf(inst), inst.info->memoryBytes);
  else if (from.location >= FirstVector)
    v = s.vector[from.location - FirstVector].asValue();
  else if (from.location >= FirstMask)
    v = truncated(s.mask[from.location - FirstMask], width);
  else
    v = truncated(s.gpr[from.location], width);
  if (width > 0 && part.bits >= width) {
    v = part.known ? Value::constant(part.number) : v;
    v.tainted = false;
  }
  if (to.kind == Operand::Memory)
    return store(inst, addressOf(inst), inst.info->memoryBytes, v);
  if (to.location >= FirstVector) {
    unsigned loaded = from.kind == Operand::Memory ? inst.info->memoryBytes : 64;
    s.vector[to.location - FirstVector] =
        VectorValue::from(v, to.bits == 128 ? std::min(loaded, 16u) : loaded);
  } else if (to.location >= FirstMask) {
    v.tainted |= v.region.kind == Region::Saved;
    s.setMask(to.location - FirstMask,
              v.isInteger() ? truncated(v, width) : Value::unknown(v.tainted));
  } else {
    s.setGPR(to.location, v);
  }
  if (to.location < FirstVector)
    s.low[to.location] = part; // `mov ax, 1023; kmovd k1, eax`
}

} // namespace nnc::verify
