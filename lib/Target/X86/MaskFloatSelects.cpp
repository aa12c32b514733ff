//===- MaskFloatSelects.cpp - No branch where a single float is chosen ---------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// x86 has no conditional move of floats, so LLVM selects one with a branch. A
// comparison of floats gives a mask of its own; any other condition gets one:
//
//   %r = select i1 %c, float %a, float %b
//     ==>
//   %m = sext i1 %c to i32
//   %r = bitcast ((bits(%a) & %m) | (bits(%b) & ~%m))
//
// Vectors of one element are taken apart by LLVM, and so are the same here.
//
//===----------------------------------------------------------------------===//
#include "CodegenPasses.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/Pass.h"

using namespace llvm;

namespace nnc::x86 {
namespace {

bool isSingle(Type *type) {
  auto *vector = dyn_cast<FixedVectorType>(type);
  return !vector || vector->getNumElements() == 1;
}

/// Whether x86 would choose with a branch.
bool needsMask(const SelectInst &select) {
  Type *type = select.getType();
  if (!type->isFPOrFPVectorTy() || !isSingle(type))
    return false;
  auto *compare = dyn_cast<FCmpInst>(select.getCondition());
  return !compare || !compare->hasOneUse() || compare->getOperand(0)->getType() != type;
}

void mask(SelectInst &select) {
  IRBuilder<> b(&select);
  Type *type = select.getType();
  Type *bits = type->getWithNewType(b.getIntNTy(type->getScalarSizeInBits()));
  Value *condition = select.getCondition();
  if (bits->isVectorTy() && !condition->getType()->isVectorTy())
    condition = b.CreateVectorSplat(1, condition);
  Value *m = b.CreateSExt(condition, bits);
  Value *yes = b.CreateAnd(b.CreateBitCast(select.getTrueValue(), bits), m);
  Value *no = b.CreateAnd(b.CreateBitCast(select.getFalseValue(), bits), b.CreateNot(m));
  select.replaceAllUsesWith(b.CreateBitCast(b.CreateOr(yes, no), type));
  select.eraseFromParent();
}

struct MaskFloatSelects : FunctionPass {
  static char ID;
  MaskFloatSelects() : FunctionPass(ID) {}
  StringRef getPassName() const override { return "mask selects of single floats"; }

  bool runOnFunction(Function &function) override {
    SmallVector<SelectInst *> found;
    for (BasicBlock &block : function)
      for (Instruction &inst : block)
        if (auto *select = dyn_cast<SelectInst>(&inst); select && needsMask(*select))
          found.push_back(select);
    for (SelectInst *select : found)
      mask(*select);
    return !found.empty();
  }
};
char MaskFloatSelects::ID = 0;

} // namespace

FunctionPass *createMaskFloatSelects() { return new MaskFloatSelects; }

} // namespace nnc::x86
