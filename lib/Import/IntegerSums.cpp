//===- IntegerSums.cpp - Operators whose results are accumulators ---------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Grids.h"

#include "dialects/NN/Values.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

using nn::typeOf;

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
