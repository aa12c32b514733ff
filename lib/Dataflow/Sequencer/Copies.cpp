//===- Copies.cpp - Elements one by one as layers -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LayerBuilder.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace nnc::sequencer {

PendingLayer LayerBuilder::copyOf(Location loc, const View &view, const Visit &visit) {
  PendingLayer pending = begin(loc, view);
  Layer &layer = pending.layer;
  layer.loops = visit.loops;
  layer.start = visit.start;
  layer.weights = {1};
  layer.weightRepeat = Repeat::Always;
  layer.sums = view.range;
  return pending;
}

View LayerBuilder::arranged(Location loc, const View &view, size_t axis) {
  if (axis >= view.shape.size() || view.places == placesAlong(view.shape, axis, view.shape[axis]))
    return view;
  auto visit = visitAlong(view, axis, /*byPixel=*/false);
  if (!visit)
    return view;
  PendingLayer pending = copyOf(loc, view, *visit);
  Results({Value(), view.range}).moveTo(pending.layer);
  pending.target = newBuffer(view.places.size());
  layers.push_back(std::move(pending));
  return {layers.back().target, std::move(visit->places), view.shape, view.range};
}

std::optional<Image> LayerBuilder::takeImage(Location loc, Value tensor) {
  if (auto image = imageOf(views[tensor]))
    return image;
  View copy = arranged(loc, views[tensor], 1);
  return imageOf(views[tensor] = std::move(copy));
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

/// The dimension along which the constants of `op` vary, or of what comes behind.
static int64_t dimensionOf(Operation *op) {
  while (true) {
    if (auto threshold = dyn_cast<nn::ThresholdOp>(op)) {
      if (typeOf(threshold.getThresholds()).getDimSize(0) > 1)
        return threshold.getChannel();
    } else {
      int64_t rank = typeOf(op->getResult(0)).getRank();
      for (Value operand : op->getOperands())
        if (operand.getDefiningOp<nn::ConstantOp>())
          for (auto [d, size] : llvm::enumerate(typeOf(operand).getShape()))
            if (size > 1)
              return rank - typeOf(operand).getRank() + d;
    }
    Value result = op->getResult(0);
    Operation *next = result.hasOneUse() ? *result.user_begin() : nullptr;
    if (!next || !(isa<nn::ThresholdOp>(next) || next->hasTrait<nn::Elementwise>()))
      return channelDimension(result);
    op = next;
  }
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
  LinearTail linear(input, {view.range}, {}, dimensionOf(op));
  bool isLinear = LinearTail::takes(op);
  if (isLinear && failed(linear.follow(op)))
    return failure();
  std::vector<int64_t> signs(linear.sums.size(), 1);
  linear.makePositive([&](size_t channel) { signs[channel] = -1; });
  Results results(std::move(linear));
  if (failed(results.follow(isLinear ? nullptr : op)))
    return failure();
  auto visit = results.channels() > 1 ? visitAlong(view, results.dimension(), /*byPixel=*/true)
                                      : visitAsTheyStand(view);
  if (!visit)
    return refuseOrder(op);
  PendingLayer pending = copyOf(op->getLoc(), view, *visit);
  Layer &layer = pending.layer;
  if (llvm::is_contained(signs, -1)) {
    layer.sums = view.range.hull({-view.range.most, -view.range.least});
    layer.weightRepeat = llvm::all_equal(signs) ? Repeat::Always : Repeat::PerPixel;
    layer.weights = llvm::all_equal(signs) ? std::vector<int64_t>{-1} : std::move(signs);
  }
  finish(std::move(pending), results, std::move(visit->places), view.places.size());
  return success();
}

/// Elements with one index along the axis stand together, as an image's channels do, unless a part
/// cannot be read so: then one part stands behind the other.
LogicalResult LayerBuilder::addConcat(Operation *op) {
  auto concat = cast<nn::ConcatOp>(op);
  ArrayRef<int64_t> shape = typeOf(concat.getResult()).getShape();
  size_t axis = concat.getAxis();
  int64_t total = typeOf(concat.getResult()).getNumElements();
  std::vector<View> parts;
  for (Value input : concat.getInputs())
    parts.push_back(views[input]);
  bool isAlong = total > shape[axis] && llvm::all_of(parts, [=](const View &part) {
                   return visitAlong(part, axis, /*byPixel=*/true).has_value();
                 });
  View result{newBuffer(total), std::vector<int64_t>(total), shape, parts[0].range};
  int64_t before = 0, base = 0;
  std::vector<int64_t> strides = stridesOf(shape);
  for (const View &part : parts) {
    auto visit = isAlong ? visitAlong(part, axis, /*byPixel=*/true) : visitAsTheyStand(part);
    if (!visit)
      return refuseOrder(op);
    PendingLayer pending = copyOf(op->getLoc(), part, *visit);
    int64_t own = part.shape[axis];
    Results results({concat.getResult(), part.range});
    results.moveTo(pending.layer);
    pending.target = result.buffer;
    pending.layer.base = base;
    pending.layer.skip = isAlong ? shape[axis] - own : 0;
    // Where the elements of this part stand in the whole.
    std::vector<int64_t> index(shape.size(), 0);
    for (int64_t place : visit->places) {
      int64_t element = before * strides[axis];
      for (size_t d = 0; d < shape.size(); ++d)
        element += index[d] * strides[d];
      result.places[element] = base + (isAlong ? place / own * shape[axis] + place % own : place);
      for (size_t d = shape.size(); d-- > 0 && ++index[d] == part.shape[d];)
        index[d] = 0;
    }
    before += own;
    base += isAlong ? own : static_cast<int64_t>(part.places.size());
    result.range = result.range.hull(part.range);
    layers.push_back(std::move(pending));
  }
  views[concat.getResult()] = std::move(result);
  return success();
}

std::vector<uint32_t> LayerBuilder::addOutput(Value value, std::optional<size_t> axis) {
  const View &view = views[value];
  auto visit = axis ? visitAlong(view, *axis, /*byPixel=*/false) : std::nullopt;
  if (!visit)
    visit = visitAsTheyStand(view);
  if (!visit)
    return {};
  PendingLayer pending = copyOf(value.getLoc(), view, *visit);
  Results results({value, view.range});
  results.moveTo(pending.layer);
  pending.layer.toOutput = true;
  layers.push_back(std::move(pending));
  std::vector<uint32_t> order(visit->places.size());
  for (auto [element, place] : llvm::enumerate(visit->places))
    order[place] = element;
  return order;
}

} // namespace nnc::sequencer
