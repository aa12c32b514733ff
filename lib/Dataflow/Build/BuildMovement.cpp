//===- BuildMovement.cpp - What only rearranges ----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FlowBuilder.h"

using namespace mlir;

namespace nnc::dataflow {

/// A stream stays as it is where a tensor is only seen otherwise; what is left out of it goes.
bool FlowBuilder::addMovement(Operation *op) {
  Value input = op->getOperand(0), result = op->getResult(0);
  Order source = *sourceOf(op);
  streamOf(input);
  View view = views[input];
  if (source.size() == view.order.size()) {
    Order places = placesOf(source); // in the result, of the operand's elements
    for (uint32_t &element : view.order)
      element = places[element];
    set(result, std::move(view));
    return true;
  }
  // A slice: the lanes that are left must be the same in each beat.
  std::vector<int64_t> place(view.order.size(), -1);
  for (auto [to, from] : llvm::enumerate(source))
    place[from] = to;
  int64_t lanes = view.lanes();
  SmallVector<int64_t> kept;
  for (int64_t lane = 0; lane < lanes; ++lane)
    if (place[view.order[lane]] >= 0)
      kept.push_back(lane);
  bool uniform = kept.size() * (view.order.size() / lanes) == source.size();
  for (size_t beat = 0; uniform && beat < view.order.size(); beat += lanes)
    for (int64_t lane : kept)
      uniform &= place[view.order[beat + lane]] >= 0;
  if (!uniform) {
    if (!fitsWhole(op, input))
      return false;
    View &whole = wholeOf(input);
    kept.clear();
    for (auto [lane, element] : llvm::enumerate(whole.order))
      if (place[element] >= 0)
        kept.push_back(lane);
    view = whole;
    lanes = view.order.size();
  }
  View left{takeLanes(view.stream, kept, op->getLoc()), {}, view.raster, {}};
  for (size_t beat = 0; beat < view.order.size(); beat += lanes)
    for (int64_t lane : kept)
      left.order.push_back(place[view.order[beat + lane]]);
  set(result, std::move(left));
  return true;
}

bool FlowBuilder::addConcat(nn::ConcatOp op) {
  for (Value input : op.getInputs())
    if (!views.count(input))
      return refuse(op, "joins a constant");
  bool pixels = true;
  for (Value input : op.getInputs())
    pixels &= op.getAxis() == 1 && pixelsOf(input);
  int64_t elements = cast<RankedTensorType>(op.getType()).getNumElements();
  for (Value input : op.getInputs())
    if (!pixels && !fitsBeat(op, input, elements))
      return false;
  SmallVector<Value> streams;
  View view;
  ArrayRef<int64_t> shape = shapeOf(op.getResult());
  int64_t inner = 1;
  for (int64_t size : shape.drop_front(op.getAxis() + 1))
    inner *= size;
  int64_t begin = 0;
  for (Value input : op.getInputs()) {
    View &part = pixels ? views[input] : wholeOf(input);
    streams.push_back(streamOf(input));
    view.raster = part.raster;
    int64_t size = shapeOf(input)[op.getAxis()] * inner;
    if (!pixels)
      for (uint32_t element : part.order)
        view.order.push_back(element / size * shape[op.getAxis()] * inner + begin + element % size);
    begin += size;
  }
  if (pixels)
    view.order = pixelOrder(shape);
  view.stream = sideBySide(streams, op.getLoc());
  set(op.getResult(), std::move(view));
  return true;
}

} // namespace nnc::dataflow
