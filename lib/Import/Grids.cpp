//===- Grids.cpp - Scales and zero points as ONNX states them -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Grids.h"

#include "dialects/NN/ElementTypes.h"
#include "dialects/NN/Values.h"

#include "mlir/IR/Matchers.h"

#include "llvm/ADT/APSInt.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

using nn::typeOf;

/// Reports what is wrong with the scales that are known when we compile.
static void checkScale(NodeImporter &node, Value scale) {
  ElementsAttr known;
  if (!typeOf(scale).getElementType().isF32())
    return node.report("the scale is " + typeText(scale.getType()) + ", supported: float32");
  if (!matchPattern(scale, m_Constant(&known)))
    return;
  std::vector<char> bytes = nn::elementBytes(known);
  ArrayRef values(reinterpret_cast<const float *>(bytes.data()), bytes.size() / sizeof(float));
  for (float v : values)
    if (!isScale(v))
      return node.report(formatv("the scale {0} is {1}; a scale is a number from 2^-125 on",
                                 format("%g", v),
                                 std::isnan(v)      ? "no number"
                                 : v == 0.0f        ? "zero"
                                 : v < 0.0f         ? "negative"
                                 : std::isinf(v)    ? "infinite"
                                 : std::isnormal(v) ? "less than 2^-125"
                                                    : "subnormal"));
}

/// One value for `block` elements along `axis`, repeated to `shape`.
static Value repeatBlocks(NodeImporter &node, Value value, ArrayRef<int64_t> shape,
                          Granularity granularity) {
  auto [axis, block] = granularity;
  SmallVector<int64_t> blocks(typeOf(value).getShape()), repeated(blocks), starts(shape.size(), 0),
      steps(shape.size(), 1);
  SmallVector<int64_t> split(blocks);
  split.insert(split.begin() + axis + 1, 1);
  Value apart = node.reshape(value, split);
  split[axis + 1] = block;
  repeated[axis] *= block;
  Value joined = node.reshape(node.broadcast(apart, split), repeated);
  return repeated[axis] == shape[axis] ? joined : node.slice(joined, starts, steps, shape);
}

Value broadcastable(NodeImporter &node, Value value, ArrayRef<int64_t> shape,
                    Granularity granularity, StringRef what) {
  ArrayRef<int64_t> own = typeOf(value).getShape();
  auto wrong = [&] {
    node.report(what + " " + typeText(value.getType()) + " does not fit the " +
                (granularity.block ? "blocks" : "axis") + " of the tensor");
    return Value();
  };
  if (granularity.block) {
    SmallVector<int64_t> expected(shape);
    expected[granularity.axis] = divideCeil(shape[granularity.axis], granularity.block);
    return own == ArrayRef(expected) ? repeatBlocks(node, value, shape, granularity) : wrong();
  }
  if (typeOf(value).getNumElements() == 1)
    return own.empty() ? value : node.reshape(value, {});
  if (own.size() > 1) { // stated with the tensor's rank
    auto joined = nn::broadcastShapes(own, shape);
    return joined && ArrayRef(*joined) == shape ? value : wrong();
  }
  if (own[0] != shape[granularity.axis])
    return wrong();
  SmallVector<int64_t> along(shape.size() - granularity.axis, 1);
  along[0] = own[0];
  return along.size() == 1 ? value : node.reshape(value, along);
}

GridOperands readGrid(NodeImporter &node, Value scale, Value zeroPoint, ArrayRef<int64_t> shape,
                      Type stored, Granularity granularity) {
  checkScale(node, scale);
  if (!zeroPoint)
    zeroPoint = node.constant(
        DenseElementsAttr::get(RankedTensorType::get({}, stored), IntegerAttr::get(stored, 0)));
  else if (typeOf(zeroPoint).getShape() != typeOf(scale).getShape() &&
           (typeOf(zeroPoint).getNumElements() != 1 || typeOf(scale).getNumElements() != 1))
    node.report("scale and zero point have different shapes: " + typeText(scale.getType()) +
                " and " + typeText(zeroPoint.getType()));
  if (typeOf(zeroPoint).getElementType() != stored)
    node.report("the zero point is " + typeText(zeroPoint.getType()) + ", the tensor's type is " +
                typeText(RankedTensorType::get(shape, stored)));
  if (node.hasFailed())
    return {};
  bool one = typeOf(zeroPoint).getNumElements() == 1;
  return {
      broadcastable(node, scale, shape, granularity, "the scale"),
      broadcastable(node, zeroPoint, shape, one ? Granularity() : granularity, "the zero point")};
}

