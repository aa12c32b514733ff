//===- Constants.cpp - Values known when we compile ----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Constants.h"

#include "dialects/NN/ElementTypes.h"
#include "nnc/Interpreter/Interpreter.h"

#include "llvm/ADT/DenseMap.h"

using namespace mlir;

namespace nnc::quantization {

namespace {

/// Evaluates what a value depends on, each op once, without recursion: a file may hold chains of
/// any length. What would grow far beyond the constants it is made of is no constant.
class ConstantEvaluator {
public:
  interpreter::Tensor of(Value v) {
    pending = {v.getDefiningOp()};
    while (!pending.empty()) {
      Operation *op = pending.back();
      if (known.contains(op))
        pending.pop_back();
      else if (!isEvaluable(op))
        return {};
      else if (!pushOperands(op) && !evaluate(op))
        return {};
    }
    return known.lookup(v.getDefiningOp());
  }

private:
  static bool isEvaluable(Operation *op) {
    return op && op->getNumResults() == 1 && isa_and_nonnull<nn::NNDialect>(op->getDialect());
  }

  /// Whether operands must be evaluated first.
  bool pushOperands(Operation *op) {
    size_t before = pending.size();
    for (Value operand : op->getOperands())
      if (!known.contains(operand.getDefiningOp()))
        pending.push_back(operand.getDefiningOp());
    return pending.size() > before;
  }

  bool evaluate(Operation *op) {
    if (auto constant = dyn_cast<nn::ConstantOp>(op)) {
      known[op] = interpreter::Tensor::fromElements(constant.getValue());
      budget += 8 * static_cast<int64_t>(known[op].bytes().size());
      return true;
    }
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    budget -= type.getNumElements() * nn::elementByteSize(type.getElementType());
    if (budget < 0)
      return false;
    std::vector<interpreter::Tensor> operands;
    for (Value operand : op->getOperands())
      operands.push_back(known.lookup(operand.getDefiningOp()));
    auto results = interpreter::evaluateOp(op, operands);
    if (results)
      known[op] = results->front();
    else
      llvm::consumeError(results.takeError()); // an op without a meaning is no constant
    return known.contains(op);
  }

  llvm::DenseMap<Operation *, interpreter::Tensor> known;
  SmallVector<Operation *> pending;
  int64_t budget = 16 << 20; ///< bytes that may still be computed
};

} // namespace

interpreter::Tensor constantValue(Value v) { return ConstantEvaluator().of(v); }

llvm::DenseSet<Value> runTimeValues(func::FuncOp network) {
  llvm::DenseSet<Value> values(network.getArguments().begin(), network.getArguments().end());
  for (Operation &op : network.front())
    if (llvm::any_of(op.getOperands(), [&](Value v) { return values.contains(v); }))
      values.insert(op.getResults().begin(), op.getResults().end());
  return values;
}

std::vector<int64_t> integers(const interpreter::Tensor &tensor) {
  std::vector<int64_t> values;
  nn::visitElementType(tensor.getElementType(), [&](auto zero) {
    for (auto v : tensor.elements<decltype(zero)>())
      values.push_back(static_cast<int64_t>(v));
  });
  return values;
}

interpreter::Tensor integerTensor(ArrayRef<int64_t> shape, Type element, ArrayRef<int64_t> values) {
  interpreter::Tensor tensor(RankedTensorType::get(shape, element));
  nn::visitElementType(element, [&](auto zero) {
    using T = decltype(zero);
    llvm::transform(values, tensor.mutableElements<T>().begin(),
                    [](int64_t v) { return static_cast<T>(v); });
  });
  return tensor;
}

Value integerConstant(OpBuilder &b, Location loc, ArrayRef<int64_t> shape, Type element,
                      ArrayRef<int64_t> values) {
  return b.create<nn::ConstantOp>(loc, integerTensor(shape, element, values).toElements());
}

std::optional<int64_t> constantInteger(Value v) {
  if (!hasOneElement(v) || !typeOf(v).getElementType().isInteger())
    return std::nullopt;
  interpreter::Tensor value = constantValue(v);
  return value ? std::optional(integers(value).front()) : std::nullopt;
}

std::optional<float> constantFloat(Value v) {
  if (!hasOneElement(v) || !typeOf(v).getElementType().isF32())
    return std::nullopt;
  interpreter::Tensor value = constantValue(v);
  return value ? std::optional(value.elements<float>().front()) : std::nullopt;
}

std::optional<int64_t> quantizedNumber(OpBuilder &b, Attribute number, Value scale, Value zeroPoint,
                                       nn::RoundingMode rounding) {
  auto scalar = RankedTensorType::get({}, b.getF32Type());
  auto stored = RankedTensorType::get({}, typeOf(zeroPoint).getElementType());
  Location loc = scale.getLoc();
  Value x = b.create<nn::ConstantOp>(loc, DenseElementsAttr::get(scalar, number));
  return constantInteger(b.create<nn::QuantizeOp>(loc, stored, x, reshaped(b, scale, {}),
                                                  reshaped(b, zeroPoint, {}), rounding));
}

SmallVector<int64_t> paddedShape(Value v, int64_t rank) {
  SmallVector<int64_t> shape(rank - typeOf(v).getRank(), 1);
  llvm::append_range(shape, typeOf(v).getShape());
  return shape;
}

Value reshaped(OpBuilder &b, Value v, ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(shape, typeOf(v).getElementType());
  return v.getType() == type ? v : b.create<nn::ReshapeOp>(v.getLoc(), type, v).getResult();
}

bool isSame(Value a, Value b) {
  if (a == b)
    return true;
  if (typeOf(a).getElementType() != typeOf(b).getElementType())
    return false;
  interpreter::Tensor x = constantValue(a), y = x ? constantValue(b) : interpreter::Tensor();
  return y && x.bytes() == y.bytes();
}

bool onOneGrid(nn::DequantizeOp a, nn::DequantizeOp b) {
  return isPerTensor(a) && isPerTensor(b) &&
         typeOf(a.getInput()).getElementType() == typeOf(b.getInput()).getElementType() &&
         isSame(a.getScale(), b.getScale()) && isSame(a.getZeroPoint(), b.getZeroPoint());
}

} // namespace nnc::quantization
