//===- FindHead.cpp - What a network ends with ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FindHead.h"
#include "dialects/NN/NNSearchOps.h"
#include "nnc/Dataflow/MatchSoftmax.h"

using namespace mlir;

namespace nnc::sequencer {

/// Gives the elements that it gets, all of them, whatever the head makes.
static bool changesNothing(Operation *op) {
  auto type = dyn_cast<IntegerType>(typeOf(op->getResult(0)).getElementType());
  return isa<nn::ReshapeOp>(op) || (isa<nn::CastOp>(op) && type && type.getWidth() >= 32);
}

FoundHead findHead(func::FuncOp network) {
  FoundHead found;
  auto results = network.front().getTerminator()->getOperands();
  if (results.size() != 1)
    return found;
  Value end = results[0];
  SmallVector<Operation *> ops;
  while (end.getDefiningOp() && end.hasOneUse() && changesNothing(end.getDefiningOp())) {
    ops.push_back(end.getDefiningOp());
    end = ops.back()->getOperand(0);
  }
  if (!end.hasOneUse())
    return found;
  if (auto argMax = end.getDefiningOp<nn::ArgMaxOp>()) {
    if (!isa<IntegerType>(typeOf(argMax.getInput()).getElementType()))
      return found;
    found.head.kind = Head::Kind::ArgMax;
    found.head.last = argMax.getLast();
    found.input = argMax.getInput();
    found.axes = {static_cast<int64_t>(argMax.getAxis())};
    ops.push_back(argMax);
  } else if (auto proportion = end.getDefiningOp<nn::ProportionOp>()) {
    auto softmax = dataflow::matchSoftmax(proportion);
    if (!softmax)
      return found;
    found.head.kind = Head::Kind::Softmax;
    found.head.exponentials.assign(softmax->exponentials.begin(), softmax->exponentials.end());
    found.head.factor = softmax->factor;
    found.head.shift = softmax->shift;
    found.head.zeroPoint = softmax->zeroPoint;
    found.head.range = rangeOf(typeOf(end).getElementType());
    found.input = softmax->input;
    found.axes = softmax->axes;
    ops.append(softmax->ops);
  } else {
    return found;
  }
  found.ops = std::move(ops);
  return found;
}

std::vector<uint32_t> FoundHead::arrange(ArrayRef<uint32_t> order) {
  std::vector<dataflow::Place> places = dataflow::placesAlong(typeOf(input).getShape(), axes);
  head.size = 1;
  for (int64_t axis : axes)
    head.size *= typeOf(input).getDimSize(axis);
  head.groups = static_cast<int64_t>(order.size()) / head.size;
  bool isArgMax = head.kind == Head::Kind::ArgMax;
  if (isArgMax)
    head.range = {0, std::max<int64_t>(1, head.size - 1)};
  std::vector<uint32_t> results;
  for (auto [i, element] : llvm::enumerate(order)) {
    const dataflow::Place &place = places[element],
                          &first = places[order[i / head.size * head.size]];
    auto number = static_cast<int64_t>(i) % head.size;
    if (place.group != first.group || (isArgMax && place.index != number))
      return {};
    if (!isArgMax)
      results.push_back(element);
    else if (number == 0)
      results.push_back(place.group);
  }
  return results;
}

} // namespace nnc::sequencer
