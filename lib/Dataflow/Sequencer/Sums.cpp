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

/// Integers behind floats, from left to right, each op's operands first.
static void collectLeaves(Value value, FloatIsland &found, llvm::DenseSet<Operation *> &seen) {
  Operation *op = value.getDefiningOp();
  if (isa<IntegerType>(typeOf(value).getElementType())) {
    if (!isa_and_nonnull<nn::ConstantOp>(op) && !llvm::is_contained(found.leaves, value))
      found.leaves.push_back(value);
    return;
  }
  if (!op || isa<nn::ConstantOp>(op) || !seen.insert(op).second)
    return;
  for (Value operand : op->getOperands())
    collectLeaves(operand, found, seen);
  found.between.push_back(op);
}

FloatIsland islandOf(Operation *quantize) {
  FloatIsland found;
  llvm::DenseSet<Operation *> seen;
  for (Value operand : quantize->getOperands())
    collectLeaves(operand, found, seen);
  return found;
}

/// From each element of one tensor to that of the other, if it is the same for all.
static std::optional<int64_t> distanceBetween(const View &left, const View &right) {
  int64_t distance = right.places[0] - left.places[0];
  for (auto [l, r] : llvm::zip_equal(left.places, right.places))
    if (r - l != distance)
      return std::nullopt;
  return distance;
}

std::optional<PendingLayer> LayerBuilder::visitPair(Operation *op, View &left, View &right,
                                                    std::vector<int64_t> &places) {
  auto refuse = [&](StringRef why) {
    op->emitError(why);
    return std::nullopt;
  };
  ArrayRef<int64_t> shape = typeOf(op->getResult(0)).getShape();
  left = broadcast(left, shape);
  right = broadcast(right, shape);
  if (!distanceBetween(left, right)) { // an input has its channels outside
    size_t axis = shape.size() < 3 ? shape.size() - 1 : 1;
    left = arranged(op->getLoc(), left, axis);
    right = arranged(op->getLoc(), right, axis);
  }
  std::optional<int64_t> distance = distanceBetween(left, right);
  if (!distance)
    return refuse("its operands stand in memory in different orders");
  auto visit = visitAsTheyStand(left);
  if (!visit) {
    (void)refuseOrder(op);
    return std::nullopt;
  }
  PendingLayer pending = copyOf(op->getLoc(), left, *visit);
  places = std::move(visit->places);
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
  FloatIsland island = islandOf(op);
  for (Value leaf : island.leaves)
    if (!views.contains(leaf))
      return failure(); // whose reason has been told
  if (!attribute || island.leaves.size() != 2)
    return op->emitError("it has no form in integers: ")
           << (obstacle ? obstacle.getValue() : "it is not of two tensors of bytes");
  auto form = llvm::to_vector(attribute.getValues<int64_t>());
  View left = views[island.leaves[0]], right = views[island.leaves[1]];
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
