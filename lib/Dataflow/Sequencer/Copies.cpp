//===- Copies.cpp - Elements one by one as layers -------------------------===//
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

/// The layer that takes elements as they are: as an image, channels inside, or in the order in
/// which they stand. `places` are those of its results.
PendingLayer LayerBuilder::copyOf(Location loc, const View &view, std::vector<int64_t> &places,
                                  bool asImage) {
  PendingLayer pending = begin(loc, view);
  Layer &layer = pending.layer;
  layer.weights = {1};
  layer.weightRepeat = Repeat::Always;
  layer.sums = view.range;
  if (auto image = asImage ? imageOf(view) : std::nullopt) {
    layer.start = image->start;
    layer.loops[firstChannel] = {image->channels, image->channelStride};
    layer.loops[firstPixel] = {image->columns, image->columnStride};
    layer.loops[firstPixel + 1] = {image->rows, image->rowStride};
    mergeLoops(layer.loops, firstPixel, loopLevels);
    places = channelsInside(image->channels, image->rows * image->columns, image->channels);
    return pending;
  }
  std::vector<int64_t> order(view.places.size()), offsets;
  std::iota(order.begin(), order.end(), 0);
  llvm::stable_sort(order, [&](int64_t a, int64_t b) { return view.places[a] < view.places[b]; });
  layer.start = view.places[order[0]];
  places.resize(order.size());
  for (auto [place, element] : llvm::enumerate(order)) {
    offsets.push_back(view.places[element] - layer.start);
    places[element] = place;
  }
  auto loops = loopsThrough(offsets, loopLevels - firstChannel);
  if (!loops) {
    pending.source = -1;
    return pending;
  }
  llvm::copy(*loops, layer.loops.begin() + firstChannel);
  return pending;
}

LogicalResult refuseOrder(Operation *op) {
  return op->emitError("the elements of its operand stand at uneven distances");
}

/// Ops that give what they get, of such elements.
static bool changesNothing(Operation *op, Interval elements) {
  if (auto clip = dyn_cast<nn::ClipOp>(op))
    return boundsOf(clip).contains(elements);
  if (isa<nn::CastOp>(op))
    return rangeOf(typeOf(op->getResult(0)).getElementType()).contains(elements);
  return isa<nn::ReluOp>(op) && elements.least >= 0;
}

LogicalResult LayerBuilder::addCopy(Operation *op) {
  Value input = op->getOperand(0);
  if (LinearTail::takes(op) && input.getDefiningOp<nn::ConstantOp>())
    input = op->getOperand(1);
  const View view = views[input];
  if (changesNothing(op, view.range)) {
    views[op->getResult(0)] = view;
    return success();
  }
  int64_t rank = typeOf(input).getRank();
  LinearTail linear(input, {view.range}, {}, rank < 3 ? rank - 1 : 1);
  bool isLinear = LinearTail::takes(op);
  if (isLinear && failed(linear.follow(op)))
    return failure();
  std::vector<int64_t> signs(linear.sums.size(), 1);
  linear.makePositive([&](size_t channel) { signs[channel] = -1; });
  Results results(std::move(linear));
  if (failed(results.follow(isLinear ? nullptr : op)))
    return failure();
  bool isPerChannel = results.channels() > 1;
  std::vector<int64_t> places;
  PendingLayer pending = copyOf(op->getLoc(), view, places, isPerChannel);
  if (pending.source < 0)
    return refuseOrder(op);
  Layer &layer = pending.layer;
  if (isPerChannel && layer.loops[firstChannel].count != results.channels())
    return op->emitError("scales differ along another dimension than that of channels");
  if (llvm::is_contained(signs, -1)) {
    layer.sums = view.range.hull({-view.range.most, -view.range.least});
    layer.weightRepeat = llvm::all_equal(signs) ? Repeat::Always : Repeat::PerPixel;
    layer.weights = llvm::all_equal(signs) ? std::vector<int64_t>{-1} : std::move(signs);
  }
  finish(std::move(pending), results, std::move(places), view.places.size());
  return success();
}

LogicalResult LayerBuilder::addConcat(Operation *op) {
  auto concat = cast<nn::ConcatOp>(op);
  ArrayRef<int64_t> shape = typeOf(concat.getResult()).getShape();
  int64_t axis = concat.getAxis(), total = typeOf(concat.getResult()).getNumElements();
  std::vector<View> parts;
  for (Value input : concat.getInputs())
    parts.push_back(views[input]);
  bool byChannel = axis == 1 && shape.size() > 2 &&
                   llvm::all_of(parts, [](const View &part) { return imageOf(part).has_value(); });
  View result{newBuffer(total), std::vector<int64_t>(total), shape, parts[0].range};
  int64_t before = 0, base = 0;
  std::vector<int64_t> strides = stridesOf(shape);
  for (const View &part : parts) {
    std::vector<int64_t> places;
    PendingLayer pending = copyOf(op->getLoc(), part, places, shape.size() > 2);
    if (pending.source < 0)
      return refuseOrder(op);
    int64_t channels = byChannel ? part.shape[1] : 0;
    Results results({concat.getResult(), part.range});
    results.moveTo(pending.layer);
    pending.target = result.buffer;
    pending.layer.base = base;
    pending.layer.skip = byChannel ? shape[1] - channels : 0;
    // Where the elements of this part stand in the whole.
    std::vector<int64_t> index(shape.size(), 0);
    for (int64_t place : places) {
      int64_t element = before * strides[axis];
      for (size_t d = 0; d < shape.size(); ++d)
        element += index[d] * strides[d];
      result.places[element] =
          base + (byChannel ? place / channels * shape[1] + place % channels : place);
      for (size_t d = shape.size(); d-- > 0 && ++index[d] == part.shape[d];)
        index[d] = 0;
    }
    before += part.shape[axis];
    base += byChannel ? channels : static_cast<int64_t>(places.size());
    result.range = result.range.hull(part.range);
    layers.push_back(std::move(pending));
  }
  views[concat.getResult()] = std::move(result);
  return success();
}

std::vector<uint32_t> LayerBuilder::addOutput(Value value, bool asImage) {
  const View view = views[value];
  std::vector<int64_t> places;
  PendingLayer pending = copyOf(value.getLoc(), view, places, asImage);
  if (pending.source < 0)
    return {};
  Results results({value, view.range});
  results.moveTo(pending.layer);
  pending.layer.toOutput = true;
  layers.push_back(std::move(pending));
  std::vector<uint32_t> order(places.size());
  for (auto [element, place] : llvm::enumerate(places))
    order[place] = element;
  return order;
}

} // namespace nnc::sequencer
