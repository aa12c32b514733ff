//===- HoldValues.cpp - What LLVM must not look through -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Three things that LLVM does for speed break the promises:
//
// - a choice between loads becomes a load from a chosen address;
// - where there are mask registers, a load, or an operation on one, is put under
//   the mask of the select that it ends in, so that data decide what is read:
//     %x = load %p; %r = select %mask, %x, %y   ==>   vmovups zmm0 {k1}, [rdi]
// - where one lane of a vector is wanted, what leads to it is computed on
//   scalars, whose selects may be branches.
//
// An empty piece of assembly holds the loaded value, or the vector before its
// lane is taken, in a register.
//
//===----------------------------------------------------------------------===//
#include "CodegenPasses.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Pass.h"

using namespace llvm;

namespace nnc::x86 {
namespace {

/// Bits of the narrowest vector register.
constexpr unsigned leastBits = 128;

//===----------------------------------------------------------------------===//
// Finding
//===----------------------------------------------------------------------===//

using Held = SetVector<Instruction *>;

bool isMasked(Instruction *inst, Intrinsic::ID id) {
  auto *call = dyn_cast_or_null<IntrinsicInst>(inst);
  return call && call->getIntrinsicID() == id;
}

/// Loads that `value`, an arm of a select, is or is computed from for that arm alone.
void findLoads(Value *value, Held &held) {
  auto *inst = dyn_cast<Instruction>(value);
  if (isa_and_nonnull<LoadInst>(inst) || isMasked(inst, Intrinsic::masked_load)) {
    if (!inst->getType()->isPointerTy())
      held.insert(inst); // a maximum is one operation that reads it once, whatever its uses here
    return;
  }
  // A maximum reads the number that it repeats twice, too.
  bool isBroadcast = isa_and_nonnull<ShuffleVectorInst, InsertElementInst>(inst);
  if (!inst || (!inst->hasOneUse() && !isBroadcast) || isa<PHINode, CallBase>(inst))
    return;
  for (Value *operand : inst->operands())
    findLoads(operand, held);
}

/// Whether LLVM may choose what is loaded by where it is loaded from.
bool choosesAddress(const SelectInst &select) {
  auto *lanes = dyn_cast<FixedVectorType>(select.getCondition()->getType());
  return !lanes || lanes->getNumElements() == 1;
}

void findInSelect(SelectInst &select, bool masks, Held &held) {
  if (isa<Constant>(select.getCondition()) || !(masks || choosesAddress(select)))
    return;
  findLoads(select.getTrueValue(), held);
  findLoads(select.getFalseValue(), held);
}

/// Whether a constant mask lets one lane through.
bool isOneLane(Value *mask) {
  auto *constant = dyn_cast<Constant>(mask);
  auto *type = dyn_cast<FixedVectorType>(mask->getType());
  unsigned set = 0;
  for (unsigned i = 0; constant && type && i < type->getNumElements(); ++i)
    if (Constant *lane = constant->getAggregateElement(i))
      set += lane->isOneValue();
  return set == 1;
}

/// The vector of which `inst` takes a single lane, or that it would narrow while
/// it stores a part of it.
void findTakenVector(Instruction &inst, Held &held) {
  Value *vector = nullptr;
  if (auto *extract = dyn_cast<ExtractElementInst>(&inst))
    vector = extract->getVectorOperand();
  else if (isMasked(&inst, Intrinsic::masked_store) &&
           (isOneLane(inst.getOperand(3)) || isa<TruncInst>(inst.getOperand(0))))
    vector = inst.getOperand(0);
  auto *computed = dyn_cast_or_null<Instruction>(vector);
  if (computed && !isa<PHINode>(computed))
    held.insert(computed);
}

//===----------------------------------------------------------------------===//
// Holding
//===----------------------------------------------------------------------===//

/// `value`, of which LLVM forgets where it is from. Registers have `mostBits`.
Value *forget(IRBuilder<> &b, Value *value, unsigned mostBits) {
  Type *type = value->getType();
  auto *vector = dyn_cast<FixedVectorType>(type);
  unsigned bits = type->getPrimitiveSizeInBits();
  if (vector && bits > mostBits) {
    unsigned lanes = vector->getNumElements(), part = lanes * mostBits / bits;
    auto *partType = FixedVectorType::get(vector->getElementType(), part);
    Value *whole = PoisonValue::get(type);
    for (unsigned at = 0; at < lanes; at += part) {
      Value *piece = b.CreateExtractVector(partType, value, b.getInt64(at));
      whole = b.CreateInsertVector(type, whole, forget(b, piece, mostBits), b.getInt64(at));
    }
    return whole;
  }
  if (vector && vector->getNumElements() == 1) {
    Value *lane = b.CreateExtractElement(value, uint64_t(0));
    return b.CreateInsertElement(PoisonValue::get(type), forget(b, lane, mostBits), uint64_t(0));
  }
  if (vector && (bits < leastBits || type->getScalarSizeInBits() < 8))
    return value; // no operation with a mask reads so few bytes
  auto *function = FunctionType::get(type, {type}, false);
  StringRef constraints = type->isIntegerTy() ? "=r,0" : "=v,0";
  return b.CreateCall(InlineAsm::get(function, "", constraints, /*hasSideEffects=*/false), {value});
}

void hold(Instruction *inst, unsigned mostBits) {
  IRBuilder<> b(inst->getNextNode());
  SmallVector<Use *> uses(llvm::make_pointer_range(inst->uses()));
  Value *same = forget(b, inst, mostBits);
  for (Use *use : uses)
    use->set(same);
}

struct HoldValues : FunctionPass {
  static char ID;
  explicit HoldValues(const TargetModel &target) : FunctionPass(ID), target(target) {}
  StringRef getPassName() const override { return "hold values"; }

  bool runOnFunction(Function &function) override {
    Held held;
    for (BasicBlock &block : function)
      for (Instruction &inst : block) {
        if (auto *select = dyn_cast<SelectInst>(&inst))
          findInSelect(*select, target.hasMaskRegisters, held);
        findTakenVector(inst, held);
      }
    for (Instruction *inst : held)
      hold(inst, target.vectorBits);
    return !held.empty();
  }

private:
  const TargetModel &target;
};
char HoldValues::ID = 0;

} // namespace

FunctionPass *createHoldValues(const TargetModel &target) { return new HoldValues(target); }

} // namespace nnc::x86
