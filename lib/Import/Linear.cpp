//===- Linear.cpp - Products of matrices --------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "NodeImporter.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

/// C as a row of `columns` elements that can start the accumulators; null if it is none.
static Value asRow(NodeImporter &node, int64_t columns) {
  ArrayRef<int64_t> shape = node.shape(2);
  if (shape.empty() || shape.size() > 2 || shape.back() != columns ||
      (shape.size() == 2 && shape[0] != 1))
    return {};
  return shape.size() == 1 ? node.input(2) : node.reshape(2, {columns});
}

/// value * factor, or the value itself if the factor is 1.
static Value scale(NodeImporter &node, Value value, float factor) {
  if (factor == 1.0f)
    return value;
  return node.create<nn::MulOp>(value, node.scalar(factor));
}

static LogicalResult importGemmWith(NodeImporter &node, float alpha) {
  if (node.rank(0) != 2 || node.rank(1) != 2)
    return node.fail("A and B must be matrices");
  float beta = node.floatAttr("beta", 1.0f);
  Value a = node.input(0), b = node.input(1);
  if (node.intAttr("transA", 0))
    a = node.transpose(a, {1, 0});
  if (node.intAttr("transB", 0))
    b = node.transpose(b, {1, 0});
  if (!a || !b)
    return failure();
  bool adds = node.has(2) && beta != 0.0f;
  int64_t columns = cast<RankedTensorType>(b.getType()).getDimSize(1);
  Value row = adds && alpha == 1.0f && beta == 1.0f ? asRow(node, columns) : Value();
  Value product = scale(node, node.create<nn::MatMulOp>(a, b, OptionalOperand{row}), alpha);
  if (!product || !adds || row)
    return node.finish(product);
  Value sum = node.create<nn::AddOp>(product, scale(node, node.input(2), beta));
  if (sum && sum.getType() != product.getType())
    return node.fail("C " + typeText(node.type(2)) + " does not broadcast to " +
                     typeText(product.getType()));
  return node.finish(sum);
}

LogicalResult importGemm(NodeImporter &node) {
  return importGemmWith(node, node.floatAttr("alpha", 1.0f));
}

LogicalResult importGemmWithoutAlpha(NodeImporter &node) { return importGemmWith(node, 1.0f); }

LogicalResult importMatMul(NodeImporter &node) {
  if (node.rank(0) == 0 || node.rank(1) == 0)
    return node.fail("operands must have rank 1 or more");
  bool row = node.rank(0) == 1, column = node.rank(1) == 1;
  Value a = row ? node.reshape(0, {1, node.shape(0)[0]}) : node.input(0);
  Value b = column ? node.reshape(1, {node.shape(1)[0], 1}) : node.input(1);
  Value product = node.create<nn::MatMulOp>(a, b, OptionalOperand{});
  if (!product || (!row && !column))
    return node.finish(product);
  SmallVector<int64_t> shape(cast<RankedTensorType>(product.getType()).getShape());
  if (column)
    shape.pop_back();
  if (row)
    shape.erase(shape.end() - (column ? 1 : 2));
  return node.finish(node.reshape(product, shape));
}

} // namespace nnc
