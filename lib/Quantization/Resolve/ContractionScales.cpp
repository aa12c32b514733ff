//===- ContractionScales.cpp - What the sums of a contraction count -------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ContractionScales.h"

#include "../Constants.h"

#include <cmath>

using namespace mlir;

namespace nnc::quantization {

Value resultScale(OpBuilder &b, Operation *contraction, nn::DequantizeOp op, bool isRhs) {
  Value scale = op.getScale();
  RankedTensorType own = op.getType(), result = typeOf(contraction->getResult(0));
  if (hasOneElement(scale))
    return reshaped(b, scale, {});
  SmallVector<int64_t> shape = paddedShape(scale, own.getRank());
  if (isa<nn::ConvOp>(contraction)) {
    int64_t channels = own.getDimSize(0);
    if (!isRhs || shape[0] != channels || typeOf(scale).getNumElements() != channels)
      return {};
    SmallVector<int64_t> perChannel(result.getRank() - 1, 1);
    perChannel[0] = channels;
    return reshaped(b, scale, perChannel);
  }
  // The reduced dimension is the last but one of the right operand, the last one of the left.
  if (shape[own.getRank() - (isRhs ? 2 : 1)] != 1)
    return {};
  return reshaped(b, scale, shape);
}

Value scaleOfSums(OpBuilder &b, Location loc, Operation *contraction, nn::DequantizeOp lhs,
                  nn::DequantizeOp rhs) {
  Value left = resultScale(b, contraction, lhs, false);
  Value right = left ? resultScale(b, contraction, rhs, true) : Value();
  return right ? b.create<nn::MulOp>(loc, left, right).getResult() : Value();
}

bool isOnePerColumn(Operation *contraction, Value product) {
  ArrayRef<int64_t> shape = typeOf(product).getShape();
  int64_t count = typeOf(product).getNumElements();
  return count == 1 || count == (isa<nn::ConvOp>(contraction) ? shape.front() : shape.back());
}

std::optional<bool> countsUnitsOf(Operation *contraction, nn::DequantizeOp bias, Value product) {
  interpreter::Tensor zeros = constantValue(bias.getZeroPoint());
  if (!typeOf(bias.getInput()).getElementType().isInteger(32) || !zeros ||
      llvm::any_of(integers(zeros), [](int64_t zero) { return zero != 0; }) ||
      !isOnePerColumn(contraction, product))
    return false;
  interpreter::Tensor stated = constantValue(bias.getScale()), exact = constantValue(product);
  if (!stated || !exact)
    return std::nullopt;
  ArrayRef<float> s = stated.elements<float>(), e = exact.elements<float>();
  if (s.size() != e.size() && s.size() != 1 && e.size() != 1)
    return false;
  for (size_t i = 0, n = std::max(s.size(), e.size()); i < n; ++i) {
    float x = s[s.size() == 1 ? 0 : i], y = e[e.size() == 1 ? 0 : i];
    if (!(std::fabs(x - y) <= 0x1p-20f * y))
      return false;
  }
  return true;
}

std::vector<int64_t> countSteps(ArrayRef<double> numbers, ArrayRef<float> steps, int64_t channels) {
  constexpr double most = 1 << 29; // with 24 bits of the step still exact in double
  std::vector<int64_t> counts;
  for (int64_t c = 0; c < channels; ++c) {
    double number = numbers[numbers.size() == 1 ? 0 : c], step = steps[steps.size() == 1 ? 0 : c];
    double count = std::nearbyint(number / step);
    if (!(std::fabs(count) <= most) || count * step != number)
      return {};
    counts.push_back(static_cast<int64_t>(count));
  }
  return counts;
}

} // namespace nnc::quantization
