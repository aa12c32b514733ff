//===- Constants.cpp - Values known when we compile ----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Constants.h"

#include "dialects/NN/ElementTypes.h"
#include "nnc/Interpreter/Interpreter.h"

using namespace mlir;

namespace nnc::quantization {

interpreter::Tensor constantValue(Value v) {
  Operation *op = v.getDefiningOp();
  if (!op || op->getNumResults() != 1 || !isa_and_nonnull<nn::NNDialect>(op->getDialect()))
    return {};
  if (auto constant = dyn_cast<nn::ConstantOp>(op))
    return interpreter::Tensor::fromElements(constant.getValue());
  std::vector<interpreter::Tensor> operands;
  for (Value operand : op->getOperands()) {
    operands.push_back(constantValue(operand));
    if (!operands.back())
      return {};
  }
  auto results = interpreter::evaluateOp(op, operands);
  if (results)
    return results->front();
  llvm::consumeError(results.takeError()); // an op without a meaning is no constant
  return {};
}

std::vector<int64_t> integers(const interpreter::Tensor &tensor) {
  std::vector<int64_t> values;
  nn::visitElementType(tensor.getElementType(), [&](auto zero) {
    for (auto v : tensor.elements<decltype(zero)>())
      values.push_back(static_cast<int64_t>(v));
  });
  return values;
}

Value integerConstant(OpBuilder &b, Location loc, ArrayRef<int64_t> shape, Type element,
                      ArrayRef<int64_t> values) {
  interpreter::Tensor tensor(RankedTensorType::get(shape, element));
  nn::visitElementType(element, [&](auto zero) {
    using T = decltype(zero);
    llvm::transform(values, tensor.mutableElements<T>().begin(),
                    [](int64_t v) { return static_cast<T>(v); });
  });
  return b.create<nn::ConstantOp>(loc, tensor.toElements());
}

std::optional<int64_t> constantInteger(Value v) {
  if (cast<RankedTensorType>(v.getType()).getNumElements() != 1 ||
      !isa<IntegerType>(getElementTypeOrSelf(v.getType())))
    return std::nullopt;
  interpreter::Tensor value = constantValue(v);
  return value ? std::optional(integers(value).front()) : std::nullopt;
}

bool isSame(Value a, Value b) {
  if (a == b)
    return true;
  if (getElementTypeOrSelf(a.getType()) != getElementTypeOrSelf(b.getType()))
    return false;
  interpreter::Tensor x = constantValue(a), y = x ? constantValue(b) : interpreter::Tensor();
  return y && x.bytes() == y.bytes();
}

} // namespace nnc::quantization
