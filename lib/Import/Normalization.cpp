//===- Normalization.cpp - Normalisations and softmax -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "NodeImporter.h"

#include "llvm/ADT/Sequence.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

LogicalResult importBatchNormalization(NodeImporter &node) {
  node.ignoreAttr("momentum"); // of training
  if (node.intAttr("training_mode", 0) != 0)
    return node.fail("training_mode is not supported", "export the model for inference");
  if (node.getOpset() < 9 && node.intAttr("spatial", 1) != 1)
    return node.fail("statistics per element (spatial = 0) are not supported");
  return node.finish(node.createTyped<nn::BatchNormOp>(
      node.shape(0), node.f32(), node.input(0), node.input(1), node.input(2), node.input(3),
      node.input(4), APFloat(node.floatAttr("epsilon", 1e-5f))));
}

/// The outputs Mean and InvStdDev = 1 / sqrt(variance + epsilon).
static LogicalResult addStatistics(NodeImporter &node, int64_t axis, float epsilon) {
  auto axes = llvm::to_vector(llvm::seq<int64_t>(axis, node.rank(0)));
  auto meanOf = [&](Value value) {
    return node.create<nn::ReduceMeanOp>(value, axes, /*keepdims=*/true);
  };
  Value mean = meanOf(node.input(0));
  if (node.wants(1) && failed(node.finish(mean, 1)))
    return failure();
  if (!node.wants(2))
    return success();
  Value centred = node.create<nn::SubOp>(node.input(0), mean);
  Value variance = meanOf(node.create<nn::MulOp>(centred, centred));
  Value deviation = node.create<nn::SqrtOp>(node.create<nn::AddOp>(variance, node.scalar(epsilon)));
  return node.finish(node.create<nn::DivOp>(node.scalar(1.0f), deviation), 2);
}

LogicalResult importLayerNormalization(NodeImporter &node) {
  int64_t axis = node.normalAxis(node.intAttr("axis", -1), node.rank(0));
  float epsilon = node.floatAttr("epsilon", 1e-5f);
  if (node.intAttr("stash_type", 1) != 1)
    return node.fail("stash_type must be 1 (float)");
  if ((node.wants(1) || node.wants(2)) && failed(addStatistics(node, axis, epsilon)))
    return failure();
  return node.finish(node.createTyped<nn::LayerNormOp>(node.shape(0), node.f32(), node.input(0),
                                                       node.input(1), node.optional(2), axis,
                                                       APFloat(epsilon)));
}

/// Before opset 13 the input is taken as a matrix whose columns start at `axis`.
template <typename Op>
static LogicalResult importSoftmaxLike(NodeImporter &node) {
  bool matrix = node.getOpset() < 13;
  int64_t rank = node.rank(0);
  int64_t axis = node.normalAxis(node.intAttr("axis", matrix ? 1 : -1), rank);
  SmallVector<int64_t> axes{axis};
  if (matrix)
    axes = llvm::to_vector(llvm::seq<int64_t>(axis, rank));
  return node.finish(node.create<Op>(node.input(0), axes));
}

LogicalResult importSoftmax(NodeImporter &node) { return importSoftmaxLike<nn::SoftmaxOp>(node); }
LogicalResult importLogSoftmax(NodeImporter &node) {
  return importSoftmaxLike<nn::LogSoftmaxOp>(node);
}

} // namespace nnc
