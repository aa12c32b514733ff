//===- Depthwise.h - Convolution with one filter per channel --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Contraction.h"

#include <optional>

namespace nnc {

/// A depthwise convolution over one or two spatial dimensions; one-dimensional
/// ones have a single row.
struct Depthwise {
  int64_t batch, channels, rows, columns; ///< of the result
  int64_t windowRows, windowColumns;
  int64_t rowStep, columnStep; ///< strides
  int64_t rowDilation, columnDilation;
  int64_t rowPad, columnPad;
  int64_t rowDim, columnDim; ///< of the tensors; rowDim -1: none
  bool bias;

  static std::optional<Depthwise> match(mlir::Operation *anchor) {
    auto conv = mlir::dyn_cast<nn::ConvOp>(anchor);
    if (!conv || conv.spatialRank() > 2)
      return std::nullopt;
    auto y = mlir::cast<mlir::RankedTensorType>(conv.getResult().getType());
    auto w = mlir::cast<mlir::RankedTensorType>(conv.getFilter().getType());
    int64_t group = conv.getGroup(), last = conv.spatialRank() - 1;
    if (w.getDimSize(1) != 1 || y.getDimSize(1) != group)
      return std::nullopt;
    Depthwise d;
    d.batch = y.getDimSize(0);
    d.channels = group;
    d.rowDim = last == 1 ? 2 : -1;
    d.columnDim = 2 + last;
    d.rows = last == 1 ? y.getDimSize(2) : 1;
    d.columns = y.getDimSize(d.columnDim);
    d.windowRows = last == 1 ? w.getDimSize(2) : 1;
    d.windowColumns = w.getDimSize(d.columnDim);
    auto pick = [&](llvm::ArrayRef<int64_t> list, int64_t none) {
      return last == 1 ? list[0] : none;
    };
    d.rowStep = pick(conv.getStrides(), 1);
    d.columnStep = conv.getStrides()[last];
    d.rowDilation = pick(conv.getDilations(), 1);
    d.columnDilation = conv.getDilations()[last];
    d.rowPad = pick(conv.getPads(), 0);
    d.columnPad = conv.getPads()[last];
    d.bias = static_cast<bool>(conv.getBias());
    return d;
  }

  int64_t taps() const { return windowRows * windowColumns; }
};

/// Pixels whose accumulators stay in registers.
struct PixelTile {
  int64_t rows = 1, columns = 1;
  double cycles = 0; ///< estimate for the whole image and one vector of channels
};

/// The window row that input row `row` is for result row `pixelRow`; -1: none.
inline int64_t tapOf(int64_t row, int64_t pixelRow, int64_t step, int64_t dilation,
                     int64_t window) {
  int64_t distance = row - pixelRow * step;
  bool hit = distance >= 0 && distance % dilation == 0 && distance / dilation < window;
  return hit ? distance / dilation : -1;
}

} // namespace nnc
