//===- QuantizeLinear.cpp - Integers of floats, and floats of integers ----===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Grids.h"

#include "dialects/NN/Values.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

using nn::typeOf;

/// The attributes axis and block_size, checked against operand 0 and the scale.
static Granularity readGranularity(NodeImporter &node) {
  Granularity granularity;
  int64_t axis = node.intAttr("axis", 1);
  granularity.block = node.intAttr("block_size", 0);
  bool whole = typeOf(node.input(1)).getNumElements() == 1 && granularity.block == 0;
  if (!whole) // ONNX lets the axis be anything where there is one scale
    granularity.axis = node.normalAxis(axis, node.rank(0));
  if (granularity.block < 0 || granularity.block > maxElements)
    node.report(
        formatv("block_size is {0}, expected 0, for none, to {1}", granularity.block, maxElements));
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
  constexpr int64_t float32 = 1;
  if (int64_t precision = node.intAttr("precision", 0); precision != 0 && precision != float32)
    return node.fail("precision is " + dataTypeName(precision) + ", supported: float32");
  Type uint8 = nn::findElementType("uint8")->get(node.f32().getContext());
  Type stated = outputType(node, node.has(2) ? node.type(2).getElementType() : uint8);
  if (!stated.isInteger() || stated.getIntOrFloatBitWidth() > 16 || stated.isInteger(1))
    return node.fail("the result's type is " + typeText(RankedTensorType::get({}, stated)) +
                     ", expected an integer of at most 16 bits");
  Granularity granularity = readGranularity(node);
  if (node.hasFailed())
    return failure();
  GridOperands grid =
      readGrid(node, node.input(1), node.input(2), node.shape(0), stated, granularity);
  return node.finish(quantize(node, node.input(0), grid));
}

LogicalResult importDequantizeLinear(NodeImporter &node) {
  if (!outputType(node, node.f32()).isF32())
    return node.fail("output_dtype is " + dataTypeName(node.intAttr("output_dtype", 0)) +
                     ", supported: float32");
  Granularity granularity = readGranularity(node);
  if (node.hasFailed())
    return failure();
  GridOperands grid = readGrid(node, node.input(1), node.input(2), node.shape(0),
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

} // namespace nnc
