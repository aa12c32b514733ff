//===- Values.cpp - Questions about tensors, and making them -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/NN/Values.h"

#include "dialects/NN/NNOps.h"

using namespace mlir;

namespace nnc::nn {

bool movesElements(Operation *op) {
  return op && op->getNumResults() == 1 && op->getNumOperands() > 0 &&
         (op->hasTrait<Movement>() || isa<MaxPoolOp>(op));
}

Value createFloats(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape,
                   ArrayRef<float> values) {
  auto type = RankedTensorType::get(shape, builder.getF32Type());
  ArrayRef<char> bytes(reinterpret_cast<const char *>(values.data()),
                       values.size() * sizeof(float));
  return builder.create<ConstantOp>(loc, makeElements(type, bytes));
}

Operation *createLike(OpBuilder &builder, Operation *op, ArrayRef<Value> operands,
                      RankedTensorType result) {
  OperationState state(op->getLoc(), op->getName().getStringRef(), operands, result,
                       op->getAttrs());
  return builder.create(state);
}

Operation *createLike(OpBuilder &builder, Operation *op, ArrayRef<Value> operands, Type element) {
  return createLike(builder, op, operands,
                    RankedTensorType::get(typeOf(op->getResult(0)).getShape(), element));
}

} // namespace nnc::nn
