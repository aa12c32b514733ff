//===- Shape.cpp - The same elements under another shape ----------------------===//
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

/// The one entry of -1 becomes what the element count leaves.
static LogicalResult inferSize(NodeImporter &node, MutableArrayRef<int64_t> shape) {
  int64_t count = node.type(0).getNumElements(), known = 1, *open = nullptr;
  for (int64_t &size : shape) {
    if (size < -1)
      return node.fail(formatv("shape has the entry {0}", size));
    if (size == -1 && open)
      return node.fail("shape has more than one entry of -1");
    if (size == -1) {
      open = &size;
      continue;
    }
    if (size > maxElements || known * size > maxElements)
      return node.fail("shape has too many elements");
    known *= size;
  }
  if (open && (known == 0 || count % known != 0))
    return node.fail(formatv("{0} elements do not divide into rows of {1}", count, known));
  if (open)
    *open = count / known;
  else if (known != count)
    return node.fail(formatv("shape has {0} elements, the input {1}", known, count));
  return success();
}

LogicalResult importReshape(NodeImporter &node) {
  SmallVector<int64_t> shape = node.ints(1, "shape");
  bool zeroIsZero = node.getOpset() >= 14 && node.intAttr("allowzero", 0) != 0;
  if (node.hasFailed())
    return failure();
  for (auto [i, size] : enumerate(shape)) {
    if (size != 0 || zeroIsZero)
      continue;
    if (static_cast<int64_t>(i) >= node.rank(0))
      return node.fail(
          formatv("shape copies dimension {0}, the input has rank {1}", i, node.rank(0)));
    size = node.shape(0)[i];
  }
  if (failed(inferSize(node, shape)))
    return failure();
  return node.finish(node.reshape(0, shape));
}

LogicalResult importFlatten(NodeImporter &node) {
  int64_t rank = node.rank(0), axis = node.intAttr("axis", 1);
  if (axis < -rank || axis > rank)
    return node.fail(formatv("axis {0} is no dimension of rank {1}", axis, rank));
  axis = axis < 0 ? axis + rank : axis;
  return node.finish(node.reshape(0, {ShapedType::getNumElements(node.shape(0).take_front(axis)),
                                      ShapedType::getNumElements(node.shape(0).drop_front(axis))}));
}

/// Axes of Squeeze and Unsqueeze: an attribute before opset 13, then an operand.
static std::optional<SmallVector<int64_t>> readAxes(NodeImporter &node) {
  if (node.getOpset() < 13)
    return node.hasAttr("axes") ? std::optional(node.intsAttr("axes")) : std::nullopt;
  return node.has(1) ? std::optional(node.ints(1, "axes")) : std::nullopt;
}

LogicalResult importSqueeze(NodeImporter &node) {
  std::optional<SmallVector<int64_t>> stated = readAxes(node);
  if (node.hasFailed())
    return failure();
  SmallVector<int64_t> axes, shape;
  if (stated)
    axes = node.normalAxes(*stated, node.rank(0));
  for (auto [d, size] : enumerate(node.shape(0))) {
    bool drop = stated ? is_contained(axes, static_cast<int64_t>(d)) : size == 1;
    if (drop && size != 1)
      return node.fail(formatv("dimension {0} has {1} elements, expected 1", d, size));
    if (!drop)
      shape.push_back(size);
  }
  return node.finish(node.reshape(0, shape));
}

LogicalResult importUnsqueeze(NodeImporter &node) {
  std::optional<SmallVector<int64_t>> axes = readAxes(node);
  if (!axes)
    return node.fail("axes are missing");
  if (node.hasFailed() || axes->size() > maxRank)
    return node.fail("has too many axes");
  int64_t rank = node.rank(0) + axes->size();
  axes = node.normalAxes(*axes, rank);
  if (node.hasFailed())
    return failure();
  SmallVector<int64_t> shape(node.shape(0));
  for (int64_t axis : *axes)
    shape.insert(shape.begin() + axis, 1);
  return node.finish(node.reshape(0, shape));
}

LogicalResult importTranspose(NodeImporter &node) {
  SmallVector<int64_t> permutation = node.intsAttr("perm");
  if (!node.hasAttr("perm"))
    permutation = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(0, node.rank(0))));
  return node.finish(node.transpose(node.input(0), permutation));
}

LogicalResult importShape(NodeImporter &node) {
  int64_t rank = node.rank(0), start = 0, end = rank;
  if (node.getOpset() >= 15) {
    start = node.intAttr("start", 0);
    end = node.intAttr("end", rank);
  }
  auto clamp = [&](int64_t at) { return std::clamp<int64_t>(at < 0 ? at + rank : at, 0, rank); };
  start = clamp(start);
  end = std::max(start, clamp(end));
  return node.finish(node.constant(node.shape(0).slice(start, end - start)));
}

LogicalResult importSize(NodeImporter &node) {
  return node.finish(node.reshape(node.constant({node.type(0).getNumElements()}), {}));
}

LogicalResult importIdentity(NodeImporter &node) { return node.finish(node.input(0)); }

LogicalResult importDropout(NodeImporter &node) {
  node.ignoreAttr("ratio");
  node.ignoreAttr("seed");
  if (ElementsAttr training = node.known(2);
      node.has(2) && (!training || nn::elementBytes(training)[0]))
    return node.fail("training_mode is not supported", "export the model for inference");
  if (failed(node.finish(node.input(0))) || !node.wants(1))
    return success(!node.hasFailed());
  if (node.getOpset() < 10)
    return node.fail("the mask of this opset is not supported");
  // The mask tells which elements were kept: all of them.
  auto kept = DenseElementsAttr::get(
      RankedTensorType::get({}, IntegerType::get(node.f32().getContext(), 1)), true);
  return node.finish(node.filled(kept, node.shape(0)), 1);
}

} // namespace nnc
