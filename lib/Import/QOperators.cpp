//===- QOperators.cpp - Operators on quantized tensors --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// QLinearConv and its kin become what they stand for: the float operator between
// nn.dequantize and nn.quantize. Resolution finds the integer form of either spelling.
// One is written as sums of integers at once: QGemm with a bias of two dimensions. Contractions
// have a bias of one dimension, so that the float operator would round the product before it adds
// the bias; ONNX Runtime rounds once.
//
//===----------------------------------------------------------------------===//
#include "ChannelsLast.h"
#include "Grids.h"

#include "dialects/NN/Values.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

using nn::typeOf;

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
  GridOperands grid = readGrid(node, node.input(i + 1), node.input(i + 2), node.shape(i),
                               node.type(i).getElementType(), granularity);
  if (node.hasFailed())
    return {};
  if (factor != 1.0f)
    grid.scale = node.create<nn::MulOp>(grid.scale, node.scalar(factor));
  return dequantize(node, node.input(i), grid);
}

/// What a result of `shape` is quantized to: the type of the zero point at operand `i` + 1, scale
/// at `i`; without a zero point `otherwise`.
static GridOperands resultGrid(NodeImporter &node, size_t i, ArrayRef<int64_t> shape,
                               Type otherwise) {
  if (!node.has(i)) { // behind zero points that may be left out
    node.report("input " + Twine(i) + " is missing");
    return {};
  }
  Type stored = node.has(i + 1) ? node.type(i + 1).getElementType() : otherwise;
  if (!stored.isInteger() || stored.isInteger(1) || stored.getIntOrFloatBitWidth() > 16) {
    node.report("the zero point of the result is " + typeText(node.type(i + 1)) +
                ", expected an integer of up to 16 bits");
    return {};
  }
  return readGrid(node, node.input(i), node.input(i + 1), shape, stored, {});
}

/// Leaves `value` quantized as operands `i` and `i` + 1 say.
static LogicalResult finishQuantized(NodeImporter &node, Value value, size_t i, Type otherwise) {
  if (!value || node.hasFailed())
    return failure();
  GridOperands grid = resultGrid(node, i, typeOf(value).getShape(), otherwise);
  return node.hasFailed() ? failure() : node.finish(quantize(node, value, grid));
}

static Value scaleOf(Value dequantized) {
  return dequantized.getDefiningOp<nn::DequantizeOp>().getScale();
}

static Value zeroWords(NodeImporter &node, ArrayRef<int64_t> shape) {
  Type i32 = IntegerType::get(node.f32().getContext(), 32);
  return node.constant(
      DenseElementsAttr::get(RankedTensorType::get(shape, i32), IntegerAttr::get(i32, 0)));
}

/// The scale of sums of products of `lhs` and `rhs`: one element, or one for each column.
static Value scaleOfProducts(NodeImporter &node, Value lhs, Value rhs) {
  Value scale = node.create<nn::MulOp>(scaleOf(lhs), scaleOf(rhs));
  if (!scale)
    return {};
  int64_t count = typeOf(scale).getNumElements();
  return count == 1 ? node.reshape(scale, {}) : node.reshape(scale, {count});
}

/// int32s that sums of products of `lhs` and `rhs` begin with, or are such sums, as floats.
/// nn-resolve-contractions looks for a bias with this scale.
static Value dequantizedSums(NodeImporter &node, Value sums, Value lhs, Value rhs) {
  Value scale = scaleOfProducts(node, lhs, rhs);
  return scale ? dequantize(node, sums, {scale, zeroWords(node, {})}) : Value();
}

/// Leaves sums of products of `lhs` and `rhs` quantized as operands `i` and `i` + 1 say, rounded
/// once.
static LogicalResult finishRequantized(NodeImporter &node, Value sums, Value lhs, Value rhs,
                                       size_t i, Type otherwise) {
  ArrayRef<int64_t> shape = typeOf(sums).getShape();
  GridOperands grid = resultGrid(node, i, shape, otherwise);
  Value scale = scaleOfProducts(node, lhs, rhs);
  if (node.hasFailed() || !scale)
    return failure();
  Value factor = node.create<nn::DivOp>(scale, grid.scale);
  if (!factor)
    return failure();
  return node.finish(node.createTyped<nn::RequantizeOp>(
      shape, typeOf(grid.zeroPoint).getElementType(), sums, factor, grid.zeroPoint));
}

