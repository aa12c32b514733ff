//===- Sums.cpp - Sums of two tensors as layers ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LayerBuilder.h"
#include "dialects/NN/FloatIsland.h"

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

/// Makes `pending`, which visits pairs, the sum of both elements by these factors; what it reaches.
static Interval sumPairs(PendingLayer &pending, Interval left, int64_t leftFactor, Interval right,
                         int64_t rightFactor) {
  pending.operands = {{{left, leftFactor}, {right, rightFactor}}};
  pending.layer.accumulation = Accumulation::Digits;
  pending.layer.weightRepeat = Repeat::PerBlock;
  pending.layer.sums = {0, 0};
  auto times = [](Interval x, int64_t by) {
    return Interval{std::min(x.least * by, x.most * by), std::max(x.least * by, x.most * by)};
  };
  Interval a = times(left, leftFactor), b = times(right, rightFactor);
  return {a.least + b.least, a.most + b.most};
}

LogicalResult LayerBuilder::addIsland(Operation *op) {
  std::vector<Value> integers = dataflow::integersBehind(cast<nn::QuantizeOp>(op));
  for (Value operand : integers)
    if (!views.contains(operand))
      return failure(); // whose reason has been told
  std::optional<nn::Bilinear> form = nn::bilinearOf(op);
  if (form && integers.size() == 2 && form->product == 0)
    return addSum(op, integers, *form);
  auto table = op->getAttrOfType<DenseIntElementsAttr>(nn::tableAttr);
  if (table && table.getType().getRank() == static_cast<int64_t>(integers.size()))
    return addTable(op, integers, table);
  if (form)
    return op->emitError("a product of two tensors is looked up in a table, if both have up to 8 "
                         "bits; -style=unrolled has multipliers");
  return refuseIsland(op);
}

LogicalResult LayerBuilder::refuseIsland(Operation *op) {
  auto obstacle = op->getAttrOfType<StringAttr>(nn::obstacleAttr);
  return op->emitError("it has no form in integers: ")
         << (obstacle ? obstacle.getValue() : "nn-prove-elementwise has not looked at it");
}

LogicalResult LayerBuilder::addSum(Operation *op, ArrayRef<Value> operands,
                                   const nn::Bilinear &form) {
  View left = views[operands[0]], right = views[operands[1]];
  std::vector<int64_t> places;
  auto pending = visitPair(op, left, right, places);
  if (!pending)
    return failure();
  Results results(
      {op->getResult(0), sumPairs(*pending, left.range, form.left, right.range, form.right)});
  results.scaleBy({.offset = form.offset,
                   .shift = static_cast<unsigned>(form.shift),
                   .sums = {}, // each keeps its own
                   .ties = form.ties},
                  {form.levels.least, form.levels.most});
  if (failed(results.follow()))
    return failure();
  finish(std::move(*pending), results, std::move(places), left.places.size());
  return success();
}

/// Elements become the number of their combination, and results are found there. `table` has those
/// of all values of the types, of which not all may occur.
LogicalResult LayerBuilder::addTable(Operation *op, ArrayRef<Value> operands,
                                     DenseIntElementsAttr table) {
  View left = broadcast(views[operands[0]], typeOf(op->getResult(0)).getShape());
  View right = views[operands.back()];
  std::vector<int64_t> places;
  std::optional<PendingLayer> pending;
  Interval second{0, 0}, numbers = left.range;
  if (operands.size() == 2) {
    second = right.range;
    pending = visitPair(op, left, right, places);
    if (!pending)
      return failure();
    numbers = sumPairs(*pending, left.range, second.most - second.least + 1, second, 1);
  } else {
    auto visit = visitAsTheyStand(left);
    if (!visit)
      return refuseOrder(op);
    pending = copyOf(op->getLoc(), left, *visit);
    places = std::move(visit->places);
  }
  auto all = table.getValues<int32_t>();
  int64_t columns = operands.size() == 2 ? table.getType().getDimSize(1) : 1;
  auto placeOf = [](int64_t value, Value operand) {
    return value - rangeOf(typeOf(operand).getElementType()).least;
  };
  std::vector<int64_t> entries;
  for (int64_t x = left.range.least; x <= left.range.most; ++x)
    for (int64_t y = second.least; y <= second.most; ++y)
      entries.push_back(
          all[placeOf(x, operands[0]) * columns + (columns == 1 ? 0 : placeOf(y, operands[1]))]);
  int64_t count = entries.size();
  op->emitRemark("its results are a table of ")
      << count << " numbers, since no sum with constant factors gives them";
  Results results({op->getResult(0), numbers});
  results.scaleBy({.offset = -numbers.least, .sums = {}}, {0, count - 1});
  results.lookUp(std::move(entries));
  if (failed(results.follow()))
    return failure();
  finish(std::move(*pending), results, std::move(places), left.places.size());
  return success();
}

} // namespace nnc::sequencer
