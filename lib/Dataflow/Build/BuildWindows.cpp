//===- BuildWindows.cpp - Windows and greatest numbers ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FlowBuilder.h"

using namespace mlir;

namespace nnc::dataflow {

Value FlowBuilder::makeWindow(Value stream, ArrayRef<int64_t> kernel, ArrayRef<int64_t> strides,
                              ArrayRef<int64_t> dilations, ArrayRef<int64_t> pads, int64_t fill,
                              ArrayRef<int64_t> raster, Location loc) {
  auto type = cast<flow::StreamType>(stream.getType());
  // Padding behind that no window reaches is none.
  SmallVector<int64_t> reached(pads);
  unsigned rank = kernel.size();
  int64_t lanes = type.getLanes(), padding = 0;
  for (unsigned dim = 0; dim < rank; ++dim) {
    int64_t reach = (kernel[dim] - 1) * dilations[dim] + 1;
    reached[rank + dim] = std::max<int64_t>(0, (raster[dim] - 1) * strides[dim] + reach -
                                                   pads[dim] - type.getRaster()[dim]);
    lanes *= kernel[dim];
    padding += reached[dim] + reached[rank + dim];
  }
  int64_t least = type.getLeast(), most = type.getMost();
  if (padding) {
    least = std::min(least, fill);
    most = std::max(most, fill);
  }
  auto result = flow::StreamType::get(function.getContext(), raster, lanes, least, most);
  return builder.create<flow::WindowOp>(loc, result, stream, kernel, strides, dilations, reached,
                                        fill, IntegerAttr(), DenseI64ArrayAttr());
}

bool FlowBuilder::addMaxPool(nn::MaxPoolOp op) {
  Value pixels = pixelsOf(op.getInput());
  if (!pixels || op.getKernel().size() > 2)
    return refuse(
        op, "its input does not come pixel by pixel, or has more than two spatial dimensions");
  auto type = cast<flow::StreamType>(pixels.getType());
  int64_t taps = 1;
  for (int64_t size : op.getKernel())
    taps *= size;
  if (!fitsBeat(op, op.getInput(), type.getLanes() * taps))
    return false;
  ArrayRef<int64_t> raster = shapeOf(op.getResult()).drop_front(2);
  View view;
  view.raster.assign(raster.begin(), raster.end());
  view.order = pixelOrder(shapeOf(op.getResult()));
  Value windows = makeWindow(pixels, op.getKernel(), op.getStrides(), op.getDilations(),
                             op.getPads(), type.getLeast(), raster, op.getLoc());
  auto result = flow::StreamType::get(op.getContext(), raster, type.getLanes(), type.getLeast(),
                                      type.getMost());
  view.stream = builder.create<flow::MaxOp>(op.getLoc(), result, windows, SymbolRefAttr(),
                                            IntegerAttr(), DenseI64ArrayAttr());
  set(op.getResult(), std::move(view));
  return true;
}

Value FlowBuilder::reduceBeats(Value stream, flow::ReduceKind kind, Location loc) {
  auto type = cast<flow::StreamType>(stream.getType());
  int64_t count = kind == flow::ReduceKind::Sum ? type.beats() : 1;
  auto once = flow::StreamType::get(function.getContext(), {}, type.getLanes(),
                                    type.getLeast() * count, type.getMost() * count);
  return builder.create<flow::ReduceOp>(loc, once, kind, stream, IntegerAttr(),
                                        DenseI64ArrayAttr());
}

static View channelView(int64_t channels) {
  View view;
  for (int64_t channel = 0; channel < channels; ++channel)
    view.order.push_back(channel);
  return view;
}

bool FlowBuilder::addReduceMax(nn::ReduceMaxOp op) {
  Value input = op.getInput();
  if (!isOverPixels(op.getAxes(), shapeOf(input)) || !pixelsOf(input))
    return refuse(op, "greatest numbers other than those of a channel have no engine");
  View view = channelView(shapeOf(input)[1]);
  view.stream = reduceBeats(pixelsOf(input), flow::ReduceKind::Max, op.getLoc());
  set(op.getResult(), std::move(view));
  return true;
}

/// Sums of sums: what they are made of is added up, and multiplied once.
bool FlowBuilder::addReduceSum(nn::ReduceSumOp op) {
  Value input = op.getInput();
  ArrayRef<int64_t> shape = shapeOf(input);
  if (!isOverPixels(op.getAxes(), shape))
    return refuse(op, "sums other than those of a channel have no engine");
  View &of = views[input];
  bool inOrder = llvm::ArrayRef(of.raster) == shape.drop_front(2) && of.order == pixelOrder(shape);
  if (!inOrder && !pixelsOf(input))
    return refuse(op, "its input does not come pixel by pixel");
  Sums sums = takeSums(input, op.getLoc());
  int64_t count = 1;
  for (int64_t size : shape.drop_front(2))
    count *= size;
  sums.input = reduceBeats(sums.input, flow::ReduceKind::Sum, op.getLoc());
  for (int64_t lane = 0; lane < sums.outputs; ++lane)
    for (int64_t *value : {&sums.constants[lane], &sums.least[lane], &sums.most[lane]})
      *value *= count;
  if (!fitsType(op, sums))
    return false;
  View view = channelView(shape[1]);
  view.sums = std::move(sums);
  set(op.getResult(), std::move(view));
  return true;
}

} // namespace nnc::dataflow
