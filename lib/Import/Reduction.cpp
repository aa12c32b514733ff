//===- Reduction.cpp - Sums, means and maxima over axes -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "NodeImporter.h"
#include "dialects/NN/NNSearchOps.h"

#include "llvm/ADT/Sequence.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

/// The dimensions to reduce: an attribute before opset `since`, then an operand; none means all.
static SmallVector<int64_t> readAxes(NodeImporter &node, int since) {
  bool none = false;
  SmallVector<int64_t> axes;
  if (node.getOpset() < since) {
    if (node.numInputs() > 1)
      node.report("takes its axes as an attribute in this opset");
    axes = node.intsAttr("axes");
  } else {
    none = node.intAttr("noop_with_empty_axes", 0) != 0;
    if (node.has(1))
      axes = node.ints(1, "axes");
  }
  if (axes.empty() && !none)
    return llvm::to_vector(llvm::seq<int64_t>(0, node.rank(0)));
  return node.normalAxes(axes, node.rank(0));
}

/// Reduces `value`, which has the shape of operand 0.
template <typename Op>
static Value reduce(NodeImporter &node, Value value, int since) {
  bool keepdims = node.intAttr("keepdims", 1) != 0;
  SmallVector<int64_t> axes = readAxes(node, since);
  return axes.empty() ? value : node.create<Op>(value, axes, keepdims);
}

template <typename Op>
static LogicalResult importReduce(NodeImporter &node, int since) {
  return node.finish(reduce<Op>(node, node.input(0), since));
}

LogicalResult importReduceSum(NodeImporter &node) {
  return importReduce<nn::ReduceSumOp>(node, 13);
}
LogicalResult importReduceMean(NodeImporter &node) {
  return importReduce<nn::ReduceMeanOp>(node, 18);
}

LogicalResult importArgMax(NodeImporter &node) {
  int64_t axis = node.normalAxis(node.intAttr("axis", 0), node.rank(0));
  bool keepdims = node.intAttr("keepdims", 1) != 0;
  bool last = node.getOpset() >= 12 && node.intAttr("select_last_index", 0) != 0;
  if (!node.hasFailed() && node.rank(0) == 0)
    return node.fail("takes a tensor with an axis");
  if (node.hasFailed())
    return failure();
  if (node.shape(0)[axis] == 0)
    return node.fail("there is no greatest of no elements");
  return node.finish(node.create<nn::ArgMaxOp>(node.input(0), axis, keepdims, last));
}

/// `value` with elements of another type.
static Value converted(NodeImporter &node, Value value, Type element) {
  return value ? node.createTyped<nn::CastOp>(
                     mlir::cast<RankedTensorType>(value.getType()).getShape(), element, value)
               : Value();
}

/// The greatest or, as -max(-x), the least element; truth is compared as 0 and 1.
static LogicalResult importExtreme(NodeImporter &node, bool isLeast) {
  Type element = node.type(0).getElementType();
  bool isBool = element.isInteger(1);
  if (isBool && node.getOpset() < 20)
    return node.fail("takes bool from opset 20 on");
  auto negated = [&](Value value) { return isLeast ? node.create<nn::NegOp>(value) : value; };
  Value x = isBool ? converted(node, node.input(0), IntegerType::get(element.getContext(), 32))
                   : node.input(0);
  Value result = negated(reduce<nn::ReduceMaxOp>(node, negated(x), 18));
  return node.finish(isBool ? converted(node, result, element) : result);
}

LogicalResult importReduceMax(NodeImporter &node) { return importExtreme(node, false); }
LogicalResult importReduceMin(NodeImporter &node) { return importExtreme(node, true); }

} // namespace nnc
