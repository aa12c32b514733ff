//===- Sums.cpp - Sums of two tensors as layers ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LayerBuilder.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace nnc::sequencer {

/// From each element of one tensor to that of the other, if it is the same for all.
static std::optional<int64_t> distanceBetween(const View &left, const View &right) {
  int64_t distance = right.places[0] - left.places[0];
  for (auto [l, r] : llvm::zip_equal(left.places, right.places))
    if (r - l != distance)
      return std::nullopt;
  return distance;
}

/// An image whose channels stand next to each other, copied unless they do; others as they are.
View LayerBuilder::withChannelsInside(Location loc, const View &view) {
  auto image = imageOf(view);
  if (!image ||
      view.places == channelsInside(image->channels, image->rows * image->columns, image->channels))
    return view;
  View copy{-1, {}, view.shape, view.range};
  PendingLayer pending = copyOf(loc, view, copy.places, true);
  Results({Value(), view.range}).moveTo(pending.layer);
  pending.target = copy.buffer = newBuffer(view.places.size());
  layers.push_back(std::move(pending));
  return copy;
}

std::optional<PendingLayer> LayerBuilder::visitPair(Operation *op, View &left, View &right,
                                                    std::vector<int64_t> &places) {
  auto refuse = [&](StringRef why) {
    op->emitError(why);
    return std::nullopt;
  };
  if (left.shape != right.shape || left.places.size() != right.places.size())
    return refuse("a sequencer takes two tensors together of one shape only");
  if (!distanceBetween(left, right)) { // an input has its channels outside
    left = withChannelsInside(op->getLoc(), left);
    right = withChannelsInside(op->getLoc(), right);
  }
  std::optional<int64_t> distance = distanceBetween(left, right);
  if (!distance)
    return refuse("its operands stand in memory in different orders");
  PendingLayer pending = copyOf(op->getLoc(), left, places, false);
  if (pending.source < 0) {
    (void)refuseOrder(op);
    return std::nullopt;
  }
  reads(right.buffer);
  pending.second = right.buffer;
  pending.layer.loops[firstTap] = {2, *distance}; // and from one base to the other
  return pending;
}

LogicalResult LayerBuilder::addMax(Operation *op) {
  for (Value operand : op->getOperands())
    if (!views.contains(operand))
      return op->emitError("a sequencer compares tensors that it computes, or gets, only");
  View left = views[op->getOperand(0)], right = views[op->getOperand(1)];
  std::vector<int64_t> places;
  auto pending = visitPair(op, left, right, places);
  if (!pending)
    return failure();
  left.range = left.range.hull(right.range);
  return findGreatest(op, std::move(*pending), left, std::move(places));
}

LogicalResult LayerBuilder::addSum(Operation *op) {
  auto attribute = op->getAttrOfType<DenseIntElementsAttr>(nn::bilinearAttr);
  auto obstacle = op->getAttrOfType<StringAttr>(nn::obstacleAttr);
  std::vector<Value> operands = dataflow::integersBehind(cast<nn::QuantizeOp>(op));
  for (Value operand : operands)
    if (!views.contains(operand))
      return failure(); // whose reason has been told
  if (!attribute || operands.size() != 2)
    return op->emitError("it has no form in integers: ")
           << (obstacle ? obstacle.getValue() : "it is not of two tensors of bytes");
  auto form = llvm::to_vector(attribute.getValues<int64_t>());
  View left = views[operands[0]], right = views[operands[1]];
  if (form[2] != 0)
    return op->emitError("a sequencer does not multiply two tensors");
  std::vector<int64_t> places;
  auto pending = visitPair(op, left, right, places);
  if (!pending)
    return failure();
  Layer &layer = pending->layer;
  pending->operands = {{{left.range, form[0]}, {right.range, form[1]}}};
  layer.accumulation = Accumulation::Digits;
  layer.weightRepeat = Repeat::PerBlock;
  layer.sums = {0, 0};
  auto times = [](Interval x, int64_t by) {
    return Interval{std::min(x.least * by, x.most * by), std::max(x.least * by, x.most * by)};
  };
  Interval a = times(left.range, form[0]), b = times(right.range, form[1]);
  Results results({op->getResult(0), Interval{a.least + b.least, a.most + b.most}});
  results.scaleBy({.offset = form[3],
                   .shift = static_cast<unsigned>(form[4]),
                   .sums = {}, // each keeps its own
                   .ties = static_cast<Ties>(form[7])},
                  {form[5], form[6]});
  if (failed(results.follow()))
    return failure();
  finish(std::move(*pending), results, std::move(places), left.places.size());
  return success();
}

} // namespace nnc::sequencer
