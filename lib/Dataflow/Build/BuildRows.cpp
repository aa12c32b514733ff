//===- BuildRows.cpp - What takes all elements along an axis together --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FlowBuilder.h"

#include <numeric>

using namespace mlir;

namespace nnc::dataflow {

Value FlowBuilder::rowsOf(Operation *op, Value tensor, ArrayRef<int64_t> axes, View &view,
                          int64_t &groups) {
  ArrayRef<int64_t> shape = shapeOf(tensor);
  // Channels of a pixel stand in one beat already.
  Value stream = axes == ArrayRef<int64_t>(1) && shape.size() > 2 ? pixelsOf(tensor) : Value();
  if (!stream) {
    if (!fitsWhole(op, tensor))
      return {};
    stream = wholeOf(tensor).stream;
  }
  view = views[tensor];
  view.stream = {};
  std::vector<Place> places = placesAlong(shape, axes);
  auto placeOf = [&](int64_t lane) { return places[view.order[lane]]; };
  SmallVector<int64_t> map(view.lanes());
  std::iota(map.begin(), map.end(), 0);
  llvm::stable_sort(map, [&](int64_t a, int64_t b) {
    return std::pair(placeOf(a).index, placeOf(a).group) <
           std::pair(placeOf(b).index, placeOf(b).group);
  });
  groups = llvm::count_if(map, [&](int64_t lane) { return placeOf(lane).index == 0; });
  Order order;
  for (size_t beat = 0; beat < view.order.size(); beat += map.size())
    for (int64_t lane : map)
      order.push_back(view.order[beat + lane]);
  view.order = std::move(order);
  return takeLanes(stream, map, op->getLoc());
}

bool FlowBuilder::addArgMax(nn::ArgMaxOp op) {
  Value input = op.getInput();
  if (!views.count(input))
    return refuse(op, "compares floats: quantize its operand");
  auto axis = static_cast<int64_t>(op.getAxis());
  View view;
  int64_t groups = 0;
  Value rows = rowsOf(op, input, axis, view, groups);
  if (!rows)
    return false;
  auto type = cast<flow::StreamType>(rows.getType());
  std::vector<Place> places = placesAlong(shapeOf(input), axis);
  Order order; // of the result's elements, which are the groups
  for (size_t beat = 0; beat < view.order.size(); beat += type.getLanes())
    for (int64_t group = 0; group < groups; ++group)
      order.push_back(places[view.order[beat + group]].group);
  view.order = std::move(order);
  view.stream = builder.create<flow::ArgMaxOp>(
      op.getLoc(), type.with(groups, 0, std::max<int64_t>(1, shapeOf(input)[axis] - 1)), rows,
      op.getLast(), SymbolRefAttr(), IntegerAttr(), DenseI64ArrayAttr());
  set(op.getResult(), std::move(view));
  return true;
}

bool FlowBuilder::addSoftmax(nn::ProportionOp op) {
  auto found = softmaxes.find(op);
  if (found == softmaxes.end())
    return refuse(op,
                  "quotients other than those of a softmax that -exact=ort rounds have no engine");
  const Softmax &softmax = found->second;
  if (!views.count(softmax.input))
    return true; // refused before
  View view;
  int64_t groups = 0;
  Value rows = rowsOf(op, softmax.input, softmax.axes, view, groups);
  if (!rows)
    return false;
  auto type = cast<flow::StreamType>(rows.getType());
  auto [least, most] = rangeOf(elementOf(op.getResult()));
  int64_t distances = type.getMost() - type.getLeast() + 1;
  view.stream = builder.create<flow::SoftmaxOp>(
      op.getLoc(), type.with(type.getLanes(), least, most), rows, groups,
      ArrayRef(softmax.exponentials).take_front(distances), softmax.factor, softmax.shift,
      softmax.zeroPoint, SymbolRefAttr(), IntegerAttr(), DenseI64ArrayAttr());
  set(op.getResult(), std::move(view));
  return true;
}

} // namespace nnc::dataflow
