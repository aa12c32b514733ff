//===- Resize.cpp - Images made larger or smaller -----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which elements make one of the result, and how much of each, is known when we compile. So
// picking elements is movement, and what blends them is a gather, a product and a sum.
//
//===----------------------------------------------------------------------===//
#include "ResizeAttributes.h"

#include "dialects/NN/ElementTypes.h"

#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <map>

using namespace llvm;
using namespace mlir;

namespace nnc {

//===----------------------------------------------------------------------===//
// Elements picked
//===----------------------------------------------------------------------===//

namespace {

/// Indices that rise or fall evenly: `size` times `start`, `start + step`, …, each `repeat` times.
struct Progression {
  int64_t start = 0, step = 1, size = 0, repeat = 1;

  static std::optional<Progression> of(ArrayRef<int32_t> indices);
};

} // namespace

std::optional<Progression> Progression::of(ArrayRef<int32_t> indices) {
  int64_t count = indices.size();
  Progression p{indices.front()};
  while (p.repeat < count && indices[p.repeat] == p.start)
    ++p.repeat;
  p.size = count / p.repeat;
  if (p.size > 1)
    p.step = indices[p.repeat] - p.start;
  for (int64_t i = 0; i < count; ++i)
    if (count % p.repeat != 0 || indices[i] != p.start + i / p.repeat * p.step)
      return std::nullopt;
  return p;
}

/// By dimension, those that change.
using AllTaps = std::map<int64_t, Taps>;

static ArrayRef<int64_t> shapeOf(Value value) {
  return mlir::cast<RankedTensorType>(value.getType()).getShape();
}

/// A constant of the type's shape, in row-major order.
template <typename T>
static Value table(NodeImporter &node, ArrayRef<int64_t> shape, Type element,
                   const std::vector<T> &values) {
  ArrayRef<char> bytes(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T));
  return node.constant(nn::makeElements(RankedTensorType::get(shape, element), bytes));
}

static Value indexTable(NodeImporter &node, const Taps &taps, ArrayRef<int64_t> shape) {
  Type element = IntegerType::get(node.f32().getContext(), 32);
  return table(node, shape, element, taps.indices);
}

/// Every element of dimension d repeated repeats[d] times.
static Value repeat(NodeImporter &node, Value value, ArrayRef<int64_t> repeats) {
  SmallVector<int64_t> split, spread, joined;
  if (!value || all_of(repeats, [](int64_t times) { return times == 1; }))
    return value;
  for (auto [size, times] : llvm::zip_equal(shapeOf(value), repeats)) {
    split.push_back(size);
    spread.push_back(size);
    joined.push_back(size * times);
    if (times == 1)
      continue;
    split.push_back(1);
    spread.push_back(times);
  }
  return node.reshape(node.broadcast(node.reshape(value, split), spread), joined);
}

/// Dimension d of the result holds the elements of `value` that taps[d] copies; other dimensions
/// stay. Even steps are a slice, repetitions a broadcast, and only the rest is gathered.
static Value pick(NodeImporter &node, Value value, const AllTaps &taps) {
  int64_t rank = node.rank(0);
  SmallVector<int64_t> starts(rank, 0), steps(rank, 1), sizes(shapeOf(value)), repeats(rank, 1);
  SmallVector<int64_t> irregular;
  for (const auto &[d, of] : taps) {
    if (!of.areCopies())
      continue;
    if (auto p = Progression::of(of.indices))
      starts[d] = p->start, steps[d] = p->step, sizes[d] = p->size, repeats[d] = p->repeat;
    else
      irregular.push_back(d);
  }
  value = node.slice(value, starts, steps, sizes);
  for (int64_t d : irregular)
    value = node.create<nn::GatherOp>(value, indexTable(node, taps.at(d), {taps.at(d).size}), d);
  return repeat(node, value, repeats);
}

//===----------------------------------------------------------------------===//
// Elements blended
//===----------------------------------------------------------------------===//

/// Sums along dimension d: their terms are gathered into a dimension of its own before it.
static Value blendAlong(NodeImporter &node, Value value, int64_t d, const Taps &taps) {
  SmallVector<int64_t> shape{taps.count, taps.size};
  Value terms = node.create<nn::GatherOp>(value, indexTable(node, taps, shape), d);
  shape.resize(1 + node.rank(0) - d, 1);
  Value product = node.create<nn::MulOp>(terms, table(node, shape, node.f32(), taps.coefficients));
  return node.create<nn::ReduceSumOp>(product, ArrayRef<int64_t>(d), /*keepdims=*/false);
}

