//===- FusedActivations.cpp - ReLU and Clip on stored values -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FusedActivations.h"

#include "Constants.h"
#include "dialects/NN/ElementTypes.h"

using namespace mlir;

namespace nnc::quantization {

FusedActivations::FusedActivations(nn::QuantizeOp result)
    : source(result.getInput().getDefiningOp()), result(result) {
  while (source && isa<nn::ReluOp, nn::ClipOp>(source) && source->hasOneUse()) {
    ops.insert(ops.begin(), source);
    source = source->getOperand(0).getDefiningOp();
  }
}

bool FusedActivations::hasOneReader() const { return source && source->hasOneUse(); }

namespace {

/// What bounds a clip: a bound that is no number bounds nothing.
Attribute boundOf(OpBuilder &b, Attribute bound, float open) {
  return cast<FloatAttr>(bound).getValue().isNaN() ? b.getF32FloatAttr(open) : bound;
}

} // namespace

std::optional<nn::IntegerRange> limitedLevels(ArrayRef<Operation *> activations,
                                              nn::QuantizeOp grid, nn::RoundingMode rounding) {
  OpBuilder b(grid);
  nn::IntegerRange levels = nn::integerRange(typeOf(grid.getResult()).getElementType());
  for (Operation *op : activations) { // limits after limits are limits
    auto clip = dyn_cast<nn::ClipOp>(op);
    constexpr float infinity = std::numeric_limits<float>::infinity();
    Attribute low = clip ? boundOf(b, clip.getMin(), -infinity) : b.getF32FloatAttr(0.0f);
    Attribute high =
        boundOf(b, clip ? Attribute(clip.getMax()) : b.getF32FloatAttr(infinity), infinity);
    auto least = quantizedNumber(b, low, grid.getScale(), grid.getZeroPoint(), rounding);
    auto most = quantizedNumber(b, high, grid.getScale(), grid.getZeroPoint(), rounding);
    if (!least || !most)
      return std::nullopt;
    for (int64_t *end : {&levels.least, &levels.most})
      *end = std::min(std::max(*end, *least), *most);
  }
  return levels;
}

Value limited(OpBuilder &b, Value q, const FusedActivations &activations, Profile profile) {
  if (activations.ops.empty())
    return q;
  Type element = typeOf(q).getElementType();
  auto rounding = profile == Profile::ORT ? nn::RoundingMode::HalfEven : nn::RoundingMode::HalfAway;
  std::optional<nn::IntegerRange> levels =
      limitedLevels(activations.ops, activations.result, rounding);
  if (!levels)
    return {};
  if (*levels == nn::integerRange(element))
    return q;
  return b.create<nn::ClipOp>(activations.ops.back()->getLoc(), q.getType(), q,
                              cast<TypedAttr>(b.getIntegerAttr(element, levels->least)),
                              cast<TypedAttr>(b.getIntegerAttr(element, levels->most)));
}

} // namespace nnc::quantization
