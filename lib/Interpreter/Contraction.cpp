//===- Contraction.cpp - NumericSpec 3 -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Arithmetic.h"
#include "ElementTypes.h"
#include "Loops.h"
#include "Ops.h"
#include "RowWalk.h"

using namespace mlir;
using namespace nnc;
using namespace nnc::interpreter;

// Every output has one accumulator and meets its operands in the spec's order
// of k. The loops run k by k over many outputs at once, which is the same.

/// accumulateRows for the types that no network spends its time in.
template <typename T>
static void accumulateRows(T *acc, const T *scalars, int64_t scalarStride, const T *rows,
                           int64_t rowStride, int64_t count, int64_t width) {
  for (int64_t k = 0; k < count; ++k)
    for (int64_t i = 0; i < width; ++i)
      acc[i] = multiplyAdd(acc[i], scalars[k * scalarStride], rows[k * rowStride + i]);
}

/// Factors below the width of their sums, as elements of the sums' type.
static Tensor widened(const Tensor &x, Type element) {
  return x.getElementType() == element
             ? x
             : interpreter::cast(x, RankedTensorType::get(x.getShape(), element));
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

namespace {

/// A convolution as the product of filters and columns: column p holds, in the
/// order of k, what output pixel p multiplies.
template <typename T>
class Convolution {
public:
  Convolution(nn::ConvOp op, const Tensor &input, const Tensor &filter)
      : inputShape(input.getShape().drop_front(2)), windowShape(filter.getShape().drop_front(2)),
        outputShape(op.getType().getShape().drop_front(2)), strides(op.getStrides()),
        dilations(op.getDilations()), pads(op.getPads()),
        padValue(static_cast<T>(op.getPadValue())) {
    channels = filter.getShape()[1];
    planeSize = ShapedType::getNumElements(inputShape);
    taps = ShapedType::getNumElements(windowShape);
    pixels = ShapedType::getNumElements(outputShape);
  }

  /// Fills columns[k * width + i] for the pixels from `first` on; `planes` are
  /// the group's first input channel.
  void fill(const T *planes, int64_t first, int64_t width, T *columns) const {
    SmallVector<int64_t> sources(width);
    int64_t tap = 0;
    forEachIndex(windowShape, [&](ArrayRef<int64_t> window) {
      for (int64_t i = 0; i < width; ++i)
        sources[i] = source(first + i, window);
      for (int64_t c = 0; c < channels; ++c) {
        T *row = columns + (tap * channels + c) * width;
        for (int64_t i = 0; i < width; ++i)
          row[i] = sources[i] < 0 ? padValue : planes[c * planeSize + sources[i]];
      }
      ++tap;
    });
  }

  /// The filters with k in the spec's order: window, then channel.
  std::vector<T> orderFilters(const Tensor &filter) const {
    ArrayRef<T> from = filter.elements<T>();
    std::vector<T> to(from.size());
    for (int64_t o = 0, n = filter.getShape()[0]; o < n; ++o)
      for (int64_t c = 0; c < channels; ++c)
        for (int64_t t = 0; t < taps; ++t)
          to[(o * taps + t) * channels + c] = from[(o * channels + c) * taps + t];
    return to;
  }

  int64_t channels, planeSize, taps, pixels;

private:
  /// The position in its plane that tap `window` of output `pixel` reads; -1 in the padding.
  int64_t source(int64_t pixel, ArrayRef<int64_t> window) const {
    int64_t position = 0, stride = 1;
    for (size_t d = outputShape.size(); d-- > 0; pixel /= outputShape[d]) {
      int64_t at = pixel % outputShape[d] * strides[d] + window[d] * dilations[d] - pads[d];
      if (at < 0 || at >= inputShape[d])
        return -1;
      position += at * stride;
      stride *= inputShape[d];
    }
    return position;
  }

  ArrayRef<int64_t> inputShape, windowShape, outputShape, strides, dilations, pads;
  T padValue;
};

} // namespace

template <typename T>
static void convolve(nn::ConvOp op, const Tensor &input, const Tensor &filter, const Tensor &bias,
                     Tensor &out) {
  Convolution<T> shape(op, input, filter);
  std::vector<T> filters = shape.orderFilters(filter);
  int64_t batch = out.getShape()[0], outputs = out.getShape()[1], groups = op.getGroup();
  int64_t perGroup = outputs / groups, depth = shape.taps * shape.channels;
  constexpr int64_t chunk = 256; // columns of all k stay in the cache
  std::vector<T> columns(depth * std::min(chunk, shape.pixels));
  const T *x = input.elements<T>().data();
  T *y = out.mutableElements<T>().data();
  for (int64_t ng = 0; ng < batch * groups; ++ng)
    for (int64_t first = 0; first < shape.pixels; first += chunk) {
      int64_t width = std::min(chunk, shape.pixels - first);
      shape.fill(x + ng * shape.channels * shape.planeSize, first, width, columns.data());
      for (int64_t o = 0; o < perGroup; ++o) {
        int64_t output = ng % groups * perGroup + o;
        T *acc = y + (ng / groups * outputs + output) * shape.pixels + first;
        std::fill_n(acc, width, bias ? bias.elements<T>()[output] : T(0));
        accumulateRows(acc, &filters[output * depth], 1, columns.data(), width, depth, width);
      }
    }
}

Tensor nnc::interpreter::conv(nn::ConvOp op, const Tensor &input, const Tensor &filter,
                              const Tensor &bias) {
  Tensor out(op.getType());
  if (out.getNumElements() == 0)
    return out;
  Type element = out.getElementType();
  bool defined = visitNumber(element, [&](auto zero) {
    convolve<decltype(zero)>(op, widened(input, element), widened(filter, element), bias, out);
  });
  return defined ? out : Tensor();
}

//===----------------------------------------------------------------------===//
// Matrix product
//===----------------------------------------------------------------------===//

namespace {
/// One product of matrices: M x K by K x N, the bias (N elements) possibly null.
template <typename T>
struct Product {
  const T *lhs, *rhs, *bias;
  T *out;
  int64_t rows, depth, columns;
};
} // namespace

/// M > 1: one accumulator an output.
template <typename T>
static void multiplyRows(const Product<T> &p) {
  constexpr int64_t chunk = 512; // of columns: K x chunk of rhs is read by every row
  for (int64_t first = 0; first < p.columns; first += chunk) {
    int64_t width = std::min(chunk, p.columns - first);
    for (int64_t m = 0; m < p.rows; ++m) {
      T *acc = p.out + m * p.columns + first;
      for (int64_t i = 0; i < width; ++i)
        acc[i] = p.bias ? p.bias[first + i] : T(0);
      accumulateRows(acc, p.lhs + m * p.depth, 1, p.rhs + first, p.columns, p.depth, width);
    }
  }
}

/// M = 1: four accumulators an output, k mod 4.
template <typename T>
static void multiplyRow(const Product<T> &p) {
  int64_t n = p.columns;
  std::vector<T> acc(4 * n, T(0));
  if (p.bias)
    std::copy_n(p.bias, n, acc.begin());
  for (int64_t j = 0; j < std::min<int64_t>(4, p.depth); ++j)
    accumulateRows(&acc[j * n], p.lhs + j, 4, p.rhs + j * n, 4 * n, (p.depth - j + 3) / 4, n);
  for (int64_t i = 0; i < n; ++i)
    p.out[i] = sum(sum(acc[i], acc[n + i]), sum(acc[2 * n + i], acc[3 * n + i]));
}

template <typename T>
static void multiplyBatches(const Tensor &lhs, const Tensor &rhs, const Tensor &bias, Tensor &out) {
  ArrayRef<int64_t> shape = out.getShape();
  Product<T> p;
  p.bias = bias ? bias.elements<T>().data() : nullptr;
  p.rows = shape[shape.size() - 2];
  p.columns = shape.back();
  p.depth = lhs.getShape().back();
  const T *a = lhs.elements<T>().data(), *b = rhs.elements<T>().data();
  T *c = out.mutableElements<T>().data();
  ArrayRef<int64_t> batch = shape.drop_back(2);
  RowWalk<2> walk(batch, {broadcastStrides(lhs.getShape().drop_back(2), batch),
                          broadcastStrides(rhs.getShape().drop_back(2), batch)});
  walk.forEachRow([&](int64_t first, auto at, int64_t count, auto step) {
    for (int64_t i = 0; i < count; ++i) {
      p.lhs = a + (at[0] + i * step[0]) * p.rows * p.depth;
      p.rhs = b + (at[1] + i * step[1]) * p.depth * p.columns;
      p.out = c + (first + i) * p.rows * p.columns;
      p.rows == 1 ? multiplyRow(p) : multiplyRows(p);
    }
  });
}

Tensor nnc::interpreter::matmul(const Tensor &lhs, const Tensor &rhs, const Tensor &bias,
                                RankedTensorType type) {
  Tensor out(type);
  if (out.getNumElements() == 0)
    return out;
  Type element = type.getElementType();
  bool defined = visitNumber(element, [&](auto zero) {
    multiplyBatches<decltype(zero)>(widened(lhs, element), widened(rhs, element), bias, out);
  });
  return defined ? out : Tensor();
}
