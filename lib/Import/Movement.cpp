//===- Movement.cpp - Pieces and arrangements of tensors ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Grids.h"
#include "NodeImporter.h"

#include "llvm/ADT/Sequence.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

LogicalResult importConcat(NodeImporter &node) {
  if (!node.hasAttr("axis"))
    return node.fail("attribute 'axis' is missing");
  int64_t axis = node.normalAxis(node.intAttr("axis", 0), node.rank(0));
  if (node.hasFailed())
    return failure();
  SmallVector<Value> parts;
  for (size_t i = 0; i < node.numInputs(); ++i) {
    if (!node.has(i))
      return node.fail(formatv("input {0} is missing", i));
    if (node.rank(i) != node.rank(0))
      return node.fail("operands have different ranks");
    if (node.shape(i)[axis] != 0) // an empty one adds nothing
      parts.push_back(node.input(i));
  }
  if (parts.empty())
    return node.finish(node.input(0));
  return node.finish(node.create<nn::ConcatOp>(parts, axis));
}

/// Sizes of the `parts` pieces of Split.
static SmallVector<int64_t> splitSizes(NodeImporter &node, int64_t whole) {
  SmallVector<int64_t> stated;
  if (node.getOpset() < 13)
    stated = node.intsAttr("split");
  else if (node.has(1))
    stated = node.ints(1, "split");
  int64_t parts = node.numOutputs();
  if (node.getOpset() >= 18 && node.hasAttr("num_outputs") &&
      node.intAttr("num_outputs", 0) != parts)
    node.report(formatv("num_outputs differs from the {0} outputs", parts));
  else if (node.getOpset() >= 18 && !node.has(1) && !node.hasAttr("num_outputs"))
    node.report("has neither sizes nor num_outputs");
  if (!stated.empty() || node.hasFailed())
    return stated;
  // Equal pieces; from opset 18 on the last one may be smaller.
  int64_t size = divideCeil(whole, parts);
  if (whole % parts != 0 && node.getOpset() < 18)
    node.report(formatv("{0} elements do not split into {1} equal parts", whole, parts));
  for (int64_t at = 0; at < parts; ++at)
    stated.push_back(std::clamp<int64_t>(whole - at * size, 0, size));
  return stated;
}

LogicalResult importSplit(NodeImporter &node) {
  int64_t axis = node.normalAxis(node.intAttr("axis", 0), node.rank(0));
  if (node.hasFailed())
    return failure();
  int64_t whole = node.shape(0)[axis], at = 0;
  SmallVector<int64_t> sizes = splitSizes(node, whole);
  if (node.hasFailed())
    return failure();
  if (sizes.size() != node.numOutputs())
    return node.fail(formatv("has {0} sizes for {1} outputs", sizes.size(), node.numOutputs()));
  SmallVector<int64_t> starts(node.rank(0), 0), steps(node.rank(0), 1), shape(node.shape(0));
  for (auto [i, size] : enumerate(sizes)) {
    if (size < 0 || size > whole - at)
      return node.fail(
          formatv("the sizes do not add up to the {0} elements of axis {1}", whole, axis));
    starts[axis] = at;
    shape[axis] = size;
    at += size;
    if (node.wants(i) && failed(node.finish(node.slice(node.input(0), starts, steps, shape), i)))
      return failure();
  }
  if (at != whole)
    return node.fail(
        formatv("the sizes add up to {0}, axis {1} has {2} elements", at, axis, whole));
  return success();
}

namespace {

/// Slice as written: one entry for each of `axes`.
struct SliceSpec {
  SmallVector<int64_t> starts, ends, axes, steps;
};

} // namespace

static SliceSpec readSlice(NodeImporter &node) {
  SliceSpec spec;
  bool attributes = node.getOpset() < 10;
  spec.starts = attributes ? node.intsAttr("starts") : node.ints(1, "starts");
  spec.ends = attributes ? node.intsAttr("ends") : node.ints(2, "ends");
  if (attributes)
    spec.axes = node.intsAttr("axes");
  else if (node.has(3))
    spec.axes = node.ints(3, "axes");
  if (!attributes && node.has(4))
    spec.steps = node.ints(4, "steps");
  if (spec.axes.empty() && !node.has(3))
    spec.axes = llvm::to_vector(llvm::seq<int64_t>(0, spec.starts.size()));
  if (spec.steps.empty() && !node.has(4))
    spec.steps.assign(spec.starts.size(), 1);
  size_t count = spec.starts.size();
  if (spec.ends.size() != count || spec.axes.size() != count || spec.steps.size() != count)
    node.report("starts, ends, axes and steps have different numbers of entries");
  return spec;
}

