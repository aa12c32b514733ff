//===- Floors.cpp - Which values are known to be floored ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Floors.h"

#include "mlir/IR/DialectResourceBlobManager.h"

#include <cmath>

using namespace mlir;

namespace nnc::graph {

template <typename T>
T floor0(T x, T least) {
  return std::fabs(x) < least ? T(0) : x;
}
template float floor0(float, float);
template double floor0(double, double);

Attribute floorNumber(Attribute number, int64_t exponent) {
  auto value = dyn_cast<FloatAttr>(number);
  if (!value || value.getValue().isNaN())
    return number;
  return FloatAttr::get(value.getType(),
                        floor0(value.getValueAsDouble(), std::ldexp(1.0, exponent)));
}

bool isFloat(Value value) { return isa<FloatType>(getElementTypeOrSelf(value.getType())); }

bool passesFloor(Operation *op) { return op->hasTrait<nn::Movement>() || isa<nn::MaxPoolOp>(op); }

template <typename T>
static bool allFloored(nn::ConstantOp constant, int64_t exponent) {
  std::vector<char> bytes;
  ArrayRef<char> raw;
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(constant.getValue())) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    raw = blob ? blob->getData() : raw;
  } else {
    bytes = nn::elementBytes(constant.getValue());
    raw = bytes;
  }
  ArrayRef<T> values(reinterpret_cast<const T *>(raw.data()), raw.size() / sizeof(T));
  T least = std::ldexp(T(1), exponent);
  return llvm::all_of(values,
                      [&](T v) { return !(std::fabs(v) < least) || (v == 0 && !std::signbit(v)); });
}

static bool constantHolds(nn::ConstantOp constant, int64_t exponent) {
  Type element = constant.getType().getElementType();
  if (element.isF32())
    return allFloored<float>(constant, exponent);
  return element.isF64() && allFloored<double>(constant, exponent);
}

bool FloorAnalysis::holds(Value value, int64_t exponent) {
  if (!isFloat(value))
    return true;
  auto [it, isNew] = known.try_emplace({value, exponent}, false);
  if (!isNew)
    return it->second;
  bool result = compute(value, exponent);
  known[{value, exponent}] = result;
  return result;
}

bool FloorAnalysis::compute(Value value, int64_t exponent) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return false;
  if (auto constant = dyn_cast<nn::ConstantOp>(op))
    return constantHolds(constant, exponent);
  if (auto floor = dyn_cast<nn::Floor0Op>(op))
    return static_cast<int64_t>(floor.getExponent()) >= exponent;
  auto numberHolds = [&](Attribute number) { return floorNumber(number, exponent) == number; };
  auto operandsHold = [&] {
    return llvm::all_of(op->getOperands(), [&](Value operand) { return holds(operand, exponent); });
  };
  if (auto pad = dyn_cast<nn::PadOp>(op); pad && !numberHolds(pad.getValue()))
    return false;
  if (op->hasTrait<nn::Movement>())
    return operandsHold();
  if (exponent <= arithmeticFloor)
    return true; // the operands of arithmetic and selection hold, each checked at its own op
  if (isa<nn::CastOp>(op))
    return !isFloat(op->getOperand(0));
  if (auto clip = dyn_cast<nn::ClipOp>(op))
    return numberHolds(clip.getMin()) && numberHolds(clip.getMax()) && operandsHold();
  if (isa<nn::ReluOp, nn::MaxOp, nn::MinOp, nn::SelectOp, nn::MaxPoolOp, nn::ReduceMaxOp>(op))
    return operandsHold();
  return false;
}

} // namespace nnc::graph
