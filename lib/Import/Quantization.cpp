//===- Quantization.cpp - Quantized operators ----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// QLinearConv and its kin become what they stand for: the float operator between
// nn.dequantize and nn.quantize. Resolution finds the integer form of either spelling.
//
//===----------------------------------------------------------------------===//
#include "NodeImporter.h"

#include "dialects/NN/Values.h"

#include "mlir/IR/Matchers.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace llvm;
using namespace mlir;

namespace nnc {

//===----------------------------------------------------------------------===//
// Scales and zero points
//===----------------------------------------------------------------------===//

namespace {
/// What integers stand for, broadcastable to the tensor they belong to.
struct Grid {
  Value scale, zeroPoint;
};
/// Where one scale counts: for all of `axis`'s slices, or for `block` elements along it.
struct Granularity {
  int64_t axis = 0, block = 0;
};
} // namespace

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
    if (!(v >= 0x1p-125f) || std::isinf(v)) // less is flushed: NumericSpec section 2
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

/// `value` (a scale or zero point, called `what`) such that it broadcasts to `shape`.
static Value broadcastable(NodeImporter &node, Value value, ArrayRef<int64_t> shape,
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

/// Scale and zero point of a tensor of `shape` whose elements are `stored`; no zero point: 0.
static Grid readGrid(NodeImporter &node, Value scale, Value zeroPoint, ArrayRef<int64_t> shape,
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

static Value dequantize(NodeImporter &node, Value x, const Grid &grid) {
  return node.createTyped<nn::DequantizeOp>(typeOf(x).getShape(), node.f32(), x, grid.scale,
                                            grid.zeroPoint);
}

static Value quantize(NodeImporter &node, Value x, const Grid &grid) {
  if (!x || !grid.zeroPoint)
    return {};
  return node.createTyped<nn::QuantizeOp>(
      typeOf(x).getShape(), typeOf(grid.zeroPoint).getElementType(), x, grid.scale, grid.zeroPoint);
}

//===----------------------------------------------------------------------===//
// QuantizeLinear, DequantizeLinear
//===----------------------------------------------------------------------===//

/// The attributes axis and block_size, checked against operand 0 and the scale.
static Granularity readGranularity(NodeImporter &node) {
  Granularity granularity;
  int64_t axis = node.intAttr("axis", 1);
  granularity.block = node.intAttr("block_size", 0);
  bool whole = typeOf(node.input(1)).getNumElements() == 1 && granularity.block == 0;
  if (!whole) // ONNX lets the axis be anything where there is one scale
    granularity.axis = node.normalAxis(axis, node.rank(0));
  if (granularity.block < 0 || granularity.block > maxElements)
    node.report(formatv("block_size is {0}", granularity.block));
  if (!whole && granularity.block == 0 && typeOf(node.input(1)).getRank() != 1)
    node.report("the scale " + typeText(node.input(1).getType()) +
                " has neither one element nor one per slice of the axis");
  return granularity;
}

/// The integer type that attribute output_dtype states, else `otherwise`.
static Type outputType(NodeImporter &node, Type otherwise) {
  int64_t stated = node.intAttr("output_dtype", 0);
  if (stated == 0)
    return otherwise;
  const nn::ElementType *type = nn::findElementType(static_cast<int>(stated));
  if (type)
    return type->get(otherwise.getContext());
  node.report("output_dtype is " + dataTypeName(stated) + ", which is not supported");
  return otherwise;
}

LogicalResult importQuantizeLinear(NodeImporter &node) {
  node.ignoreAttr("saturate"); // speaks of float8 only
  if (node.intAttr("precision", 0) > 1)
    return node.fail("only float32 precision is supported");
  Type uint8 = nn::findElementType("uint8")->get(node.f32().getContext());
  Type stated = outputType(node, node.has(2) ? node.type(2).getElementType() : uint8);
  if (!stated.isInteger() || stated.getIntOrFloatBitWidth() > 16 || stated.isInteger(1))
    return node.fail("the result's type is " + typeText(RankedTensorType::get({}, stated)) +
                     ", expected an integer of at most 16 bits");
  Granularity granularity = readGranularity(node);
  if (node.hasFailed())
    return failure();
  Grid grid = readGrid(node, node.input(1), node.input(2), node.shape(0), stated, granularity);
  return node.finish(quantize(node, node.input(0), grid));
}

LogicalResult importDequantizeLinear(NodeImporter &node) {
  if (!outputType(node, node.f32()).isF32())
    return node.fail("only float32 results are supported");
  Granularity granularity = readGranularity(node);
  if (node.hasFailed())
    return failure();
  Grid grid = readGrid(node, node.input(1), node.input(2), node.shape(0),
                       node.type(0).getElementType(), granularity);
  return node.hasFailed() ? failure() : node.finish(dequantize(node, node.input(0), grid));
}

LogicalResult importDynamicQuantizeLinear(NodeImporter &node) {
  Value x = node.input(0);
  auto axes = llvm::to_vector(llvm::seq<int64_t>(0, node.rank(0)));
  Value most = node.create<nn::ReduceMaxOp>(x, axes, false);
  Value flipped = node.create<nn::NegOp>(x);
  Value least = flipped ? node.create<nn::ReduceMaxOp>(flipped, axes, false) : Value(); // -minimum
  if (!most || !least)
    return failure();
  Value zero = node.scalar(0.0f);
  most = node.create<nn::MaxOp>(most, zero);
  least = node.create<nn::MaxOp>(least, zero);
  Value range = node.create<nn::AddOp>(most, least), steps = node.scalar(255.0f);
  // Of nothing but zeros the scale is 1, as in ONNX Runtime.
  Value isRange = node.createTyped<nn::CastOp>({}, IntegerType::get(x.getContext(), 1), range);
  Value scale = node.create<nn::DivOp>(node.create<nn::SelectOp>(isRange, range, steps), steps);
  Type uint8 = nn::findElementType("uint8")->get(node.f32().getContext());
  Value none = node.constant(
      DenseElementsAttr::get(RankedTensorType::get({}, uint8), IntegerAttr::get(uint8, 0)));
  Value zeroPoint = quantize(node, least, {scale, none});
  if (failed(node.finish(quantize(node, x, {scale, zeroPoint}))))
    return failure();
  if (node.wants(1))
    (void)node.finish(scale, 1);
  if (node.wants(2))
    (void)node.finish(zeroPoint, 2);
  return success();
}

//===----------------------------------------------------------------------===//
// The float operator between integers
//===----------------------------------------------------------------------===//

/// Operand `i` times `factor` as floats; its scale and zero point are the two operands behind it.
static Value dequantized(NodeImporter &node, size_t i, Granularity granularity = {},
                         float factor = 1.0f) {
  if (!node.has(i) || !node.has(i + 1)) { // the table knows the operands at the beginning only
    node.report("input " + Twine(node.has(i) ? i + 1 : i) + " is missing");
    return {};
  }
  if (Type element = node.type(i).getElementType();
      !element.isSignlessInteger(8) && !element.isUnsignedInteger(8)) {
    node.report("input " + Twine(i) + " is " + typeText(node.type(i)) + ", supported: uint8, int8");
    return {};
  }
  Grid grid = readGrid(node, node.input(i + 1), node.input(i + 2), node.shape(i),
                       node.type(i).getElementType(), granularity);
  if (node.hasFailed())
    return {};
  if (factor != 1.0f)
    grid.scale = node.create<nn::MulOp>(grid.scale, node.scalar(factor));
  return dequantize(node, node.input(i), grid);
}

/// Leaves `value` quantized to the type of the zero point at operand `i` + 1, scale at `i`;
/// without a zero point to `otherwise`.
static LogicalResult finishQuantized(NodeImporter &node, Value value, size_t i, Type otherwise) {
  if (!value || node.hasFailed())
    return failure();
  Type stored = node.has(i + 1) ? node.type(i + 1).getElementType() : otherwise;
  if (!stored.isInteger() || stored.isInteger(1) || stored.getIntOrFloatBitWidth() > 16)
    return node.fail("the zero point of the result is " + typeText(node.type(i + 1)) +
                     ", expected an integer of up to 16 bits");
  Grid grid =
      readGrid(node, node.input(i), node.input(i + 1), typeOf(value).getShape(), stored, {});
  return node.hasFailed() ? failure() : node.finish(quantize(node, value, grid));
}

/// An int32 bias of rank 1, or up to `mostRank`, whose scale is the product of the factors' scales.
static Value dequantizedBias(NodeImporter &node, size_t i, Value lhsScale, Value rhsScale,
                             int64_t mostRank = 1) {
  if (!node.has(i))
    return {};
  int64_t rank = node.rank(i);
  if (rank < 1 || rank > mostRank || !node.type(i).getElementType().isInteger(32)) {
    node.report("the bias is " + typeText(node.type(i)) + ", expected int32 of rank 1" +
                (mostRank == 2 ? " or 2" : ""));
    return {};
  }
  Value scale = node.create<nn::MulOp>(lhsScale, rhsScale);
  if (!scale)
    return {};
  if (typeOf(scale).getNumElements() == 1)
    scale = node.reshape(scale, {});
  else
    scale = node.reshape(scale, {typeOf(scale).getNumElements()});
  Type i32 = node.type(i).getElementType();
  Value zero = node.constant(
      DenseElementsAttr::get(RankedTensorType::get({}, i32), IntegerAttr::get(i32, 0)));
  bool isRow = rank == 2 && node.shape(i)[0] == 1;
  Value bias = isRow ? node.reshape(i, {node.shape(i)[1]}) : node.input(i);
  return dequantize(node, bias, {scale, zero});
}

LogicalResult importQLinearConv(NodeImporter &node) {
  if (node.rank(3) < 3 || typeOf(node.input(1)).getNumElements() != 1)
    return node.fail("the filter has rank 3 or 4 and the input one scale");
  if (node.has(8) && node.rank(8) == 1 && node.shape(8)[0] != node.shape(3)[0])
    return node.fail(formatv("the bias has {0} elements, the filter {1} output channels",
                             node.shape(8)[0], node.shape(3)[0]));
  Value x = dequantized(node, 0), w = dequantized(node, 3);
  if (!x || !w)
    return failure();
  Value bias = dequantizedBias(node, 8, x.getDefiningOp<nn::DequantizeOp>().getScale(),
                               w.getDefiningOp<nn::DequantizeOp>().getScale());
  if (node.hasFailed())
    return failure();
  return finishQuantized(node, node.via(importConv, {x, w, bias}), 6,
                         node.type(0).getElementType());
}

LogicalResult importQLinearMatMul(NodeImporter &node) {
  if (node.rank(0) < 1 || node.rank(3) < 1)
    return node.fail("operands must have rank 1 or more");
  Value a = dequantized(node, 0, {std::max<int64_t>(node.rank(0) - 2, 0)});
  Value b = dequantized(node, 3, {node.rank(3) - 1});
  if (!a || !b)
    return failure();
  return finishQuantized(node, node.via(importMatMul, {a, b}), 6, node.type(0).getElementType());
}

LogicalResult importQGemm(NodeImporter &node) {
  if (node.rank(0) != 2 || node.rank(3) != 2)
    return node.fail("A and B must be matrices");
  float alpha = node.floatAttr("alpha", 1.0f);
  if (!(alpha > 0) || !std::isfinite(alpha))
    return node.fail(formatv("alpha is {0}, supported: positive numbers", alpha));
  // alpha belongs to the scale of A, in that of the bias, too.
  Value a = dequantized(node, 0, {}, alpha);
  Value b = dequantized(node, 3, {node.intAttr("transB", 0) ? 0 : 1});
  if (!a || !b)
    return failure();
  Value bias = dequantizedBias(node, 6, a.getDefiningOp<nn::DequantizeOp>().getScale(),
                               b.getDefiningOp<nn::DequantizeOp>().getScale(), /*mostRank=*/2);
  if (node.hasFailed())
    return failure();
  Value product = node.via(importGemmWithoutAlpha, {a, b, bias});
  return node.has(7) ? finishQuantized(node, product, 7, node.type(0).getElementType())
                     : node.finish(product);
}

static LogicalResult importQLinearBinary(NodeImporter &node,
                                         LogicalResult (*import)(NodeImporter &)) {
  Value a = dequantized(node, 0), b = a ? dequantized(node, 3) : Value();
  if (!b)
    return failure();
  return finishQuantized(node, node.via(import, {a, b}), 6, node.type(0).getElementType());
}

LogicalResult importQLinearAdd(NodeImporter &node) { return importQLinearBinary(node, importAdd); }
LogicalResult importQLinearMul(NodeImporter &node) { return importQLinearBinary(node, importMul); }

static LogicalResult importQLinearUnary(NodeImporter &node,
                                        LogicalResult (*import)(NodeImporter &)) {
  Value x = dequantized(node, 0);
  if (!x)
    return failure();
  return finishQuantized(node, node.via(import, {x}), 3, node.type(0).getElementType());
}

LogicalResult importQLinearSigmoid(NodeImporter &node) {
  return importQLinearUnary(node, importSigmoid);
}
LogicalResult importQLinearLeakyRelu(NodeImporter &node) {
  return importQLinearUnary(node, importLeakyRelu);
}

LogicalResult importQLinearSoftmax(NodeImporter &node) {
  int64_t opset = node.intAttr("opset", node.getOpset());
  Value x = dequantized(node, 0);
  if (!x)
    return failure();
  return finishQuantized(node, node.via(importSoftmax, {x}, opset), 3,
                         node.type(0).getElementType());
}

/// Poolings of com.microsoft may have their channels last.
static LogicalResult importQLinearPool(NodeImporter &node,
                                       LogicalResult (*import)(NodeImporter &)) {
  Value x = dequantized(node, 0);
  if (!x)
    return failure();
  int64_t rank = node.rank(0);
  bool channelsLast = node.intAttr("channels_last", 0) != 0;
  if (channelsLast && rank < 3)
    return node.fail("channels_last needs an input of rank 3 or more");
  SmallVector<int64_t> toFirst, toLast;
  for (int64_t d = 0; d < rank; ++d) {
    toFirst.push_back(d == 0 ? 0 : d == 1 ? rank - 1 : d - 1);
    toLast.push_back(d == 0 ? 0 : d == rank - 1 ? 1 : d + 1);
  }
  Value pooled = node.via(import, {channelsLast ? node.transpose(x, toFirst) : x});
  if (channelsLast)
    pooled = node.transpose(pooled, toLast);
  return finishQuantized(node, pooled, 3, node.type(0).getElementType());
}

LogicalResult importQLinearAveragePool(NodeImporter &node) {
  return importQLinearPool(node, importAveragePool);
}
LogicalResult importQLinearGlobalAveragePool(NodeImporter &node) {
  return importQLinearPool(node, importGlobalAveragePool);
}

LogicalResult importQLinearConcat(NodeImporter &node) {
  SmallVector<Value> parts;
  if (node.numInputs() % 3 != 2)
    return node.fail("takes a scale, a zero point and three operands per part");
  for (size_t i = 2; i < node.numInputs(); i += 3) {
    parts.push_back(dequantized(node, i));
    if (!parts.back())
      return failure();
  }
  return finishQuantized(node, node.via(importConcat, parts), 0, node.type(2).getElementType());
}

//===----------------------------------------------------------------------===//
// Accumulators as results
//===----------------------------------------------------------------------===//

/// Operand `i` less its zero point, operand `zero`; an int16.
static Value centered(NodeImporter &node, size_t i, size_t zero, int64_t axis) {
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

LogicalResult importConvInteger(NodeImporter &node) {
  if (node.rank(1) < 3)
    return node.fail("the filter has rank 3 or 4");
  Value x = centered(node, 0, 2, 0), w = centered(node, 1, 3, 0);
  return x && w ? node.finish(node.via(importConv, {x, w})) : failure();
}

LogicalResult importMatMulInteger(NodeImporter &node) {
  if (node.rank(0) < 1 || node.rank(1) < 1)
    return node.fail("operands must have rank 1 or more");
  Value a = centered(node, 0, 2, std::max<int64_t>(node.rank(0) - 2, 0));
  Value b = centered(node, 1, 3, node.rank(1) - 1);
  return a && b ? node.finish(node.via(importMatMul, {a, b})) : failure();
}

} // namespace nnc
