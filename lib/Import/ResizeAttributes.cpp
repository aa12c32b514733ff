//===- ResizeAttributes.cpp - What a Resize or Upsample says -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ResizeAttributes.h"

#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace llvm;
using namespace mlir;

namespace nnc {

//===----------------------------------------------------------------------===//
// How elements are picked or blended
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
  how.rounding = NearestMode::Simple;
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
  how.rounding = choice<NearestMode>(node, "nearest_mode", "round_prefer_floor",
                                     {{"round_prefer_floor", NearestMode::PreferFloor},
                                      {"round_prefer_ceil", NearestMode::PreferCeil},
                                      {"floor", NearestMode::Floor},
                                      {"ceil", NearestMode::Ceil}});
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

//===----------------------------------------------------------------------===//
// Every dimension before and after
//===----------------------------------------------------------------------===//

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
    return node.report(
        formatv("the scale of axis {0} is {1}, expected more than 0", d, format("%g", scale)));
  // A product of floats, as shape inference has it: 10 elements times 0.7 are 7.
  float resized = static_cast<float>(axis.before) * scale;
  axis.scale = scale;
  axis.resized = resized;
  axis.after = static_cast<int64_t>(std::floor(std::min(resized, 2.0f * maxResized)));
  if (axis.after < 1)
    node.report(formatv("a scale of {0} leaves nothing of the {1} elements of axis {2}",
                        format("%g", scale), axis.before, d));
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
// The whole
//===----------------------------------------------------------------------===//

std::optional<ResizeAttributes> readResize(NodeImporter &node) {
  bool isOld = node.getOpset() < 11;
  size_t scales = isOld ? 1 : 2;
  ResizeAttributes attributes;
  attributes.how = readInterpolation(node);
  // Coordinates of other frameworks, which round otherwise than ONNX does by default (TensorFlow
  // down, or halves up): files of opset 11 that leave nearest_mode out meant any of these, ONNX
  // 1.6's own tests among them.
  bool isForeign = attributes.how.coordinates == Coordinates::AlignCorners ||
                   attributes.how.coordinates == Coordinates::Asymmetric;
  attributes.isRoundingSure =
      isOld || node.getOpset() >= 13 || !isForeign || node.hasAttr("nearest_mode");
  SmallVector<int64_t> dims = readDims(node);
  bool isScaled = isGiven(node, scales), isSized = !isOld && isGiven(node, 3);
  if (isOld && node.numInputs() > 2)
    node.report("takes at most 2 inputs in this opset");
  if (isScaled == isSized)
    node.report(isScaled ? "has both scales and sizes, expected one of them"
                         : "has neither scales nor sizes");
  if (node.hasFailed())
    return std::nullopt;
  attributes.axes =
      isScaled ? readScaled(node, node.floats(scales, "scales"), dims) : readSized(node, dims);
  if (node.getOpset() >= 18)
    node.ignoreAttr("keep_aspect_ratio_policy"); // means nothing for scales
  if (attributes.how.coordinates == Coordinates::TFCropAndResize)
    readCrop(node, attributes.axes, dims);
  if (!isOld)
    attributes.extrapolation = node.floatAttr("extrapolation_value", 0);
  return node.hasFailed() ? std::nullopt : std::optional(attributes);
}

std::optional<ResizeAttributes> readUpsample(NodeImporter &node) {
  bool isAttribute = node.getOpset() < 9;
  if (node.getOpset() >= 10)
    node.report("was removed in opset 10", "write Resize instead");
  if (isAttribute && node.numInputs() > 1)
    node.report("takes its scales as an attribute in this opset");
  SmallVector<float> scales = isAttribute ? node.floatsAttr("scales") : node.floats(1, "scales");
  if (any_of(scales, [](float scale) { return scale < 1; }))
    node.report("has a scale below 1");
  SmallVector<int64_t> dims = llvm::to_vector(llvm::seq<int64_t>(0, node.rank(0)));
  ResizeAttributes attributes;
  attributes.how = readOldInterpolation(node);
  attributes.axes = readScaled(node, scales, dims);
  return node.hasFailed() ? std::nullopt : std::optional(attributes);
}

} // namespace nnc