LogicalResult importQLinearConv(NodeImporter &node) {
  if (failed(expectRank(node, 3, 3, "the filter", "rank 3 or 4")))
    return failure();
  if (node.type(1).getNumElements() != 1)
    return node.fail("the scale of the input is " + typeText(node.type(1)) +
                     ", expected one number");
  if (node.has(8) && (node.rank(8) != 1 || !node.type(8).getElementType().isInteger(32)))
    return node.fail("the bias is " + typeText(node.type(8)) + ", expected int32 of rank 1");
  if (node.has(8) && node.shape(8)[0] != node.shape(3)[0])
    return node.fail(formatv("the bias has {0} elements, the filter {1} output channels",
                             node.shape(8)[0], node.shape(3)[0]));
  Value x = dequantized(node, 0), w = dequantized(node, 3);
  if (!x || !w)
    return failure();
  Value bias = node.has(8) ? dequantizedSums(node, node.input(8), x, w) : Value();
  if (node.hasFailed())
    return failure();
  return finishQuantized(node, node.via(importConv, {x, w, bias}), 6,
                         node.type(0).getElementType());
}

LogicalResult importQLinearMatMul(NodeImporter &node) {
  if (failed(expectRank(node, 0, 1, "A", "rank 1 or more")) ||
      failed(expectRank(node, 3, 1, "B", "rank 1 or more")))
    return failure();
  Value a = dequantized(node, 0, {std::max<int64_t>(node.rank(0) - 2, 0)});
  Value b = dequantized(node, 3, {node.rank(3) - 1});
  if (!a || !b)
    return failure();
  return finishQuantized(node, node.via(importMatMul, {a, b}), 6, node.type(0).getElementType());
}

/// The bias of a QGemm as the row that all rows of the result get, or else in the result's shape.
static Value gemmBias(NodeImporter &node, int64_t rows, int64_t columns) {
  constexpr size_t i = 6;
  ArrayRef<int64_t> shape = node.shape(i);
  int64_t height = shape.size() == 2 ? shape[0] : 1, width = shape.empty() ? 1 : shape.back();
  if (shape.size() > 2 || (height != 1 && height != rows) || (width != 1 && width != columns) ||
      !node.type(i).getElementType().isInteger(32)) {
    node.report("the bias is " + typeText(node.type(i)) +
                formatv(", expected int32 that broadcasts to {0}x{1}", rows, columns).str());
    return {};
  }
  SmallVector<int64_t> own{width}, wanted{columns};
  if (height != 1) {
    own = {height, width};
    wanted = {rows, columns};
  }
  Value bias = node.reshape(i, own);
  return width == columns ? bias : node.create<nn::AddOp>(bias, zeroWords(node, wanted));
}

LogicalResult importQGemm(NodeImporter &node) {
  for (size_t i : {0, 3})
    if (node.rank(i) != 2)
      return node.fail((i == 0 ? "A is " : "B is ") + typeText(node.type(i)) +
                       ", expected a matrix");
  float alpha = node.floatAttr("alpha", 1.0f);
  if (!(alpha > 0) || !std::isfinite(alpha))
    return node.fail(formatv("alpha is {0}, supported: positive numbers", alpha));
  // alpha belongs to the scale of A, in that of the bias, too.
  Value a = dequantized(node, 0, {}, alpha);
  int64_t columnAxis = node.intAttr("transB", 0) ? 0 : 1,
          rowAxis = node.intAttr("transA", 0) ? 1 : 0;
  Value b = dequantized(node, 3, {columnAxis});
  if (!a || !b)
    return failure();
  Value bias;
  if (node.has(6))
    bias = gemmBias(node, node.shape(0)[rowAxis], node.shape(3)[columnAxis]);
  if (node.hasFailed())
    return failure();
  if (bias && typeOf(bias).getRank() == 2) {
    // Sums are rounded once, with what each of them began with.
    Value x = centered(node, 0, 2, rowAxis), w = centered(node, 3, 5, columnAxis);
    if (!x || !w)
      return failure();
    Value sums = node.via(importGemmWithoutAlpha, {x, w, bias});
    if (!sums)
      return failure();
    return node.has(7) ? finishRequantized(node, sums, a, b, 7, node.type(0).getElementType())
                       : node.finish(dequantizedSums(node, sums, a, b));
  }
  if (bias)
    bias = dequantizedSums(node, bias, a, b);
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
    return node.fail("channels_last is 1 and the input " + typeText(node.type(0)) +
                     ", expected rank 3 or more");
  if (channelsLast)
    x = node.transpose(x, toChannelsFirst(rank));
  Value pooled = node.via(import, {x});
  if (channelsLast)
    pooled = node.transpose(pooled, toChannelsLast(rank));
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
    return node.fail(formatv("there are {0} inputs, expected a scale, a zero point and three for "
                             "each part",
                             node.numInputs()));
  for (size_t i = 2; i < node.numInputs(); i += 3) {
    parts.push_back(dequantized(node, i));
    if (!parts.back())
      return failure();
  }
  return finishQuantized(node, node.via(importConcat, parts), 0, node.type(2).getElementType());
}

} // namespace nnc
