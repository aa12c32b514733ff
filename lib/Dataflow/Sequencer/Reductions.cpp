//===- Reductions.cpp - One element of many as layers -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LayerBuilder.h"

#include "llvm/ADT/STLExtras.h"

#include <numeric>

using namespace mlir;

namespace nnc::sequencer {

/// The greatest tap of each window.
LogicalResult LayerBuilder::findGreatest(Operation *op, PendingLayer pending, const View &input,
                                         std::vector<int64_t> places) {
  Layer &layer = pending.layer;
  mergeLoops(layer.loops, firstTap, firstChannel);
  mergeLoops(layer.loops, firstPixel, loopLevels);
  layer.accumulation = Accumulation::Greatest;
  layer.weights = {1};
  layer.weightRepeat = Repeat::Always;
  layer.sums = input.range;
  Results results({op->getResult(0), input.range});
  if (failed(results.follow()))
    return failure();
  int64_t size = places.size();
  finish(std::move(pending), results, std::move(places), size);
  return success();
}

/// As an image whose pixels the axes run over, and whose channels the one other dimension; none if
/// there are several.
static std::optional<View> channelsFirst(const View &view, ArrayRef<int64_t> axes) {
  std::vector<int64_t> shape(view.shape), image{1, 1}, strides = stridesOf(view.shape);
  int64_t channelStride = 0;
  std::vector<int64_t> pixelStrides;
  for (auto [d, size] : llvm::enumerate(shape)) {
    if (size == 1)
      continue;
    if (llvm::is_contained(axes, static_cast<int64_t>(d))) {
      image.push_back(size);
      pixelStrides.push_back(strides[d]);
    } else if (image[1] > 1) {
      return std::nullopt;
    } else {
      image[1] = size;
      channelStride = strides[d];
    }
  }
  if (pixelStrides.empty()) {
    image.push_back(1);
    pixelStrides.push_back(0);
  }
  return moved(view, image, [&](ArrayRef<int64_t> index) {
    int64_t element = index[1] * channelStride;
    for (auto [i, stride] : llvm::zip_equal(index.drop_front(2), pixelStrides))
      element += i * stride;
    return element;
  });
}

/// Sums and greatest elements of whole channels: a window as large as the image.
LogicalResult LayerBuilder::addReduction(Operation *op) {
  auto axes = op->getAttrOfType<DenseI64ArrayAttr>("axes").asArrayRef();
  auto found = channelsFirst(views[op->getOperand(0)], axes);
  if (!found)
    return op->emitError("a sequencer has no layer for '")
           << op->getName() << "' that leaves more than one dimension";
  View input = std::move(*found);
  auto image = imageOf(input);
  if (!image)
    image = imageOf(input = arranged(op->getLoc(), input, 1));
  if (!image)
    return refuseLayout(op);
  bool isSum = isa<nn::ReduceSumOp>(op);
  PendingLayer pending = begin(op->getLoc(), input);
  Layer &layer = pending.layer;
  layer.start = image->start;
  layer.loops[firstTap + 1] = {image->columns, image->columnStride};
  layer.loops[firstTap + 2] = {image->rows, image->rowStride};
  layer.loops[firstChannel + (isSum ? 1 : 0)] = {image->channels, image->channelStride};
  std::vector<int64_t> places(image->channels);
  std::iota(places.begin(), places.end(), 0);
  if (isSum)
    return contract(op, std::move(pending), input, std::vector<int64_t>(input.places.size(), 1),
                    Value(), 1, std::move(places));
  return findGreatest(op, std::move(pending), input, std::move(places));
}

} // namespace nnc::sequencer
