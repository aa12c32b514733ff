//===- Selection.cpp - Which floats become integers ----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Quantization/Calibrate/Selection.h"

#include "../Constants.h"

using namespace mlir;

namespace nnc::quantization {
namespace {

using nn::movesElements; // operand and result may share a grid

/// Whether the result holds elements of the operands and, at most, zeros.
bool addsNothing(Operation *op) {
  auto pad = dyn_cast<nn::PadOp>(op);
  return !pad || pad.getMode() != nn::PadMode::Constant ||
         cast<FloatAttr>(pad.getValue()).getValue().isZero();
}

/// The value that stands for `result` once it is stored: behind the ReLU or Clip that alone
/// reads it.
Value activated(Value result) {
  while (result.hasOneUse() && isa<nn::ReluOp, nn::ClipOp>(*result.getUsers().begin()))
    result = (*result.getUsers().begin())->getResult(0);
  return result;
}

} // namespace

bool hasIntegerForm(Operation *op) {
  if (isa<nn::AveragePoolOp, nn::ReduceMeanOp>(op))
    return isFloat(op->getResult(0));
  return op->hasTrait<nn::Contraction>() && isFloat(op->getResult(0)) && isFloat(op->getOperand(0));
}

SmallVector<Operation *> contractionsOf(func::FuncOp network) {
  SmallVector<Operation *> contractions;
  for (Operation &op : network.getBody().front())
    if (op.hasTrait<nn::Contraction>() && hasIntegerForm(&op))
      contractions.push_back(&op);
  return contractions;
}

bool Selection::isActivation(Value v) const { return isFloat(v) && !constants.contains(v); }

/// Operands and result of an op with an integer form.
void Selection::chooseAround(Operation *op) {
  if (isConstant(op->getResult(0)))
    return;
  bool isContraction = op->hasTrait<nn::Contraction>();
  if (isContraction && op->getNumOperands() > 2 && !isConstant(op->getOperand(2)))
    return;
  for (Value operand : op->getOperands().take_front(2))
    if (isActivation(operand))
      choose(operand);
  choose(isContraction ? activated(op->getResult(0)) : op->getResult(0));
}

/// Sums, differences and products that several ops read, one of them no elementwise op, are stored
/// anyhow.
void Selection::chooseStored(Operation *op) {
  if (!isa<nn::AddOp, nn::SubOp, nn::MulOp>(op) || op->getResult(0).hasOneUse() ||
      !llvm::all_of(op->getOperands(), [&](Value v) { return isActivation(v); }))
    return;
  if (llvm::any_of(op->getResult(0).getUsers(), [](Operation *user) {
        return !user->hasTrait<nn::Elementwise>() && !isa<func::ReturnOp>(user);
      }))
    choose(op->getResult(0));
}

/// What is moved is quantized where it comes from and where it goes to; true: that is news.
bool Selection::chooseMoved(Operation *op) {
  if (!movesElements(op) || !isActivation(op->getResult(0)))
    return false;
  SmallVector<Value> moved{op->getResult(0)};
  llvm::copy_if(op->getOperands(), std::back_inserter(moved),
                [&](Value v) { return isActivation(v); });
  if (llvm::none_of(moved, [&](Value v) { return contains(v); }))
    return false;
  size_t before = isChosen.size();
  llvm::for_each(moved, [&](Value v) { choose(v); });
  return isChosen.size() != before;
}

/// One grid for operands and result of a move. A part of a concatenation that others read, too,
/// keeps the grid that suits it.
void Selection::join(Operation *op) {
  if (!movesElements(op) || !contains(op->getResult(0)) || !addsNothing(op))
    return;
  bool isConcat = isa<nn::ConcatOp>(op);
  for (Value operand : op->getOperands())
    if (contains(operand) && (!isConcat || operand.hasOneUse()))
      if (Value from = gridOf(operand), to = gridOf(op->getResult(0)); from != to)
        parents[to] = from;
}

Value Selection::gridOf(Value v) const {
  for (auto it = parents.find(v); it != parents.end(); it = parents.find(v))
    v = it->second;
  return v;
}

bool Selection::isCopy(Value v) const {
  Operation *op = v.getDefiningOp();
  return movesElements(op) && llvm::all_of(op->getOperands(), [&](Value operand) {
           return !isFloat(operand) || (contains(operand) && gridOf(operand) == gridOf(v));
         });
}

Selection::Selection(func::FuncOp network) {
  Block &block = network.getBody().front();
  for (Operation &op : block.without_terminator())
    if (llvm::all_of(op.getOperands(), [&](Value v) { return isConstant(v); }))
      constants.insert(op.result_begin(), op.result_end());
  for (BlockArgument argument : block.getArguments())
    if (isFloat(argument) && network.getArgAttr(argument.getArgNumber(), integersAttr))
      choose(argument);
  for (Operation &op : block.without_terminator()) {
    if (hasIntegerForm(&op))
      chooseAround(&op);
    chooseStored(&op);
    if (op.hasAttr(integersAttr) && isActivation(op.getResult(0)))
      choose(op.getResult(0));
  }
  for (bool isNew = true; isNew;) {
    isNew = false;
    for (Operation &op : block.without_terminator())
      isNew |= chooseMoved(&op);
  }
  for (Value argument : block.getArguments())
    if (contains(argument))
      chosen.push_back(argument);
  for (Operation &op : block.without_terminator()) {
    join(&op);
    llvm::copy_if(op.getResults(), std::back_inserter(chosen),
                  [&](Value v) { return contains(v); });
  }
}

} // namespace nnc::quantization
