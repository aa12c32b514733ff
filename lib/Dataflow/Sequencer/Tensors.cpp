//===- Tensors.cpp - Where elements stand -------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Tensors.h"

#include "llvm/ADT/STLExtras.h"

#include <cstring>
#include <numeric>

using namespace mlir;

namespace nnc::sequencer {

std::optional<std::vector<float>> constantFloats(Value value) {
  auto constant = value.getDefiningOp<nn::ConstantOp>();
  if (!constant || !typeOf(value).getElementType().isF32())
    return std::nullopt;
  std::vector<char> bytes = nn::elementBytes(constant.getValue());
  std::vector<float> numbers(bytes.size() / sizeof(float));
  std::memcpy(numbers.data(), bytes.data(), bytes.size());
  return numbers;
}

Interval rangeOf(Type element) {
  auto [least, most] = dataflow::rangeOf(element);
  return {least, most};
}

Interval boundsOf(nn::ClipOp clip) {
  auto [least, most] = dataflow::boundsOf(clip);
  return {least, most};
}

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

std::vector<int64_t> stridesOf(ArrayRef<int64_t> shape) {
  std::vector<int64_t> strides(shape.size(), 1);
  for (size_t d = shape.size(); d-- > 1;)
    strides[d - 1] = strides[d] * shape[d];
  return strides;
}

View reshaped(const View &view, ArrayRef<int64_t> shape) {
  View result = view;
  result.shape = shape;
  return result;
}

View moved(const View &view, ArrayRef<int64_t> shape,
           llvm::function_ref<int64_t(ArrayRef<int64_t>)> from) {
  View result{view.buffer, {}, shape, view.range};
  std::vector<int64_t> index(shape.size(), 0);
  for (int64_t i = 0, count = ShapedType::getNumElements(shape); i < count; ++i) {
    result.places.push_back(view.places[from(index)]);
    for (size_t d = shape.size(); d-- > 0 && ++index[d] == shape[d];)
      index[d] = 0;
  }
  return result;
}

View broadcast(const View &view, ArrayRef<int64_t> shape) {
  if (shape == ArrayRef(view.shape))
    return view;
  size_t added = shape.size() - view.shape.size();
  std::vector<int64_t> strides = stridesOf(view.shape);
  return moved(view, shape, [&](ArrayRef<int64_t> index) {
    int64_t element = 0;
    for (size_t d = added; d < shape.size(); ++d)
      element += view.shape[d - added] == 1 ? 0 : index[d] * strides[d - added];
    return element;
  });
}

std::optional<Image> imageOf(const View &view) {
  ArrayRef<int64_t> shape = view.shape;
  if (shape.size() < 3 || shape.size() > 4 || shape[0] != 1)
    return std::nullopt;
  Image image;
  image.channels = shape[1];
  image.rows = shape.size() == 4 ? shape[2] : 1;
  image.columns = shape.back();
  int64_t pixels = image.rows * image.columns;
  auto stride = [&](int64_t step, int64_t count) {
    return count > 1 ? view.places[step] - view.places[0] : 0;
  };
  image.start = view.places[0];
  image.channelStride = stride(pixels, image.channels);
  image.rowStride = stride(image.columns, image.rows);
  image.columnStride = stride(1, image.columns);
  size_t element = 0;
  for (int64_t c = 0; c < image.channels; ++c)
    for (int64_t y = 0; y < image.rows; ++y)
      for (int64_t x = 0; x < image.columns; ++x)
        if (view.places[element++] !=
            image.start + c * image.channelStride + y * image.rowStride + x * image.columnStride)
          return std::nullopt;
  return image;
}

std::vector<int64_t> placesAlong(ArrayRef<int64_t> shape, size_t axis, int64_t pitch) {
  int64_t inner = ShapedType::getNumElements(shape.drop_front(axis + 1));
  std::vector<int64_t> places;
  for (int64_t i = 0, count = ShapedType::getNumElements(shape); i < count; ++i) {
    int64_t outer = i / inner / shape[axis];
    places.push_back((outer * inner + i % inner) * pitch + i / inner % shape[axis]);
  }
  return places;
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

std::optional<std::vector<Loop>> loopsThrough(std::vector<int64_t> offsets, size_t most) {
  std::vector<Loop> loops;
  while (offsets.size() > 1) {
    if (loops.size() == most)
      return std::nullopt;
    size_t run = 2;
    int64_t stride = offsets[1] - offsets[0];
    while (run < offsets.size() && offsets[run] - offsets[run - 1] == stride)
      ++run;
    if (offsets.size() % run)
      return std::nullopt;
    std::vector<int64_t> starts;
    for (size_t i = 0; i < offsets.size(); ++i) {
      if (i % run == 0)
        starts.push_back(offsets[i]);
      if (offsets[i] != starts.back() + static_cast<int64_t>(i % run) * stride)
        return std::nullopt;
    }
    loops.push_back({static_cast<int64_t>(run), stride});
    offsets = std::move(starts);
  }
  return loops;
}

/// By loops from level `from` on; false: there are more than up to `to`.
static bool addLoops(std::vector<int64_t> offsets, unsigned from, unsigned to, Visit &visit) {
  auto loops = loopsThrough(std::move(offsets), to - from);
  if (loops)
    llvm::copy(*loops, visit.loops.begin() + from);
  return loops.has_value();
}

std::optional<Visit> visitAsTheyStand(const View &view) {
  std::vector<int64_t> order(view.places.size()), offsets;
  std::iota(order.begin(), order.end(), 0);
  llvm::stable_sort(order, [&](int64_t a, int64_t b) { return view.places[a] < view.places[b]; });
  Visit visit{{}, view.places[order[0]], std::vector<int64_t>(order.size())};
  for (auto [place, element] : llvm::enumerate(order)) {
    offsets.push_back(view.places[element] - visit.start);
    visit.places[element] = place;
  }
  if (!addLoops(std::move(offsets), firstChannel, loopLevels, visit))
    return std::nullopt;
  return visit;
}

std::optional<Visit> visitAlong(const View &view, size_t axis, bool byPixel) {
  size_t channels = view.shape[axis];
  Visit visit{{}, view.places[0], placesAlong(view.shape, axis, channels)};
  std::vector<int64_t> offsets(view.places.size()), ofPixels;
  for (auto [element, place] : llvm::enumerate(visit.places))
    offsets[place] = view.places[element] - visit.start;
  if (byPixel) {
    for (size_t at = 0; at < offsets.size(); at += channels)
      ofPixels.push_back(offsets[at]);
    for (size_t at = 0; at < offsets.size(); ++at)
      if (offsets[at] != ofPixels[at / channels] + offsets[at % channels])
        return std::nullopt;
    offsets.resize(channels);
  }
  if (!addLoops(std::move(offsets), firstChannel, byPixel ? firstPixel : loopLevels, visit) ||
      (byPixel && !addLoops(std::move(ofPixels), firstPixel, loopLevels, visit)))
    return std::nullopt;
  return visit;
}

void mergeLoops(std::array<Loop, loopLevels> &loops, unsigned from, unsigned to) {
  std::vector<Loop> merged;
  for (unsigned level = from; level < to; ++level) {
    const Loop &loop = loops[level];
    if (loop.count == 1)
      continue;
    auto goesOn = [&](int64_t Loop::*c) {
      return loop.*c == merged.back().count * (merged.back().*c);
    };
    if (!merged.empty() && goesOn(&Loop::address) && goesOn(&Loop::row) && goesOn(&Loop::column))
      merged.back().count *= loop.count;
    else
      merged.push_back(loop);
  }
  merged.resize(to - from);
  std::copy(merged.begin(), merged.end(), loops.begin() + from);
}

} // namespace nnc::sequencer