/// Dimension by dimension. What shrinks most comes first, for there is less to do then; of two
/// alike it is the inner one, whose elements are more work to gather.
static Value blend(NodeImporter &node, Value value, const AllTaps &taps,
                   ArrayRef<ResizedAxis> axes) {
  SmallVector<int64_t> order;
  for (const auto &[d, of] : llvm::reverse(taps))
    if (!of.areCopies())
      order.push_back(d);
  llvm::stable_sort(order, [&](int64_t a, int64_t b) { return axes[a].scale < axes[b].scale; });
  for (int64_t d : order)
    if (value)
      value = blendAlong(node, value, d, taps.at(d));
  return value;
}

//===----------------------------------------------------------------------===//
// What stands outside of a crop
//===----------------------------------------------------------------------===//

/// `number` as an element of the input; null after a report.
static TypedAttr outsideValue(NodeImporter &node, float number) {
  Type element = node.type(0).getElementType();
  if (isa<FloatType>(element))
    return FloatAttr::get(element, number);
  auto [least, most] = element.isInteger(1) ? nn::IntegerRange{0, 1} : nn::integerRange(element);
  if (number == std::trunc(number) && number >= static_cast<float>(least) &&
      number < static_cast<float>(most) + 1)
    return IntegerAttr::get(element, static_cast<int64_t>(number));
  node.report(formatv("extrapolation_value {0} is no element of the input, which is {1}", number,
                      typeText(node.type(0))));
  return {};
}

/// `inner` with `outside` at the ends that are not of the crop.
static Value surround(NodeImporter &node, Value inner, TypedAttr outside, const AllTaps &taps) {
  SmallVector<int64_t> low(node.rank(0), 0), high(node.rank(0), 0);
  for (const auto &[d, of] : taps)
    low[d] = of.low, high[d] = of.high;
  auto isZero = [](int64_t pad) { return pad == 0; };
  if (all_of(low, isZero) && all_of(high, isZero))
    return inner;
  return node.create<nn::PadOp>(inner, low, high, nn::PadMode::Constant, outside);
}

//===----------------------------------------------------------------------===//
// The whole
//===----------------------------------------------------------------------===//

static SmallVector<int64_t> shapeAfter(ArrayRef<ResizedAxis> axes) {
  return llvm::to_vector(llvm::map_range(axes, [](const ResizedAxis &axis) { return axis.after; }));
}

/// The taps of all dimensions that change; none after a report.
static AllTaps computeAllTaps(NodeImporter &node, const Interpolation &how,
                              ArrayRef<ResizedAxis> axes) {
  AllTaps taps;
  if (std::string problem = shapeProblem(shapeAfter(axes)); !problem.empty())
    node.report("the result " + problem);
  for (auto [d, axis] : enumerate(axes)) {
    if (node.hasFailed() || axis.isIdentity(how))
      continue;
    if (std::max(axis.before, axis.after) > maxResized)
      node.report(
          formatv("axis {0} has more than {1} elements, too many to be resized", d, maxResized));
    else
      taps[d] = computeTaps(how, axis);
  }
  return taps;
}

/// Would another nearest_mode pick other elements?
static bool hangsOnRounding(Interpolation how, ArrayRef<ResizedAxis> axes, const AllTaps &taps) {
  if (how.filter != Filter::Nearest)
    return false;
  return any_of(taps, [&](const auto &entry) {
    return any_of(ArrayRef({NearestMode::PreferCeil, NearestMode::Floor}), [&](NearestMode other) {
      how.rounding = other;
      return computeTaps(how, axes[entry.first]).indices != entry.second.indices;
    });
  });
}

static LogicalResult resize(NodeImporter &node, std::optional<ResizeAttributes> attributes) {
  if (!attributes)
    return failure();
  const auto &[how, axes, extrapolation, isRoundingSure] = *attributes;
  if (how.filter != Filter::Nearest && !node.type(0).getElementType().isF32())
    node.report("modes linear and cubic are of float32, the input is " + typeText(node.type(0)));
  TypedAttr outside;
  if (how.coordinates == Coordinates::TFCropAndResize)
    outside = outsideValue(node, extrapolation);
  AllTaps taps = computeAllTaps(node, how, axes);
  if (!node.hasFailed() && !isRoundingSure && hangsOnRounding(how, axes, taps))
    node.report("does not state nearest_mode, on which its elements depend: frameworks with these "
                "coordinates round otherwise than ONNX's default, round_prefer_floor",
                "state the attribute");
  if (node.hasFailed())
    return failure();
  if (any_of(taps, [](const auto &entry) { return entry.second.size == 0; }))
    return node.finish(
        node.filled(DenseElementsAttr::get(RankedTensorType::get({}, outside.getType()), outside),
                    shapeAfter(axes)));
  Value inner = blend(node, pick(node, node.input(0), taps), taps, axes);
  return node.finish(surround(node, inner, outside, taps));
}

LogicalResult importResize(NodeImporter &node) { return resize(node, readResize(node)); }
LogicalResult importUpsample(NodeImporter &node) { return resize(node, readUpsample(node)); }

} // namespace nnc
