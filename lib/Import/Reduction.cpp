//===- Reduction.cpp - Sums, means and maxima over axes -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "NodeImporter.h"

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
LogicalResult importReduceMax(NodeImporter &node) {
  return importReduce<nn::ReduceMaxOp>(node, 18);
}

/// -max(-x).
LogicalResult importReduceMin(NodeImporter &node) {
  Value negated = node.create<nn::NegOp>(node.input(0));
  return node.finish(node.create<nn::NegOp>(reduce<nn::ReduceMaxOp>(node, negated, 18)));
}

} // namespace nnc
