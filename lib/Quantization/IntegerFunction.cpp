//===- IntegerFunction.cpp - Floats as functions of integers -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "IntegerFunction.h"

#include "Constants.h"
#include "EvaluateChain.h"
#include "dialects/NN/ElementTypes.h"
#include "dialects/NN/FloatIsland.h"

using namespace mlir;

namespace nnc::quantization {
namespace {

/// How many values a type of integers has.
int64_t countValues(Value integers) {
  auto [least, most] = nn::integerRange(typeOf(integers).getElementType());
  return most - least + 1;
}

/// The one number of a constant; null if it has several.
DenseElementsAttr numberOf(Value v) {
  interpreter::Tensor tensor = constantValue(v);
  size_t size = tensor ? tensor.bytes().size() / std::max<int64_t>(1, tensor.getNumElements()) : 0;
  if (size == 0)
    return {};
  ArrayRef<char> all = tensor.bytes(), first = all.take_front(size);
  for (; !all.empty(); all = all.drop_front(size))
    if (all.take_front(size) != first)
      return {};
  return DenseElementsAttr::getFromRawBuffer(RankedTensorType::get({}, typeOf(v).getElementType()),
                                             first);
}

/// Ops from bytes to bytes that depend on one operand.
bool mapsBytes(Operation *op) { return op && isa<nn::LookupOp, nn::ClipOp, nn::ReluOp>(op); }

} // namespace

bool IntegerFunction::isTaken(Value integers, bool isResult) const {
  if (types == Types::Bytes)
    return nn::isByte(integers);
  unsigned width = typeOf(integers).getElementTypeBitWidth();
  return width > 1 && width <= (types == Types::Narrow && !isResult ? 8 : 16);
}

IntegerFunction::IntegerFunction(nn::QuantizeOp result, const llvm::DenseSet<Value> &runTime,
                                 Types types)
    : result(result), runTime(runTime), types(types) {
  if (!isTaken(result.getResult(), /*isResult=*/true)) {
    why = types == Types::Bytes ? "its result is not 8 bits wide"
                                : "its result is more than 16 bits wide";
    return;
  }
  nn::FloatIsland island(result, [&](OpOperand &read) {
    Operation *op = read.get().getDefiningOp();
    return isa<nn::DequantizeOp>(read.getOwner()) || !runTime.contains(read.get()) ||
           !op->hasTrait<nn::Elementwise>();
  });
  for (Operation *op : island.ops()) {
    if (auto source = dyn_cast<nn::DequantizeOp>(op)) {
      reads.insert(source.getInput());
      continue;
    }
    for (Value operand : op->getOperands())
      if (std::string problem = obstacleIn(op, operand); !problem.empty())
        why = problem;
    if (!why.empty())
      return;
  }
  seen = island.ops();
  if (types == Types::Bytes)
    readThroughTables();
  orderSources();
  ops = llvm::to_vector(seen);
  llvm::sort(ops, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
}

/// Why integers cannot be followed through `operand` of `op`; empty: they can.
std::string IntegerFunction::obstacleIn(Operation *op, Value operand) const {
  if (!runTime.contains(operand))
    return numberOf(operand) ? "" : nn::quotedName(op) + " has a constant of several numbers";
  Operation *before = operand.getDefiningOp();
  if (!before)
    return nn::quotedName(op) + " reads an input of the network";
  if (!before->hasTrait<nn::Elementwise>())
    return nn::quotedName(before) + " is not elementwise";
  auto source = dyn_cast<nn::DequantizeOp>(before);
  if (source && !isTaken(source.getInput(), /*isResult=*/false))
    return types == Types::Bytes    ? "it reads integers that are not 8 bits wide"
           : types == Types::Narrow ? "it reads integers of more than 8 bits"
                                    : "it reads integers of more than 16 bits";
  if (source && (!numberOf(source.getScale()) || !constantInteger(source.getZeroPoint())))
    return "it reads integers of several grids, or of one known at run time only";
  return "";
}

/// What is a table of bytes already is a function of what that reads: several sources may be one,
/// and a table that nothing else reads is not needed.
void IntegerFunction::readThroughTables() {
  auto isEarlier = [](Value a, Value b) { // arguments first
    Operation *x = a.getDefiningOp(), *y = b.getDefiningOp();
    return y && (!x || x->isBeforeInBlock(y));
  };
  auto left = reads;
  auto behind = seen;
  while (true) {
    Value last = *llvm::max_element(left, isEarlier);
    Operation *table = last.getDefiningOp();
    if (!mapsBytes(table) || (left.size() == 1 && !table->hasOneUse()))
      break;
    behind.insert(table);
    left.remove(last);
    left.insert(table->getOperand(0));
  }
  if (left.size() > 1)
    return;
  reads = left;
  seen = behind;
}

void IntegerFunction::orderSources() {
  SmallVector<Operation *> pending = {result};
  llvm::DenseSet<Value> met;
  llvm::DenseSet<Operation *> visited; // a value may be read many times, and so on
  while (!pending.empty()) {
    Operation *op = pending.pop_back_val();
    if (!visited.insert(op).second)
      continue;
    auto source = dyn_cast<nn::DequantizeOp>(op);
    for (Value operand : llvm::reverse(op->getOperands())) {
      if (reads.contains(operand) && met.insert(operand).second)
        found.push_back({operand, source ? *constantInteger(source.getZeroPoint()) : 0});
      else if (operand.getDefiningOp() && seen.contains(operand.getDefiningOp()))
        pending.push_back(operand.getDefiningOp());
    }
  }
}

bool IntegerFunction::changesShape() const {
  return llvm::any_of(ops, [&](Operation *op) {
    return typeOf(op->getResult(0)).getShape() != typeOf(result->getResult(0)).getShape();
  });
}

std::vector<int64_t> IntegerFunction::evaluate() const {
  int64_t count = 1;
  for (const IntegerSource &source : found)
    count *= countValues(source.tensor);
  Tensors outside;
  int64_t repeats = count;
  for (const IntegerSource &source : found) {
    int64_t values = countValues(source.tensor);
    repeats /= values;
    Type element = typeOf(source.tensor).getElementType();
    std::vector<int64_t> all;
    for (int64_t i = 0; i < count; ++i)
      all.push_back(nn::integerRange(element).least + i / repeats % values);
    outside[source.tensor] = integerTensor({count}, element, all);
  }
  for (Operation *op : ops)
    for (Value operand : op->getOperands())
      if (!runTime.contains(operand))
        outside[operand] = interpreter::Tensor::fromElements(numberOf(operand));
  interpreter::Tensor results = evaluateChain(ops, std::move(outside), {count});
  return results ? integers(results) : std::vector<int64_t>();
}

} // namespace nnc::quantization
