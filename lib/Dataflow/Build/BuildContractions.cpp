//===- BuildContractions.cpp - Convolutions and products of matrices -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FlowBuilder.h"

#include <numeric>

using namespace mlir;

namespace nnc::dataflow {

namespace {

/// The taps of a filter, outputs x channels of a group x positions.
struct Filter {
  std::vector<int64_t> taps;
  int64_t outputs, channels, positions, groups;

  int64_t at(int64_t output, int64_t channel, int64_t position) const {
    return taps[(output * channels + channel) * positions + position];
  }

  /// Outputs x (positions x channels of all groups).
  std::vector<int64_t> asMatrix() const {
    int64_t all = channels * groups;
    std::vector<int64_t> matrix(outputs * positions * all);
    for (int64_t o = 0; o < outputs; ++o)
      for (int64_t p = 0; p < positions; ++p)
        for (int64_t c = 0; c < channels; ++c)
          matrix[(o * positions + p) * all + o / (outputs / groups) * channels + c] = at(o, c, p);
    return matrix;
  }

  /// Whether all positions have the same taps: a mean, or what it is.
  bool isUniform() const {
    for (int64_t row = 0; row < outputs * channels; ++row)
      for (int64_t p = 1; p < positions; ++p)
        if (taps[row * positions + p] != taps[row * positions])
          return false;
    return true;
  }
};

bool isAll(ArrayRef<int64_t> values, int64_t expected) {
  return llvm::all_of(values, [&](int64_t value) { return value == expected; });
}

} // namespace

bool FlowBuilder::addConv(nn::ConvOp op) {
  auto taps = constantIntegers(op.getFilter());
  if (!taps)
    return refuse(op, "filters that are not constant integers have no engine");
  std::vector<int64_t> bias(shapeOf(op.getFilter())[0]);
  if (op.getBias()) {
    auto given = constantIntegers(op.getBias());
    if (!given)
      return refuse(op, "a bias that is not constant has no engine");
    bias = *given;
  }
  Value pixels = pixelsOf(op.getInput());
  if (!pixels || op.spatialRank() > 2)
    return refuse(
        op, "its input does not come pixel by pixel, or has more than two spatial dimensions");
  auto type = cast<flow::StreamType>(pixels.getType());
  ArrayRef<int64_t> filterShape = shapeOf(op.getFilter()), shape = shapeOf(op.getResult());
  SmallVector<int64_t> kernel(filterShape.drop_front(2)), raster(shape.drop_front(2));
  Filter filter{*taps, filterShape[0], filterShape[1],
                std::accumulate(kernel.begin(), kernel.end(), int64_t(1), std::multiplies<>()),
                int64_t(op.getGroup())};
  bool whole = ArrayRef(kernel) == type.getRaster() && isAll(op.getPads(), 0) && isAll(raster, 1);
  bool isPointwise = isAll(kernel, 1) && isAll(op.getStrides(), 1) && isAll(op.getPads(), 0);
  bool isMean = whole && filter.isUniform() && filter.positions > 1;
  int64_t seen = isPointwise || isMean ? 1 : filter.positions;
  if (!fitsBeat(op, op.getInput(), type.getLanes() * seen) ||
      !fitsAdders(op, op.getInput(), *taps, 1))
    return false;
  View view;
  view.order = pixelOrder(shape);
  if (isMean) {
    // One sum for each channel, and then those of channels.
    pixels = reduceBeats(pixels, flow::ReduceKind::Sum, op.getLoc());
    Filter single = filter;
    single.positions = 1;
    single.taps.clear();
    for (size_t row = 0; row < filter.taps.size(); row += filter.positions)
      single.taps.push_back(filter.taps[row]);
    filter = std::move(single);
  } else if (whole) {
    auto all = flow::StreamType::get(op.getContext(), {}, type.getLanes() * type.beats(),
                                     type.getLeast(), type.getMost());
    pixels = builder.create<flow::CollectOp>(op.getLoc(), all, pixels, IntegerAttr(),
                                             DenseI64ArrayAttr());
  } else {
    view.raster.assign(raster.begin(), raster.end());
    if (!isPointwise)
      pixels = makeWindow(pixels, kernel, op.getStrides(), op.getDilations(), op.getPads(),
                          op.getPadValue(), raster, op.getLoc());
  }
  view.sums = makeSums(pixels, filter.asMatrix(), std::move(bias), op.getLoc());
  set(op.getResult(), std::move(view));
  return true;
}

bool FlowBuilder::addMatMul(nn::MatMulOp op) {
  auto weights = constantIntegers(op.getRhs());
  ArrayRef<int64_t> left = shapeOf(op.getLhs()), right = shapeOf(op.getRhs());
  if (!weights || !views.count(op.getLhs()))
    return refuse(op, "only products with constant matrices on the right have an engine");
  if (right.size() != 2)
    return refuse(op, "products of several matrices have no engine");
  int64_t depth = right[0], columns = right[1];
  int64_t rows = 1;
  for (int64_t size : left.drop_back())
    rows *= size;
  std::vector<int64_t> bias(columns);
  if (op.getBias()) {
    auto given = constantIntegers(op.getBias());
    if (!given)
      return refuse(op, "a bias that is not constant has no engine");
    bias = *given;
  }
  if (!fitsWhole(op, op.getLhs()) || !fitsAdders(op, op.getLhs(), *weights, rows))
    return false;
  View &whole = wholeOf(op.getLhs());
  std::vector<int64_t> matrix(rows * columns * rows * depth), constants;
  Order places = placesOf(whole.order);
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column) {
      for (int64_t k = 0; k < depth; ++k)
        matrix[(row * columns + column) * rows * depth + places[row * depth + k]] =
            (*weights)[k * columns + column];
      constants.push_back(bias[column]);
    }
  View view;
  view.order.resize(rows * columns);
  std::iota(view.order.begin(), view.order.end(), 0);
  view.sums = makeSums(whole.stream, std::move(matrix), std::move(constants), op.getLoc());
  set(op.getResult(), std::move(view));
  return true;
}

} // namespace nnc::dataflow
