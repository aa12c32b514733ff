//===- EvaluateChain.cpp - Elementwise ops on many values at once -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "EvaluateChain.h"

#include "dialects/NN/Values.h"
#include "nnc/Interpreter/Interpreter.h"

using namespace mlir;
using nnc::interpreter::Tensor;

namespace nnc::quantization {

/// `op` with a result of `shape`; null where it has no value.
static Tensor evaluateWith(Operation *op, ArrayRef<Tensor> operands, ArrayRef<int64_t> shape) {
  RankedTensorType own = nn::typeOf(op->getResult(0));
  Operation *copy = op->clone();
  copy->getResult(0).setType(own.clone(shape));
  if (auto threshold = dyn_cast<nn::ThresholdOp>(copy))
    threshold.setChannel(threshold.getChannel() + shape.size() - own.getRank());
  auto results = interpreter::evaluateOp(copy, operands);
  copy->destroy();
  if (results)
    return results->front();
  llvm::consumeError(results.takeError());
  return {};
}

Tensor evaluateChain(ArrayRef<Operation *> ops, Tensors outside, ArrayRef<int64_t> shape,
                     llvm::function_ref<void(const Tensor &)> visit) {
  llvm::DenseMap<Value, size_t> readsLeft;
  for (Operation *op : ops)
    for (Value operand : op->getOperands())
      ++readsLeft[operand];
  Tensors known = std::move(outside);
  Tensor result;
  for (Operation *op : ops) {
    std::vector<Tensor> operands;
    for (Value operand : op->getOperands())
      operands.push_back(known.lookup(operand));
    for (Value operand : op->getOperands())
      if (--readsLeft[operand] == 0)
        known.erase(operand);
    result = evaluateWith(op, operands, shape);
    if (!result)
      return {};
    if (visit)
      visit(result);
    known[op->getResult(0)] = result;
  }
  return result;
}

} // namespace nnc::quantization
