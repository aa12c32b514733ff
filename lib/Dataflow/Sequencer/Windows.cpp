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

} // namespace

LogicalResult refuseLayout(Operation *op) {
  return op->emitError(
      "its operand is no image of one or two dimensions and batch 1 whose elements "
      "stand at even distances");
}

LogicalResult LayerBuilder::addConv(Operation *op) {
  auto conv = cast<nn::ConvOp>(op);
  auto weights = constantIntegers(conv.getFilter());
  if (!weights)
    return op->emitError("weights must be constants");
  auto image = takeImage(op->getLoc(), conv.getInput());
  if (!image)
    return refuseLayout(op);
  const View input = views[conv.getInput()];
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
  return contract(op, std::move(pending), input, std::move(rows), conv.getBias(), outputs,
                  placesAlong(shape, 1, filter[0]));
}

namespace {

/// How the rows of a matrix are read.
struct RowLoops {
  std::vector<int64_t> order; ///< of a row's elements, as they stand in memory
  std::vector<Loop> taps, rows;
};

} // namespace

static std::optional<RowLoops> rowLoops(const View &view, int64_t inputs) {
  RowLoops result;
  result.order.resize(inputs);
  std::iota(result.order.begin(), result.order.end(), 0);
  llvm::stable_sort(result.order,
                    [&](int64_t a, int64_t b) { return view.places[a] < view.places[b]; });
  std::vector<int64_t> offsets, starts;
  for (int64_t k : result.order)
    offsets.push_back(view.places[k] - view.places[result.order[0]]);
  for (size_t row = 0; row < view.places.size(); row += inputs) {
    starts.push_back(view.places[row] - view.places[0]);
    for (int64_t k = 0; k < inputs; ++k)
      if (view.places[row + k] != view.places[k] + starts.back())
        return std::nullopt;
  }
  auto taps = loopsThrough(std::move(offsets), firstChannel - firstTap),
       rows = loopsThrough(std::move(starts), loopLevels - firstPixel);
  if (!taps || !rows)
    return std::nullopt;
  result.taps = std::move(*taps);
  result.rows = std::move(*rows);
  return result;
}

LogicalResult LayerBuilder::addMatMul(Operation *op) {
  auto matmul = cast<nn::MatMulOp>(op);
  Value lhs = matmul.getLhs();
  auto weights = constantIntegers(matmul.getRhs());
  ArrayRef<int64_t> matrix = typeOf(matmul.getRhs()).getShape();
  int64_t inputs = matrix[matrix.size() - 2], outputs = matrix.back();
  if (!weights || !views.contains(lhs) || static_cast<int64_t>(weights->size()) != inputs * outputs)
    return op->emitError("the second operand must be one matrix of constants");
  auto loops = rowLoops(views[lhs], inputs);
  if (!loops) {
    View copy = arranged(op->getLoc(), views[lhs], views[lhs].shape.size() - 1);
    loops = rowLoops(views[lhs] = std::move(copy), inputs);
  }
  if (!loops)
    return refuseOrder(op);
  const View input = views[lhs];
  PendingLayer pending = begin(op->getLoc(), input);
  Layer &layer = pending.layer;
  layer.start = input.places[loops->order[0]];
  llvm::copy(loops->taps, layer.loops.begin() + firstTap);
  llvm::copy(loops->rows, layer.loops.begin() + firstPixel);
  std::vector<int64_t> byOutput, places(input.places.size() / inputs * outputs);
  for (int64_t o = 0; o < outputs; ++o)
    for (int64_t k : loops->order)
      byOutput.push_back((*weights)[k * outputs + o]);
  std::iota(places.begin(), places.end(), 0);
  return contract(op, std::move(pending), input, std::move(byOutput), matmul.getBias(), outputs,
                  std::move(places));
}

namespace {

/// The window that shows each element by itself, and what stands around.
struct PaddedWindow {
  nn::PadOp op;
  llvm::SmallVector<int64_t> ones;

  explicit PaddedWindow(nn::PadOp op) : op(op), ones(op.getLow().size() - 2, 1) {}
  llvm::ArrayRef<int64_t> getStrides() { return ones; }
  llvm::ArrayRef<int64_t> getDilations() { return ones; }
  llvm::ArrayRef<int64_t> getPads() { return op.getLow().drop_front(2); }
  Value getResult() { return op.getResult(); }
};

} // namespace

LogicalResult LayerBuilder::addPad(Operation *op) {
  auto pad = cast<nn::PadOp>(op);
  auto isZero = [](ArrayRef<int64_t> sizes) {
    return llvm::all_of(sizes, [](int64_t n) { return n == 0; });
  };
  auto image = takeImage(op->getLoc(), pad.getInput());
  if (!image)
    return refuseLayout(op);
  if (pad.getMode() != nn::PadMode::Constant || !isZero(pad.getLow().take_front(2)) ||
      !isZero(pad.getHigh().take_front(2)))
    return op->emitError("a sequencer pads with a constant, and not channels");
  const View input = views[pad.getInput()];
  PendingLayer pending = begin(op->getLoc(), input);
  Layer &layer = pending.layer;
  PaddedWindow window(pad);
  slideWindow(window, window.ones, *image, layer);
  mergeLoops(layer.loops, firstPixel, loopLevels);
  layer.padding = cast<IntegerAttr>(pad.getValue()).getValue().getSExtValue();
  if (typeOf(pad.getInput()).getElementType().isUnsignedInteger())
    layer.padding = cast<IntegerAttr>(pad.getValue()).getValue().getZExtValue();
  layer.loops[firstChannel] = {image->channels, image->channelStride};
  layer.weights = {1};
  layer.weightRepeat = Repeat::Always;
  layer.sums = input.range.hull({layer.padding, layer.padding});
  Results results({op->getResult(0), layer.sums});
  if (failed(results.follow()))
    return failure();
  ArrayRef<int64_t> shape = typeOf(pad.getResult()).getShape();
  finish(std::move(pending), results, placesAlong(shape, 1, image->channels),
         ShapedType::getNumElements(shape));
  return success();
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
  auto image = takeImage(op->getLoc(), pool.getInput());
  if (!image)
    return refuseLayout(op);
  const View input = views[pool.getInput()];
  PendingLayer pending = begin(op->getLoc(), input);
  Layer &layer = pending.layer;
  slideWindow(pool, pool.getKernel(), *image, layer);
  layer.padding = input.range.least;
  layer.loops[firstChannel] = {image->channels, image->channelStride};
  return findGreatest(op, std::move(pending), input,
                      placesAlong(typeOf(pool.getResult()).getShape(), 1, image->channels));
}

} // namespace nnc::sequencer
