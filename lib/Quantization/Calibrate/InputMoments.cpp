//===- InputMoments.cpp - What weights are multiplied by -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Quantization/Calibrate/InputMoments.h"

#include "../Constants.h"

#include <algorithm>
#include <cmath>

using namespace mlir;

namespace nnc::quantization {
namespace {

/// Rows or windows that one sample adds at most.
constexpr int64_t mostRows = 64;

/// Calls `fn` with up to mostRows of 0 … count - 1, evenly spread, others from sample to sample.
void forSome(int64_t count, int64_t sample, llvm::function_ref<void(int64_t)> fn) {
  int64_t step = llvm::divideCeil(count, mostRows);
  for (int64_t i = sample % step; i < count; i += step)
    fn(i);
}

/// Position `i` of an array of this shape.
SmallVector<int64_t> position(int64_t i, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> at(shape.size());
  for (size_t d = shape.size(); d-- > 0; i /= shape[d])
    at[d] = i % shape[d];
  return at;
}

/// The element of a plane that a tap of the window at `pixel` reads; none: it is padding.
std::optional<int64_t> elementAt(nn::ConvOp conv, ArrayRef<int64_t> plane, ArrayRef<int64_t> pixel,
                                 ArrayRef<int64_t> tap) {
  int64_t element = 0;
  for (size_t d = 0; d < plane.size(); ++d) {
    int64_t x =
        pixel[d] * conv.getStrides()[d] + tap[d] * conv.getDilations()[d] - conv.getPads()[d];
    if (x < 0 || x >= plane[d])
      return std::nullopt;
    element = element * plane[d] + x;
  }
  return element;
}

/// Adds the products of the elements of a row: entries i <= j of a matrix.
void addProducts(MutableArrayRef<double> matrix, ArrayRef<float> row) {
  size_t count = row.size();
  for (size_t i = 0; i < count; ++i)
    if (row[i] != 0)
      for (size_t j = i; j < count; ++j)
        matrix[i * count + j] += double(row[i]) * double(row[j]);
}

} // namespace

InputMoments::InputMoments(Operation *contraction) : contraction(contraction) {
  RankedTensorType weights = typeOf(contraction->getOperand(1));
  auto conv = dyn_cast<nn::ConvOp>(contraction);
  if (!conv && weights.getRank() != 2)
    return;
  int64_t inputs = conv ? weights.getNumElements() / weights.getDimSize(0) : weights.getDimSize(0);
  if (inputs > mostInputs)
    return;
  count = inputs;
  matrices.assign(conv ? conv.getGroup() : 1, Matrix(count * count, 0));
  squares.assign(groups(), 0);
}

void InputMoments::addWindows(nn::ConvOp conv, const interpreter::Tensor &input,
                              MutableArrayRef<Matrix> own) const {
  ArrayRef<int64_t> plane = input.getShape().drop_front(2);
  ArrayRef<int64_t> window = typeOf(conv.getFilter()).getShape().drop_front(2);
  ArrayRef<int64_t> pixels = typeOf(conv.getResult()).getShape().drop_front(2);
  int64_t planeSize = ShapedType::getNumElements(plane);
  int64_t taps = ShapedType::getNumElements(window), channels = count / taps;
  std::vector<float> row(count);
  forSome(ShapedType::getNumElements(pixels), samples, [&](int64_t pixel) {
    SmallVector<std::optional<int64_t>> elements;
    for (int64_t t = 0; t < taps; ++t)
      elements.push_back(elementAt(conv, plane, position(pixel, pixels), position(t, window)));
    const float *planes = input.elements<float>().data();
    for (int64_t group = 0; group < groups(); ++group) {
      for (int64_t c = 0; c < channels; ++c, planes += planeSize)
        for (int64_t t = 0; t < taps; ++t)
          row[c * taps + t] = elements[t] ? planes[*elements[t]] : 0;
      addProducts(own[group], row);
    }
  });
}

void InputMoments::addRows(const interpreter::Tensor &input, Matrix &own) const {
  forSome(input.getNumElements() / count, samples,
          [&](int64_t i) { addProducts(own, input.elements<float>().slice(i * count, count)); });
}

void InputMoments::add(const interpreter::Tensor &input) {
  // Of NaN and infinity nothing can be learned; Calibration::check() reports them.
  auto isFinite = [](float x) { return std::isfinite(x); };
  if (count == 0 || !llvm::all_of(input.elements<float>(), isFinite))
    return;
  std::vector<Matrix> own(groups(), Matrix(count * count, 0));
  if (auto conv = dyn_cast<nn::ConvOp>(contraction))
    addWindows(conv, input, own);
  else
    addRows(input, own.front());
  for (auto [matrix, square, mine] : llvm::zip_equal(matrices, squares, own)) {
    square += squareOfUnlike(mine);
    for (auto [sum, moment] : llvm::zip_equal(matrix, mine))
      sum += moment;
  }
  ++samples;
}

double InputMoments::squareOfUnlike(const Matrix &matrix) const {
  double square = 0;
  for (int64_t i = 0; i < count; ++i)
    for (int64_t j = i + 1; j < count; ++j)
      square += matrix[i * count + j] * matrix[i * count + j];
  return square;
}

double InputMoments::shrinkage(int64_t group) const {
  double ofSum = squareOfUnlike(matrices[group]);
  if (samples < 2 || ofSum == 0)
    return 1;
  // A mean of n samples has the variance (mean of the squares - square of the mean) / (n - 1).
  auto n = static_cast<double>(samples);
  double squareOfMean = ofSum / (n * n), meanOfSquares = squares[group] / n;
  return std::clamp((meanOfSquares / squareOfMean - 1) / (n - 1), 0.0, 1.0);
}

InputMoments::Matrix InputMoments::estimate(int64_t group) const {
  double believed = 1 - shrinkage(group);
  Matrix matrix(count * count);
  for (int64_t i = 0; i < count; ++i)
    for (int64_t j = i; j < count; ++j)
      matrix[i * count + j] = matrix[j * count + i] =
          matrices[group][i * count + j] * (i == j ? 1 : believed);
  return matrix;
}

} // namespace nnc::quantization
