//===- Windows.cpp - Convolutions, products, pooling as layers ------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LayerBuilder.h"
#include "Walk.h"

#include "llvm/ADT/STLExtras.h"

#include <numeric>

using namespace mlir;

namespace nnc::sequencer {

namespace {

/// Loops over the window's taps and over the pixels; strides and such have one or two entries.
template <typename Op>
void slideWindow(Op op, ArrayRef<int64_t> window, const Image &image, Layer &layer) {
  ArrayRef<int64_t> result = typeOf(op.getResult()).getShape().drop_front(2);
  size_t rank = window.size();
  struct Axis {
    int64_t size, elements, window, results, stride, dilation, pad;
  };
  auto axis = [&](bool isRow) -> Axis {
    if (isRow && rank == 1)
      return {1, image.rowStride, 1, 1, 1, 1, 0};
    size_t d = isRow ? 0 : rank - 1;
    return {isRow ? image.rows : image.columns,
            isRow ? image.rowStride : image.columnStride,
            window[d],
            result[d],
            op.getStrides()[d],
            op.getDilations()[d],
            op.getPads()[d]};
  };
  auto slide = [&](const Axis &a, Coordinate coordinate, unsigned level, int64_t &start,
                   int64_t &size) {
    Loop &taps = layer.loops[firstTap + 1 + level], &pixels = layer.loops[firstPixel + level];
    taps = {a.window, a.dilation * a.elements};
    pixels = {a.results, a.stride * a.elements};
    layer.start -= a.pad * a.elements;
    int64_t most = (a.results - 1) * a.stride + (a.window - 1) * a.dilation - a.pad;
    if (a.pad == 0 && most < a.size)
      return;
    layer.isPadded = true;
    taps.*coordinate = a.dilation;
    pixels.*coordinate = a.stride;
    start = -a.pad;
    size = a.size;
  };
  layer.start = image.start;
  slide(axis(false), &Loop::column, 0, layer.startColumn, layer.columns);
  slide(axis(true), &Loop::row, 1, layer.startRow, layer.rows);
}

LogicalResult refuseLayout(Operation *op) {
  return op->emitError(
      "its operand is no image of one or two dimensions and batch 1 whose elements "
      "stand at even distances");
}

} // namespace

LogicalResult LayerBuilder::addConv(Operation *op) {
  auto conv = cast<nn::ConvOp>(op);
  const View input = views[conv.getInput()];
  auto weights = constantIntegers(conv.getFilter());
  auto image = imageOf(input);
  if (!weights)
    return op->emitError("weights must be constants");
  if (!image)
    return refuseLayout(op);
  PendingLayer pending = begin(op->getLoc(), input);
  Layer &layer = pending.layer;
  ArrayRef<int64_t> filter = typeOf(conv.getFilter()).getShape();
  int64_t groups = conv.getGroup(), channels = filter[1], outputs = filter[0] / groups;
  slideWindow(conv, filter.drop_front(2), *image, layer);
  layer.padding = conv.getPadValue();
  layer.loops[firstTap] = {channels, image->channelStride};
  layer.loops[firstChannel + 1] = {groups, channels * image->channelStride};
  // Rows of the matrix that `contract` takes: taps of an output channel as they are visited.
  int64_t window = ShapedType::getNumElements(filter.drop_front(2));
  std::vector<int64_t> rows;
  for (int64_t o = 0; o < filter[0]; ++o)
    for (int64_t tap = 0; tap < window; ++tap)
      for (int64_t c = 0; c < channels; ++c)
        rows.push_back((*weights)[(o * channels + c) * window + tap]);
  ArrayRef<int64_t> shape = typeOf(conv.getResult()).getShape();
  int64_t pixels = ShapedType::getNumElements(shape.drop_front(2));
  return contract(op, std::move(pending), input, std::move(rows), conv.getBias(), outputs,
                  channelsInside(filter[0], pixels, filter[0]));
}

LogicalResult LayerBuilder::addMatMul(Operation *op) {
  auto matmul = cast<nn::MatMulOp>(op);
  auto found = views.find(matmul.getLhs());
  auto weights = constantIntegers(matmul.getRhs());
  ArrayRef<int64_t> matrix = typeOf(matmul.getRhs()).getShape();
  int64_t inputs = matrix[matrix.size() - 2], outputs = matrix.back();
  if (!weights || found == views.end() || static_cast<int64_t>(weights->size()) != inputs * outputs)
    return op->emitError("the second operand must be one matrix of constants");
  const View input = found->second;
  // Taps in the order in which they stand in memory.
  std::vector<int64_t> order(inputs), offsets;
  std::iota(order.begin(), order.end(), 0);
  llvm::stable_sort(order, [&](int64_t a, int64_t b) { return input.places[a] < input.places[b]; });
  int64_t first = input.places[order[0]];
  for (int64_t k : order)
    offsets.push_back(input.places[k] - first);
  auto taps = loopsThrough(offsets, firstChannel - firstTap);
  int64_t rows = input.places.size() / inputs;
  std::vector<int64_t> starts;
  for (int64_t row = 0; row < rows; ++row) {
    starts.push_back(input.places[row * inputs] - input.places[0]);
    for (int64_t k = 0; k < inputs; ++k)
      if (input.places[row * inputs + k] != input.places[k] + starts.back())
        return op->emitError("the rows of its first operand stand in memory in different orders");
  }
  auto pixels = loopsThrough(starts, loopLevels - firstPixel);
  if (!taps || !pixels)
    return op->emitError("the elements of its first operand stand at uneven distances");
  PendingLayer pending = begin(op->getLoc(), input);
  Layer &layer = pending.layer;
  layer.start = first;
  llvm::copy(*taps, layer.loops.begin() + firstTap);
  llvm::copy(*pixels, layer.loops.begin() + firstPixel);
  std::vector<int64_t> byOutput, places(rows * outputs);
  for (int64_t o = 0; o < outputs; ++o)
    for (int64_t k : order)
      byOutput.push_back((*weights)[k * outputs + o]);
  std::iota(places.begin(), places.end(), 0);
  return contract(op, std::move(pending), input, std::move(byOutput), matmul.getBias(), outputs,
                  std::move(places));
}

/// What the partial sums and the whole sums of a row of weights reach.
static std::pair<Interval, Interval> sumsOf(ArrayRef<int64_t> row, Interval x) {
  Interval partial, sum;
  for (int64_t weight : row) {
    int64_t a = weight * x.least, b = weight * x.most;
    sum = {sum.least + std::min(a, b), sum.most + std::max(a, b)};
    partial = {partial.least + std::min<int64_t>({a, b, 0}),
               partial.most + std::max<int64_t>({a, b, 0})};
  }
  return {partial, sum};
}

/// `weights`: a row of taps for each output channel.
LogicalResult LayerBuilder::contract(Operation *op, PendingLayer pending, const View &input,
                                     std::vector<int64_t> weights, Value biasValue,
                                     int64_t groupOutputs, std::vector<int64_t> places) {
  Layer &layer = pending.layer;
  int64_t taps = layer.taps(), outputs = weights.size() / taps;
  layer.lanes = std::min<int64_t>(lanes, groupOutputs);
  int64_t blocks = llvm::divideCeil(groupOutputs, layer.lanes);
  layer.lastLanes = groupOutputs - (blocks - 1) * layer.lanes;
  layer.loops[firstChannel] = {blocks, 0};
  mergeLoops(layer.loops, firstTap, firstChannel);
  mergeLoops(layer.loops, firstPixel, loopLevels);
  if (blocks == 1)
    mergeLoops(layer.loops, firstChannel, firstPixel);

  std::vector<int64_t> bias;
  if (biasValue) {
    auto numbers = constantIntegers(biasValue);
    if (!numbers)
      return op->emitError("the bias must be a constant");
    bias = *numbers;
  }
  Interval x = layer.isPadded ? input.range.hull({layer.padding, layer.padding}) : input.range;
  std::vector<Interval> sums;
  for (int64_t o = 0; o < outputs; ++o) {
    Interval sum = sumsOf(ArrayRef(weights).slice(o * taps, taps), x).second;
    int64_t own = bias.empty() ? 0 : bias[o];
    if (!Interval{INT32_MIN, INT32_MAX}.contains({sum.least + own, sum.most + own}))
      return op->emitError("sums of output channel ") << o << " may not fit into 32 bits";
    sums.push_back(sum);
  }
  LinearTail linear(op->getResult(0), std::move(sums), bias, channelDimension(op->getResult(0)));
  if (failed(linear.follow()))
    return failure();
  linear.makePositive([&](size_t o) {
    for (int64_t &weight : MutableArrayRef(weights).slice(o * taps, taps))
      weight = -weight;
  });
  for (int64_t o = 0; o < outputs; ++o)
    layer.sums = layer.sums.hull(sumsOf(ArrayRef(weights).slice(o * taps, taps), x).first);
  std::vector<int64_t> &words = layer.weights;
  for (int64_t group = 0; group < outputs; group += groupOutputs)
    for (int64_t block = 0; block < blocks; ++block)
      for (int64_t tap = 0; tap < taps; ++tap)
        for (int64_t lane = 0; lane < layer.lanes; ++lane) {
          int64_t o = block * layer.lanes + lane;
          words.push_back(o < groupOutputs ? weights[(group + o) * taps + tap] : 0);
        }
  auto repeatsEvery = [&](int64_t period) {
    for (size_t i = period; i < words.size(); ++i)
      if (words[i] != words[i - period])
        return false;
    words.resize(period);
    return true;
  };
  if (repeatsEvery(layer.lanes))
    layer.weightRepeat = Repeat::Always;
  else if (repeatsEvery(layer.lanes * taps))
    layer.weightRepeat = Repeat::PerBlock;

  Results results(std::move(linear));
  if (failed(results.follow()))
    return failure();
  int64_t size = places.size();
  finish(std::move(pending), results, std::move(places), size);
  return success();
}

LogicalResult LayerBuilder::addMaxPool(Operation *op) {
  auto pool = cast<nn::MaxPoolOp>(op);
  const View input = views[pool.getInput()];
  auto image = imageOf(input);
  if (!image)
    return refuseLayout(op);
  PendingLayer pending = begin(op->getLoc(), input);
  Layer &layer = pending.layer;
  slideWindow(pool, pool.getKernel(), *image, layer);
  layer.padding = input.range.least;
  layer.loops[firstChannel] = {image->channels, image->channelStride};
  int64_t pixels = ShapedType::getNumElements(typeOf(pool.getResult()).getShape().drop_front(2));
  return findGreatest(op, std::move(pending), input,
                      channelsInside(image->channels, pixels, image->channels));
}

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

/// Sums and greatest elements of whole channels: a window as large as the image.
LogicalResult LayerBuilder::addReduction(Operation *op) {
  const View input = views[op->getOperand(0)];
  auto axes = op->getAttrOfType<DenseI64ArrayAttr>("axes").asArrayRef();
  auto image = imageOf(input);
  bool isOverPixels = image && axes.size() + 2 == input.shape.size() && axes.front() == 2;
  if (!isOverPixels)
    return op->emitError("a sequencer has no layer for '")
           << op->getName() << "' other than over all pixels of an image";
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
