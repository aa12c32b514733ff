//===- FixedPoint.cpp - Tensors scaled as TFLite does it -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FixedPoint.h"

#include "../Constants.h"
#include "../FixedScale.h"

using namespace mlir;

namespace nnc::quantization {

nn::RescaleRounding contractionRounding(Profile profile, bool isMatrix) {
  return profile == Profile::TFLiteDouble && isMatrix ? nn::RescaleRounding::Once
                                                      : elementRounding(profile);
}

nn::RescaleRounding elementRounding(Profile profile) {
  return profile == Profile::TFLiteSingle ? nn::RescaleRounding::Once : nn::RescaleRounding::Twice;
}

Value rescaled(OpBuilder &b, Location loc, Value input, ArrayRef<double> factors,
               ArrayRef<int64_t> shape, Value zeroPoint, Type element,
               nn::RescaleRounding rounding) {
  std::vector<int64_t> multipliers, shifts;
  for (double factor : factors) {
    std::optional<FixedScale> fixed = toFixedScale(factor);
    if (!fixed)
      return {};
    multipliers.push_back(fixed->multiplier);
    shifts.push_back(fixed->shift);
  }
  auto type = RankedTensorType::get(typeOf(input).getShape(), element);
  return b.create<nn::RescaleOp>(
      loc, type, input, integerConstant(b, loc, shape, b.getI32Type(), multipliers),
      integerConstant(b, loc, shape, b.getI32Type(), shifts), zeroPoint, rounding);
}

} // namespace nnc::quantization
