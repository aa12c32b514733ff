//===- LayerBuilder.cpp - Ops as layers ---------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LayerBuilder.h"
#include "Walk.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

#include <numeric>

using namespace mlir;

namespace nnc::sequencer {

//===----------------------------------------------------------------------===//
// Layers in general
//===----------------------------------------------------------------------===//

int LayerBuilder::newBuffer(int64_t size) {
  buffers.push_back({size, static_cast<int>(layers.size()), static_cast<int>(layers.size()), 0});
  return static_cast<int>(buffers.size()) - 1;
}

void LayerBuilder::addInput(Value value) {
  RankedTensorType type = typeOf(value);
  buffers.push_back({type.getNumElements(), -1, -1, 0});
  View view{static_cast<int>(buffers.size()) - 1, std::vector<int64_t>(type.getNumElements()),
            type.getShape(), rangeOf(type.getElementType())};
  std::iota(view.places.begin(), view.places.end(), 0);
  views[value] = std::move(view);
}

PendingLayer LayerBuilder::begin(Location loc, const View &source) {
  PendingLayer pending;
  for (StringRef name : nn::nodeNames(loc))
    pending.layer.nodes.push_back(name.str());
  pending.source = source.buffer;
  reads(source.buffer);
  return pending;
}

void LayerBuilder::finish(PendingLayer pending, Results &results, std::vector<int64_t> places,
                          int64_t size) {
  for (Operation *op : results.ops()) {
    done.insert(op);
    for (StringRef name : nn::nodeNames(op->getLoc()))
      if (!llvm::is_contained(pending.layer.nodes, name))
        pending.layer.nodes.push_back(name.str());
  }
  results.moveTo(pending.layer);
  if (pending.target < 0)
    pending.target = newBuffer(size);
  views[results.value()] = {pending.target, std::move(places), typeOf(results.value()).getShape(),
                            pending.layer.results()};
  layers.push_back(std::move(pending));
}

LogicalResult LayerBuilder::add(Operation *op) {
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<nn::ConvOp>([&](auto) { return addConv(op); })
      .Case<nn::MatMulOp>([&](auto) { return addMatMul(op); })
      .Case<nn::MaxPoolOp>([&](auto) { return addMaxPool(op); })
      .Case<nn::QuantizeOp>([&](auto) { return addSum(op); })
      .Case<nn::RequantizeOp, nn::RescaleOp, nn::ReluOp, nn::ClipOp, nn::LookupOp>(
          [&](auto) { return addCopy(op); })
      .Case<nn::ConcatOp>([&](auto) { return addConcat(op); })
      .Case<nn::ReshapeOp, nn::TransposeOp, nn::BroadcastOp, nn::SliceOp>(
          [&](auto) { return addView(op); })
      .Default([](Operation *other) {
        return other->emitError("a sequencer has no layer for '") << other->getName() << "'";
      });
}

LogicalResult LayerBuilder::addView(Operation *op) {
  const View &view = views[op->getOperand(0)];
  ArrayRef<int64_t> shape = typeOf(op->getResult(0)).getShape();
  std::vector<int64_t> strides = stridesOf(view.shape);
  auto dot = [&](ArrayRef<int64_t> index, auto &&source) {
    int64_t element = 0;
    for (size_t d = 0; d < index.size(); ++d)
      element += source(d, index[d]);
    return element;
  };
  views[op->getResult(0)] =
      TypeSwitch<Operation *, View>(op)
          .Case<nn::ReshapeOp>([&](auto) { return reshaped(view, shape); })
          .Case<nn::TransposeOp>([&](nn::TransposeOp transpose) {
            return moved(view, shape, [&](ArrayRef<int64_t> index) {
              return dot(index, [&](size_t d, int64_t i) {
                return i * strides[transpose.getPermutation()[d]];
              });
            });
          })
          .Case<nn::SliceOp>([&](nn::SliceOp slice) {
            return moved(view, shape, [&](ArrayRef<int64_t> index) {
              return dot(index, [&](size_t d, int64_t i) {
                return (slice.getStarts()[d] + i * slice.getSteps()[d]) * strides[d];
              });
            });
          })
          .Default([&](Operation *) { // broadcast
            size_t added = shape.size() - view.shape.size();
            return moved(view, shape, [&](ArrayRef<int64_t> index) {
              return dot(index, [&](size_t d, int64_t i) {
                return d < added || view.shape[d - added] == 1 ? 0 : i * strides[d - added];
              });
            });
          });
  return success();
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

namespace {

/// The places of an image's elements where its channels stand next to each other.
std::vector<int64_t> channelsInside(int64_t channels, int64_t pixels, int64_t pitch) {
  std::vector<int64_t> places;
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t p = 0; p < pixels; ++p)
      places.push_back(p * pitch + c);
  return places;
}

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
  return contract(op, std::move(pending), input, rows, conv.getBias(), outputs,
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
  return contract(op, std::move(pending), input, byOutput, matmul.getBias(), outputs,
                  std::move(places));
}

/// `weights`: a row of taps for each output channel.
LogicalResult LayerBuilder::contract(Operation *op, PendingLayer pending, const View &input,
                                     ArrayRef<int64_t> weights, Value biasValue,
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
    Interval sum, partial;
    for (int64_t weight : weights.slice(o * taps, taps)) {
      int64_t a = weight * x.least, b = weight * x.most;
      sum = {sum.least + std::min(a, b), sum.most + std::max(a, b)};
      partial = {partial.least + std::min<int64_t>({a, b, 0}),
                 partial.most + std::max<int64_t>({a, b, 0})};
    }
    int64_t own = bias.empty() ? 0 : bias[o];
    if (!Interval{INT32_MIN, INT32_MAX}.contains({sum.least + own, sum.most + own}))
      return op->emitError("sums of output channel ") << o << " may not fit into 32 bits";
    sums.push_back(sum);
    layer.sums = layer.sums.hull(partial);
  }
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

  Results results(op->getResult(0), std::move(sums), bias);
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
  layer.accumulation = Accumulation::Greatest;
  layer.loops[firstChannel] = {image->channels, image->channelStride};
  mergeLoops(layer.loops, firstTap, firstChannel);
  mergeLoops(layer.loops, firstPixel, loopLevels);
  layer.weights = {1};
  layer.weightRepeat = Repeat::Always;
  layer.sums = input.range;
  Results results(op->getResult(0), {input.range}, {});
  if (failed(results.follow()))
    return failure();
  int64_t pixels = ShapedType::getNumElements(typeOf(pool.getResult()).getShape().drop_front(2));
  finish(std::move(pending), results, channelsInside(image->channels, pixels, image->channels),
         pixels * image->channels);
  return success();
}

//===----------------------------------------------------------------------===//
// One tap
//===----------------------------------------------------------------------===//

/// The layer that takes elements as they are: as an image, channels inside, or in the order in
/// which they stand. `places` are those of its results.
PendingLayer LayerBuilder::copyOf(Location loc, const View &view, std::vector<int64_t> &places,
                                  bool asImage) {
  PendingLayer pending = begin(loc, view);
  Layer &layer = pending.layer;
  layer.weights = {1};
  layer.weightRepeat = Repeat::Always;
  layer.sums = view.range;
  if (auto image = asImage ? imageOf(view) : std::nullopt) {
    layer.start = image->start;
    layer.loops[firstChannel] = {image->channels, image->channelStride};
    layer.loops[firstPixel] = {image->columns, image->columnStride};
    layer.loops[firstPixel + 1] = {image->rows, image->rowStride};
    mergeLoops(layer.loops, firstPixel, loopLevels);
    places = channelsInside(image->channels, image->rows * image->columns, image->channels);
    return pending;
  }
  std::vector<int64_t> order(view.places.size()), offsets;
  std::iota(order.begin(), order.end(), 0);
  llvm::stable_sort(order, [&](int64_t a, int64_t b) { return view.places[a] < view.places[b]; });
  layer.start = view.places[order[0]];
  places.resize(order.size());
  for (auto [place, element] : llvm::enumerate(order)) {
    offsets.push_back(view.places[element] - layer.start);
    places[element] = place;
  }
  auto loops = loopsThrough(offsets, loopLevels - firstChannel);
  if (!loops) {
    pending.source = -1;
    return pending;
  }
  llvm::copy(*loops, layer.loops.begin() + firstChannel);
  return pending;
}

static LogicalResult refuseOrder(Operation *op) {
  return op->emitError("the elements of its operand stand at uneven distances");
}

LogicalResult LayerBuilder::addCopy(Operation *op) {
  const View view = views[op->getOperand(0)];
  std::vector<int64_t> places;
  Results results(op->getOperand(0), {view.range}, {});
  if (failed(results.follow(op)))
    return failure();
  bool isPerChannel = results.channels() > 1;
  PendingLayer pending = copyOf(op->getLoc(), view, places, isPerChannel);
  if (pending.source < 0)
    return refuseOrder(op);
  if (isPerChannel && pending.layer.loops[firstChannel].count != results.channels())
    return op->emitError("scales differ along another dimension than that of channels");
  finish(std::move(pending), results, std::move(places), view.places.size());
  return success();
}

LogicalResult LayerBuilder::addConcat(Operation *op) {
  auto concat = cast<nn::ConcatOp>(op);
  ArrayRef<int64_t> shape = typeOf(concat.getResult()).getShape();
  int64_t axis = concat.getAxis(), total = typeOf(concat.getResult()).getNumElements();
  std::vector<View> parts;
  for (Value input : concat.getInputs())
    parts.push_back(views[input]);
  bool byChannel = axis == 1 && shape.size() > 2 &&
                   llvm::all_of(parts, [](const View &part) { return imageOf(part).has_value(); });
  View result{newBuffer(total), std::vector<int64_t>(total), shape, parts[0].range};
  int64_t before = 0, base = 0;
  std::vector<int64_t> strides = stridesOf(shape);
  for (const View &part : parts) {
    std::vector<int64_t> places;
    PendingLayer pending = copyOf(op->getLoc(), part, places, shape.size() > 2);
    if (pending.source < 0)
      return refuseOrder(op);
    int64_t channels = byChannel ? part.shape[1] : 0;
    Results results(concat.getResult(), {part.range}, {});
    results.moveTo(pending.layer);
    pending.target = result.buffer;
    pending.layer.base = base;
    pending.layer.skip = byChannel ? shape[1] - channels : 0;
    // Where the elements of this part stand in the whole.
    std::vector<int64_t> index(shape.size(), 0);
    for (int64_t place : places) {
      int64_t element = before * strides[axis];
      for (size_t d = 0; d < shape.size(); ++d)
        element += index[d] * strides[d];
      result.places[element] =
          base + (byChannel ? place / channels * shape[1] + place % channels : place);
      for (size_t d = shape.size(); d-- > 0 && ++index[d] == part.shape[d];)
        index[d] = 0;
    }
    before += part.shape[axis];
    base += byChannel ? channels : static_cast<int64_t>(places.size());
    result.range = result.range.hull(part.range);
    layers.push_back(std::move(pending));
  }
  views[concat.getResult()] = std::move(result);
  return success();
}

std::vector<uint32_t> LayerBuilder::addOutput(Value value) {
  const View view = views[value];
  std::vector<int64_t> places;
  PendingLayer pending = copyOf(value.getLoc(), view, places, false);
  if (pending.source < 0)
    return {};
  Results results(value, {view.range}, {});
  results.moveTo(pending.layer);
  pending.layer.toOutput = true;
  layers.push_back(std::move(pending));
  std::vector<uint32_t> order(places.size());
  for (auto [element, place] : llvm::enumerate(places))
    order[place] = element;
  return order;
}

//===----------------------------------------------------------------------===//
// Two tensors
//===----------------------------------------------------------------------===//

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

/// An image whose channels stand next to each other, copied unless they do; others as they are.
View LayerBuilder::withChannelsInside(Location loc, const View &view) {
  auto image = imageOf(view);
  if (!image ||
      view.places == channelsInside(image->channels, image->rows * image->columns, image->channels))
    return view;
  View copy{-1, {}, view.shape, view.range};
  PendingLayer pending = copyOf(loc, view, copy.places, true);
  Results(Value(), {view.range}, {}).moveTo(pending.layer);
  pending.target = copy.buffer = newBuffer(view.places.size());
  layers.push_back(std::move(pending));
  return copy;
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
  if (left.shape != right.shape || left.places.size() != right.places.size())
    return op->emitError("a sequencer adds tensors of one shape only");
  if (!distanceBetween(left, right)) { // an input has its channels outside
    left = withChannelsInside(op->getLoc(), left);
    right = withChannelsInside(op->getLoc(), right);
  }
  std::optional<int64_t> distance = distanceBetween(left, right);
  if (!distance)
    return op->emitError("its operands stand in memory in different orders");
  std::vector<int64_t> places;
  PendingLayer pending = copyOf(op->getLoc(), left, places, false);
  if (pending.source < 0)
    return refuseOrder(op);
  Layer &layer = pending.layer;
  reads(right.buffer);
  pending.second = right.buffer;
  pending.operands = {{{left.range, form[0]}, {right.range, form[1]}}};
  layer.accumulation = Accumulation::Digits;
  layer.weightRepeat = Repeat::PerBlock;
  layer.loops[firstTap] = {2, *distance}; // and from one base to the other
  layer.sums = {0, 0};
  auto times = [](Interval x, int64_t by) {
    return Interval{std::min(x.least * by, x.most * by), std::max(x.least * by, x.most * by)};
  };
  Interval a = times(left.range, form[0]), b = times(right.range, form[1]);
  Results results(op->getResult(0), {Interval{a.least + b.least, a.most + b.most}}, {});
  results.scaleBy({.offset = form[3],
                   .shift = static_cast<unsigned>(form[4]),
                   .sums = {}, // each keeps its own
                   .ties = static_cast<Ties>(form[7])},
                  {form[5], form[6]});
  if (failed(results.follow()))
    return failure();
  finish(std::move(pending), results, std::move(places), left.places.size());
  return success();
}

} // namespace nnc::sequencer