/// `at` counted from the end where negative, clamped to [low, high]; safe for all of int64.
static int64_t clampIndex(int64_t at, int64_t size, int64_t low, int64_t high) {
  return std::clamp(at < 0 ? std::max(at, -size - 1) + size : std::min(at, size), low, high);
}

LogicalResult importSlice(NodeImporter &node) {
  SliceSpec spec = readSlice(node);
  if (node.hasFailed())
    return failure();
  SmallVector<int64_t> starts(node.rank(0), 0), steps(node.rank(0), 1), shape(node.shape(0));
  llvm::SmallBitVector seen(node.rank(0));
  for (auto [i, raw] : enumerate(spec.axes)) {
    int64_t axis = node.normalAxis(raw, node.rank(0)), step = spec.steps[i];
    if (node.hasFailed())
      return failure();
    if (step == 0 || seen.test(axis))
      return node.fail(step == 0 ? "has a step of 0" : "names an axis twice");
    seen.set(axis);
    if (node.shape(0)[axis] == 0)
      continue;
    int64_t size = node.shape(0)[axis], last = step > 0 ? size : size - 1, low = step > 0 ? 0 : -1;
    int64_t start = clampIndex(spec.starts[i], size, 0, last);
    int64_t end = clampIndex(spec.ends[i], size, low, last);
    step = std::clamp<int64_t>(step, -size - 1,
                               size + 1); // takes the first element only, as any larger one
    int64_t span = step > 0 ? end - start : start - end;
    shape[axis] = span > 0 ? divideCeil(span, std::abs(step)) : 0;
    starts[axis] = start;
    steps[axis] = step;
  }
  return node.finish(node.slice(node.input(0), starts, steps, shape));
}

/// Pads per dimension, lows then highs, from attributes (opset < 11) or operands.
static SmallVector<int64_t> readPads(NodeImporter &node) {
  int64_t rank = node.rank(0);
  SmallVector<int64_t> stated = node.getOpset() < 11 ? node.intsAttr("pads") : node.ints(1, "pads");
  SmallVector<int64_t> axes = llvm::to_vector(llvm::seq<int64_t>(0, rank)), pads(2 * rank, 0);
  if (node.has(3)) {
    axes = node.ints(3, "axes");
    for (int64_t &axis : axes)
      axis = node.normalAxis(axis, rank);
  }
  if (node.hasFailed())
    return pads;
  if (stated.size() != 2 * axes.size())
    node.report(formatv("pads has {0} entries, expected {1}", stated.size(), 2 * axes.size()));
  else if (any_of(stated, [](int64_t pad) { return pad > maxElements || pad < -maxElements; }))
    node.report("pads has an entry that is out of range");
  else
    for (auto [i, axis] : enumerate(axes)) {
      pads[axis] = stated[i];
      pads[rank + axis] = stated[axes.size() + i];
    }
  return pads;
}

/// What stands in the padding: the attribute or operand 2, by default zero.
static TypedAttr padValue(NodeImporter &node) {
  Type element = node.type(0).getElementType();
  float real = node.getOpset() < 11 ? node.floatAttr("value", 0.0f) : 0.0f;
  if (node.getOpset() >= 11 && node.has(2)) {
    if (node.type(2).getNumElements() != 1 || node.type(2).getElementType() != element)
      node.report("constant_value must be a scalar of the input's type");
    else if (TypedAttr value = knownNumber(node.input(2)))
      return value;
    else
      node.report("constant_value must be known when we compile");
  }
  if (isa<FloatType>(element))
    return FloatAttr::get(element, real);
  return IntegerAttr::get(element, 0);
}

LogicalResult importPad(NodeImporter &node) {
  std::optional<nn::PadMode> mode = nn::symbolizePadMode(node.textAttr("mode", "constant"));
  if (!mode)
    return node.fail("mode must be constant, reflect, edge or wrap");
  SmallVector<int64_t> pads = readPads(node);
  TypedAttr value = padValue(node);
  if (node.hasFailed())
    return failure();
  int64_t rank = node.rank(0);
  SmallVector<int64_t> starts(rank), steps(rank, 1), shape(node.shape(0)), low(rank), high(rank);
  for (int64_t d = 0; d < rank; ++d) { // a negative pad removes
    starts[d] = std::max<int64_t>(0, -pads[d]);
    shape[d] -= starts[d] + std::max<int64_t>(0, -pads[rank + d]);
    low[d] = std::max<int64_t>(0, pads[d]);
    high[d] = std::max<int64_t>(0, pads[rank + d]);
    if (shape[d] < 0)
      return node.fail(
          formatv("pads remove more than the {0} elements of dimension {1}", node.shape(0)[d], d));
  }
  Value inner = node.slice(node.input(0), starts, steps, shape);
  if (!inner || (all_of(low, [](int64_t p) { return p == 0; }) &&
                 all_of(high, [](int64_t p) { return p == 0; })))
    return node.finish(inner);
  return node.finish(node.create<nn::PadOp>(inner, low, high, *mode, value));
}

