//===- KeepLoadsWhole.cpp - No mask from data on a load -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where there are mask registers, LLVM puts a load, or an operation on one,
// under the mask of the select that it ends in:
//
//   %x = load %p; %r = select %mask, %x, %y    ==>   vmovups zmm0 {k1}, [rdi]
//
// Which bytes are read then depends on data. An empty piece of assembly keeps
// the loaded value in a register before the select.
//
//===----------------------------------------------------------------------===//
#include "CodegenPasses.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Pass.h"

using namespace llvm;

namespace nnc::x86 {
namespace {

bool fillsRegister(Type *type) {
  unsigned bits = type->isVectorTy() ? unsigned(type->getPrimitiveSizeInBits()) : 0;
  return (bits == 128 || bits == 256 || bits == 512) && type->getScalarSizeInBits() >= 8;
}

/// Values computed from `value` for one arm alone, down to loads: these become
/// `held`. Broadcasts of a scalar are held as vectors.
void findLoads(Value *value, SetVector<Instruction *> &held) {
  auto *inst = dyn_cast<Instruction>(value);
  if (!inst || !inst->hasOneUse() || isa<PHINode, CallBase>(inst))
    return;
  auto *shuffle = dyn_cast<ShuffleVectorInst>(inst);
  if (isa<LoadInst>(inst) || (shuffle && shuffle->isZeroEltSplat())) {
    if (fillsRegister(inst->getType()))
      held.insert(inst);
    return;
  }
  for (Value *operand : inst->operands())
    findLoads(operand, held);
}

void hold(Instruction *inst) {
  IRBuilder<> b(inst->getNextNode());
  auto *type = FunctionType::get(inst->getType(), {inst->getType()}, false);
  auto *empty = InlineAsm::get(type, "", "=v,0", /*hasSideEffects=*/false);
  CallInst *same = b.CreateCall(empty, {inst});
  inst->replaceUsesWithIf(same, [&](Use &use) { return use.getUser() != same; });
}

struct KeepLoadsWhole : FunctionPass {
  static char ID;
  KeepLoadsWhole() : FunctionPass(ID) {}
  StringRef getPassName() const override { return "keep loads whole"; }

  bool runOnFunction(Function &function) override {
    SetVector<Instruction *> held;
    for (BasicBlock &block : function)
      for (Instruction &inst : block)
        if (auto *select = dyn_cast<SelectInst>(&inst);
            select && !isa<Constant>(select->getCondition())) {
          findLoads(select->getTrueValue(), held);
          findLoads(select->getFalseValue(), held);
        }
    for (Instruction *inst : held)
      hold(inst);
    return !held.empty();
  }
};
char KeepLoadsWhole::ID = 0;

} // namespace

FunctionPass *createKeepLoadsWhole() { return new KeepLoadsWhole; }

} // namespace nnc::x86
