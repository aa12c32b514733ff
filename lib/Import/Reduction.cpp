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

/// Axes are an attribute before opset `since`, then an operand; none means all.
template <typename Op>
static LogicalResult importReduce(NodeImporter &node, int since) {
  bool keepdims = node.intAttr("keepdims", 1) != 0, none = false;
  SmallVector<int64_t> axes;
  if (node.getOpset() < since) {
    if (node.numInputs() > 1)
      return node.fail("takes its axes as an attribute in this opset");
    axes = node.intsAttr("axes");
  } else {
    none = node.intAttr("noop_with_empty_axes", 0) != 0;
    if (node.has(1))
      axes = node.ints(1, "axes");
  }
  if (node.hasFailed())
    return failure();
  if (axes.empty() && !none)
    axes = llvm::to_vector(llvm::seq<int64_t>(0, node.rank(0)));
  axes = node.normalAxes(axes, node.rank(0));
  if (axes.empty())
    return node.finish(node.input(0));
  return node.finish(node.create<Op>(node.input(0), axes, keepdims));
}

LogicalResult importReduceSum(NodeImporter &node) { return importReduce<nn::ReduceSumOp>(node, 13); }
LogicalResult importReduceMean(NodeImporter &node) { return importReduce<nn::ReduceMeanOp>(node, 18); }
LogicalResult importReduceMax(NodeImporter &node) { return importReduce<nn::ReduceMaxOp>(node, 18); }

} // namespace nnc