/// `v` as a double, which holds all numbers of up to 32 bits; none: see knownNumber.
static std::optional<double> numberOf(Value v) {
  TypedAttr known = knownNumber(v);
  if (auto real = dyn_cast_or_null<FloatAttr>(known))
    return real.getValueAsDouble();
  auto whole = dyn_cast_or_null<IntegerAttr>(known);
  if (!whole)
    return std::nullopt;
  APSInt number(whole.getValue(), whole.getType().isUnsignedInteger());
  return static_cast<double>(number.getExtValue());
}

/// NumericSpec section 9.
static float flushed(float x) { return std::fabs(x) < 0x1p-125f ? 0.0f : x; }

static double quantizedNumber(double x, double scale, double zero, Type stored) {
  auto [least, most] = nn::integerRange(stored);
  float t = flushed(static_cast<float>(x) / static_cast<float>(scale));
  auto low = static_cast<float>(static_cast<double>(least) - zero);
  auto high = static_cast<float>(static_cast<double>(most) - zero);
  t = t > low ? t : low;
  t = high > t ? t : high;
  return std::rint(t) + zero;
}

static double dequantizedNumber(double q, double scale, double zero) {
  auto distance = static_cast<int32_t>(static_cast<int64_t>(q - zero));
  return flushed(static_cast<float>(distance) * static_cast<float>(scale));
}

TypedAttr knownNumber(Value v) {
  if (ElementsAttr value; matchPattern(v, m_Constant(&value)))
    return value.getNumElements() == 1 ? cast<TypedAttr>(*value.value_begin<Attribute>())
                                       : TypedAttr();
  Operation *op = v.getDefiningOp();
  if (!isa_and_nonnull<nn::QuantizeOp, nn::DequantizeOp>(op))
    return {};
  std::optional<double> x = numberOf(op->getOperand(0)), scale = numberOf(op->getOperand(1)),
                        zero = numberOf(op->getOperand(2));
  if (!x || !scale || !zero)
    return {};
  Type element = typeOf(v).getElementType();
  if (isa<nn::DequantizeOp>(op))
    return FloatAttr::get(element, dequantizedNumber(*x, *scale, *zero));
  double q = quantizedNumber(*x, *scale, *zero, element);
  return IntegerAttr::get(element, static_cast<int64_t>(q));
}

Value dequantize(NodeImporter &node, Value x, const GridOperands &grid) {
  return node.createTyped<nn::DequantizeOp>(typeOf(x).getShape(), node.f32(), x, grid.scale,
                                            grid.zeroPoint);
}

Value quantize(NodeImporter &node, Value x, const GridOperands &grid) {
  if (!x || !grid.zeroPoint)
    return {};
  return node.createTyped<nn::QuantizeOp>(
      typeOf(x).getShape(), typeOf(grid.zeroPoint).getElementType(), x, grid.scale, grid.zeroPoint);
}

LogicalResult expectRank(NodeImporter &node, size_t i, int64_t least, StringRef what,
                         StringRef expected) {
  if (node.rank(i) >= least)
    return success();
  return node.fail(what + " is " + typeText(node.type(i)) + ", expected " + expected);
}

Value centered(NodeImporter &node, size_t i, size_t zero, int64_t axis) {
  Type i16 = IntegerType::get(node.f32().getContext(), 16);
  auto wide = [&](Value v) {
    return v ? node.createTyped<nn::CastOp>(typeOf(v).getShape(), i16, v) : Value();
  };
  Value x = wide(node.input(i));
  if (!node.has(zero) || !x)
    return x;
  if (node.type(zero).getElementType() != node.type(i).getElementType()) {
    node.report("the zero point is " + typeText(node.type(zero)) + ", the tensor " +
                typeText(node.type(i)));
    return {};
  }
  Value shift = broadcastable(node, node.input(zero), node.shape(i), {axis}, "the zero point");
  Value widened = shift ? wide(shift) : Value();
  return widened ? node.create<nn::SubOp>(x, widened) : Value();
}

} // namespace nnc
