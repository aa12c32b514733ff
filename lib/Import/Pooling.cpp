//===- Pooling.cpp - Maxima and means of windows ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Window.h"

#include "llvm/ADT/Sequence.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

namespace {

/// A pooling's window and the shape it leads to.
struct Pool {
  Window window;
  SmallVector<int64_t> shape;
};

} // namespace

static std::optional<Pool> readPool(NodeImporter &node) {
  int64_t rank = node.rank(0);
  if (rank < 3 || rank > 4) {
    node.report(formatv("only 1-D and 2-D poolings are supported, the input has rank {0}", rank));
    return std::nullopt;
  }
  std::optional<Window> window = readWindow(node, node.intsAttr("kernel_shape"));
  if (!window)
    return std::nullopt;
  window->ceil = node.intAttr("ceil_mode", 0) != 0;
  SmallVector<int64_t> shape(node.shape(0).take_front(2));
  for (auto [i, size] : enumerate(node.shape(0).drop_front(2))) {
    shape.push_back(window->count(i, size));
    if (shape.back() < 1)
      node.report(
          formatv("a window of {0} does not fit into the {1} elements of spatial dimension {2}",
                  window->extent(i), size, i));
  }
  if (node.hasFailed())
    return std::nullopt;
  return Pool{*window, shape};
}

LogicalResult importMaxPool(NodeImporter &node) {
  node.ignoreAttr("storage_order"); // orders the indices, which we do not compute
  std::optional<Pool> pool = readPool(node);
  if (!pool)
    return failure();
  const Window &w = pool->window;
  return node.finish(node.createTyped<nn::MaxPoolOp>(pool->shape, node.type(0).getElementType(),
                                                     node.input(0), w.kernel, w.strides,
                                                     w.dilations, w.pads));
}

LogicalResult importAveragePool(NodeImporter &node) {
  bool countPads = node.intAttr("count_include_pad", 0) != 0;
  std::optional<Pool> pool = readPool(node);
  if (!pool)
    return failure();
  const Window &w = pool->window;
  return node.finish(node.createTyped<nn::AveragePoolOp>(
      pool->shape, node.f32(), node.input(0), w.kernel, w.strides, w.dilations, w.pads, countPads));
}

template <typename Op>
static LogicalResult importGlobal(NodeImporter &node) {
  if (node.rank(0) < 3)
    return node.fail(formatv("the input has rank {0}, expected 3 or more", node.rank(0)));
  auto axes = llvm::to_vector(llvm::seq<int64_t>(2, node.rank(0)));
  return node.finish(node.create<Op>(node.input(0), axes, /*keepdims=*/true));
}

LogicalResult importGlobalAveragePool(NodeImporter &node) {
  return importGlobal<nn::ReduceMeanOp>(node);
}
LogicalResult importGlobalMaxPool(NodeImporter &node) {
  return importGlobal<nn::ReduceMaxOp>(node);
}

} // namespace nnc