LogicalResult importGather(NodeImporter &node) {
  int64_t axis = node.normalAxis(node.intAttr("axis", 0), node.rank(0));
  if (node.hasFailed())
    return failure();
  Type index = node.type(1).getElementType();
  if (!index.isInteger(64) && !index.isInteger(32))
    return node.fail("indices are " + typeText(node.type(1)) + ", expected int64 or int32");
  int64_t size = node.shape(0)[axis];
  if (ElementsAttr indices = node.known(1)) {
    std::vector<char> bytes = nn::elementBytes(indices);
    for (int64_t i = 0, n = indices.getNumElements(); i < n; ++i) {
      int64_t at = index.isInteger(64) ? reinterpret_cast<const int64_t *>(bytes.data())[i]
                                       : reinterpret_cast<const int32_t *>(bytes.data())[i];
      if (at < -size || at >= size)
        return node.fail(
            formatv("index {0} is outside of the {1} elements of axis {2}", at, size, axis));
    }
  }
  return node.finish(node.create<nn::GatherOp>(node.input(0), node.input(1), axis));
}

LogicalResult importExpand(NodeImporter &node) {
  SmallVector<int64_t> wanted = node.ints(1, "shape");
  if (node.hasFailed())
    return failure();
  if (std::string problem = shapeProblem(wanted); !problem.empty())
    return node.fail("shape " + problem);
  auto joined = nn::broadcastShapes(node.shape(0), wanted);
  if (!joined)
    return node.fail("the input does not broadcast to the shape");
  return node.finish(node.broadcast(node.input(0), *joined));
}

//===----------------------------------------------------------------------===//
// Blocks of pixels
//===----------------------------------------------------------------------===//

/// `blocksize`, 1 if operand 0 is no image or it is wrong, which is reported.
static int64_t readBlock(NodeImporter &node) {
  int64_t block = node.intAttr("blocksize", 0);
  if (node.rank(0) != 4)
    node.report("the input is " + typeText(node.type(0)) + ", expected rank 4");
  else if (block < 1 || block > INT16_MAX)
    node.report(formatv("blocksize is {0}, expected 1 or more", block));
  return node.hasFailed() ? 1 : block;
}

LogicalResult importDepthToSpace(NodeImporter &node) {
  std::string mode = node.textAttr("mode", "DCR");
  if (mode != "DCR" && mode != "CRD")
    return node.fail("mode is '" + mode + "', expected DCR or CRD");
  int64_t block = readBlock(node);
  if (node.hasFailed())
    return failure();
  int64_t n = node.shape(0)[0], depth = node.shape(0)[1], h = node.shape(0)[2],
          w = node.shape(0)[3];
  if (depth % (block * block) != 0)
    return node.fail(formatv("{0} channels are no multiple of {1}", depth, block * block));
  depth /= block * block;
  bool isBlockFirst = mode == "DCR"; // a channel's number counts the block's pixels first
  Value split = isBlockFirst ? node.reshape(0, {n, block, block, depth, h, w})
                             : node.reshape(0, {n, depth, block, block, h, w});
  Value moved = isBlockFirst ? node.transpose(split, {0, 3, 4, 1, 5, 2})
                             : node.transpose(split, {0, 1, 4, 2, 5, 3});
  return node.finish(node.reshape(moved, {n, depth, h * block, w * block}));
}

LogicalResult importSpaceToDepth(NodeImporter &node) {
  int64_t block = readBlock(node);
  if (node.hasFailed())
    return failure();
  int64_t n = node.shape(0)[0], depth = node.shape(0)[1], h = node.shape(0)[2] / block,
          w = node.shape(0)[3] / block;
  if (h * block != node.shape(0)[2] || w * block != node.shape(0)[3])
    return node.fail("the image is no multiple of blocksize");
  Value split = node.reshape(0, {n, depth, h, block, w, block});
  Value moved = node.transpose(split, {0, 3, 5, 1, 2, 4});
  return node.finish(node.reshape(moved, {n, depth * block * block, h, w}));
}

} // namespace nnc
