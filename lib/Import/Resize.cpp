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
#include "Interpolation.h"
#include "NodeImporter.h"

#include "dialects/NN/ElementTypes.h"

#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <map>

using namespace llvm;
using namespace mlir;

namespace nnc {

/// The longest dimension that is resized: its taps are all known when we compile.
static constexpr int64_t maxResized = int64_t(1) << 20;

//===----------------------------------------------------------------------===//
// What the node says
//===----------------------------------------------------------------------===//

/// The value that attribute `name` spells.
template <typename T>
static T choice(NodeImporter &node, StringRef name, StringRef otherwise,
                ArrayRef<std::pair<StringRef, T>> choices) {
  std::string text = node.textAttr(name, otherwise);
  for (auto [word, value] : choices)
    if (text == word)
      return value;
  node.report(name + " is '" + text + "', expected " + join(make_first_range(choices), ", "));
  return choices.front().second;
}

static Filter readFilter(NodeImporter &node, bool hasCubic) {
  std::pair<StringRef, Filter> filters[] = {
      {"nearest", Filter::Nearest}, {"linear", Filter::Linear}, {"cubic", Filter::Cubic}};
  return choice<Filter>(node, "mode", "nearest", ArrayRef(filters).take_front(hasCubic ? 3 : 2));
}

/// What Upsample and the first Resize do.
static Interpolation readOldInterpolation(NodeImporter &node) {
  Interpolation how;
  how.filter = readFilter(node, /*hasCubic=*/false);
  how.coordinates = Coordinates::Asymmetric;
  how.rounding = Rounding::Simple;
  return how;
}

static Interpolation readInterpolation(NodeImporter &node) {
  if (node.getOpset() < 11)
    return readOldInterpolation(node);
  Interpolation how;
  how.filter = readFilter(node, /*hasCubic=*/true);
  how.coordinates = choice<Coordinates>(node, "coordinate_transformation_mode", "half_pixel",
                                        {{"half_pixel", Coordinates::HalfPixel},
                                         {"half_pixel_symmetric", Coordinates::HalfPixelSymmetric},
                                         {"pytorch_half_pixel", Coordinates::PytorchHalfPixel},
                                         {"align_corners", Coordinates::AlignCorners},
                                         {"asymmetric", Coordinates::Asymmetric},
                                         {"tf_half_pixel_for_nn", Coordinates::TFHalfPixelForNN},
                                         {"tf_crop_and_resize", Coordinates::TFCropAndResize}});
  how.rounding = choice<Rounding>(node, "nearest_mode", "round_prefer_floor",
                                  {{"round_prefer_floor", Rounding::PreferFloor},
                                   {"round_prefer_ceil", Rounding::PreferCeil},
                                   {"floor", Rounding::Floor},
                                   {"ceil", Rounding::Ceil}});
  how.cubicA = node.floatAttr("cubic_coeff_a", -0.75f);
  how.excludeOutside = node.intAttr("exclude_outside", 0) != 0;
  if (node.getOpset() >= 18)
    how.antialias = node.intAttr("antialias", 0) != 0;
  if (!std::isfinite(how.cubicA))
    node.report("cubic_coeff_a must be finite");
  if (how.antialias && how.filter == Filter::Nearest)
    node.report("antialias needs mode linear or cubic, mode is nearest");
  return how;
}

/// Operand `i` is there; the old form of leaving one out is a list without entries.
static bool isGiven(NodeImporter &node, size_t i) {
  return node.has(i) && node.type(i).getNumElements() != 0;
}

/// Reports a list that has not as many entries as expected.
static bool checkLength(NodeImporter &node, StringRef what, size_t found, size_t expected) {
  if (found != expected && !node.hasFailed())
    node.report(formatv("{0} has {1} entries, expected {2}", what, found, expected));
  return !node.hasFailed();
}

/// The dimension is `scale` times as long, in whole elements.
static void applyScale(NodeImporter &node, ResizedAxis &axis, int64_t d, float scale) {
  if (!std::isfinite(scale) || scale <= 0)
    return node.report(formatv("the scale of axis {0} is {1}, expected more than 0", d, scale));
  // A product of floats, as shape inference has it: 10 elements times 0.7 are 7.
  float resized = static_cast<float>(axis.before) * scale;
  axis.scale = scale;
  axis.resized = resized;
  axis.after = static_cast<int64_t>(std::floor(std::min(resized, 2.0f * maxResized)));
  if (axis.after < 1)
    node.report(formatv("a scale of {0} leaves nothing of the {1} elements of axis {2}", scale,
                        axis.before, d));
}

static void applySize(NodeImporter &node, ResizedAxis &axis, int64_t d, int64_t size) {
  if (size < 1)
    return node.report(formatv("the size of axis {0} is {1}, expected 1 or more", d, size));
  axis.after = size;
  axis.resized = static_cast<double>(size);
  axis.scale = axis.resized / static_cast<double>(axis.before);
}

/// The same scale for all of `dims`, so that none is larger, or smaller, than its size.
static void keepAspectRatio(NodeImporter &node, MutableArrayRef<ResizedAxis> axes,
                            ArrayRef<int64_t> dims) {
  enum class Policy { Stretch, NotLarger, NotSmaller };
  auto policy = choice<Policy>(node, "keep_aspect_ratio_policy", "stretch",
                               {{"stretch", Policy::Stretch},
                                {"not_larger", Policy::NotLarger},
                                {"not_smaller", Policy::NotSmaller}});
  if (policy == Policy::Stretch || dims.empty())
    return;
  double scale = axes[dims.front()].scale;
  for (int64_t d : dims)
    scale = policy == Policy::NotLarger ? std::min(scale, axes[d].scale)
                                        : std::max(scale, axes[d].scale);
  for (int64_t d : dims) {
    axes[d].scale = scale;
    axes[d].resized = scale * static_cast<double>(axes[d].before);
    axes[d].after = static_cast<int64_t>(std::min(axes[d].resized, 2.0 * maxResized) + 0.5);
    if (axes[d].after < 1)
      node.report(formatv("keeping the aspect ratio leaves nothing of axis {0}", d));
  }
}

/// The dimensions that the lists of scales, sizes and regions speak of, in their order.
static SmallVector<int64_t> readDims(NodeImporter &node) {
  SmallVector<int64_t> dims = llvm::to_vector(llvm::seq<int64_t>(0, node.rank(0)));
  if (node.getOpset() < 18 || !node.hasAttr("axes"))
    return dims;
  dims = node.intsAttr("axes");
  for (int64_t &d : dims)
    d = node.normalAxis(d, node.rank(0));
  node.normalAxes(dims, node.rank(0)); // reports what is named twice
  return dims;
}

static SmallVector<ResizedAxis> unchangedAxes(NodeImporter &node) {
  SmallVector<ResizedAxis> axes;
  for (int64_t size : node.shape(0)) {
    if (size < 1)
      node.report("the input has no elements");
    axes.push_back({size, size, 1, static_cast<double>(size)});
  }
  return axes;
}

/// Every dimension by the scale that `scales` has for it.
static SmallVector<ResizedAxis> readScaled(NodeImporter &node, ArrayRef<float> scales,
                                           ArrayRef<int64_t> dims) {
  SmallVector<ResizedAxis> axes = unchangedAxes(node);
  if (checkLength(node, "scales", scales.size(), dims.size()))
    for (auto [d, scale] : llvm::zip_equal(dims, scales))
      applyScale(node, axes[d], d, scale);
  return axes;
}

static SmallVector<ResizedAxis> readSized(NodeImporter &node, ArrayRef<int64_t> dims) {
  SmallVector<ResizedAxis> axes = unchangedAxes(node);
  SmallVector<int64_t> sizes = node.ints(3, "sizes");
  if (!checkLength(node, "sizes", sizes.size(), dims.size()))
    return axes;
  for (auto [d, size] : llvm::zip_equal(dims, sizes))
    applySize(node, axes[d], d, size);
  if (node.getOpset() >= 18 && !node.hasFailed())
    keepAspectRatio(node, axes, dims);
  return axes;
}

/// The region of interest: all starts, then all ends.
static void readCrop(NodeImporter &node, MutableArrayRef<ResizedAxis> axes,
                     ArrayRef<int64_t> dims) {
  SmallVector<float> roi = node.floats(1, "roi");
  if (!checkLength(node, "roi", roi.size(), 2 * dims.size()))
    return;
  if (!all_of(roi, [](float part) { return std::isfinite(part); }))
    return node.report("roi has an entry that is not finite");
  for (auto [i, d] : enumerate(dims)) {
    axes[d].cropStart = roi[i];
    axes[d].cropEnd = roi[dims.size() + i];
  }
}

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
  auto [least, most] = nn::integerRange(element);
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

static LogicalResult resize(NodeImporter &node, const Interpolation &how,
                            ArrayRef<ResizedAxis> axes, float extrapolation = 0) {
  if (how.filter != Filter::Nearest && !node.type(0).getElementType().isF32())
    node.report("modes linear and cubic are of float32, the input is " + typeText(node.type(0)));
  TypedAttr outside;
  if (how.coordinates == Coordinates::TFCropAndResize)
    outside = outsideValue(node, extrapolation);
  AllTaps taps = computeAllTaps(node, how, axes);
  if (node.hasFailed())
    return failure();
  if (any_of(taps, [](const auto &entry) { return entry.second.size == 0; }))
    return node.finish(
        node.filled(DenseElementsAttr::get(RankedTensorType::get({}, outside.getType()), outside),
                    shapeAfter(axes)));
  Value inner = blend(node, pick(node, node.input(0), taps), taps, axes);
  return node.finish(surround(node, inner, outside, taps));
}

LogicalResult importResize(NodeImporter &node) {
  bool isOld = node.getOpset() < 11;
  Interpolation how = readInterpolation(node);
  SmallVector<int64_t> dims = readDims(node);
  size_t scales = isOld ? 1 : 2;
  bool isScaled = isGiven(node, scales), isSized = !isOld && isGiven(node, 3);
  if (isScaled == isSized)
    return node.fail(isScaled ? "has both scales and sizes, expected one of them"
                              : "has neither scales nor sizes");
  if (isOld && node.numInputs() > 2)
    return node.fail("takes at most 2 inputs in this opset");
  SmallVector<ResizedAxis> axes =
      isScaled ? readScaled(node, node.floats(scales, "scales"), dims) : readSized(node, dims);
  if (node.getOpset() >= 18)
    node.ignoreAttr("keep_aspect_ratio_policy"); // means nothing for scales
  if (how.coordinates == Coordinates::TFCropAndResize)
    readCrop(node, axes, dims);
  return resize(node, how, axes, isOld ? 0 : node.floatAttr("extrapolation_value", 0));
}

LogicalResult importUpsample(NodeImporter &node) {
  if (node.getOpset() >= 10)
    return node.fail("was removed in opset 10", "write Resize instead");
  Interpolation how = readOldInterpolation(node);
  bool isAttribute = node.getOpset() < 9;
  SmallVector<float> scales = isAttribute ? node.floatsAttr("scales") : node.floats(1, "scales");
  if (isAttribute && node.numInputs() > 1)
    return node.fail("takes its scales as an attribute in this opset");
  if (any_of(scales, [](float scale) { return scale < 1; }))
    return node.fail("has a scale below 1");
  SmallVector<int64_t> dims = llvm::to_vector(llvm::seq<int64_t>(0, node.rank(0)));
  return resize(node, how, readScaled(node, scales, dims));
}

} // namespace nnc
