//===- DepthwiseQuads.h - Windows of bytes, four taps at once -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Depthwise.h"
#include "MultiplyAccumulate.h"

namespace nnc {

/// A depthwise convolution of ui8 by i8 in dot products: a lane, one channel, takes four
/// neighbouring columns of the input at once. Four vectors of channels are gathered and
/// transposed by one permutation of bytes:
///
///     p0: c0 c1 c2 …                    lane 0: p0c0 p1c0 p2c0 p3c0
///     p1: c0 c1 c2 …          ==>       lane 1: p0c1 p1c1 p2c1 p3c1
///     p2, p3                            …
///
/// It serves every window row, and both of two neighbouring pixels: their weights are the
/// same but for a shift by one byte.
class QuadWindow {
public:
  /// Whether factors of these types are multiplied so, and the window pays for it.
  static bool applies(const Depthwise &d, mlir::Type input, mlir::Type filter,
                      const TargetModel &target);
  static PixelTile chooseTile(const Depthwise &d, const TargetModel &target);
  /// Columns of the input that are read behind the last window; their weights are 0.
  static int64_t columnsBehind(const Depthwise &d);

  /// Strides of the input and of the weights, which are packed in groups of four columns.
  struct Strides {
    int64_t inputRow, inputColumn, weightRow, weightGroup;
  };
  QuadWindow(const Depthwise &d, Strides strides, MultiplyAccumulate &mac, KernelEmitter &emitter)
      : d(d), strides(strides), mac(mac), e(emitter) {}

  /// `sums` of the tile's pixels plus all their products, for `active` of `lanes` channels.
  llvm::SmallVector<mlir::Value> accumulate(mlir::Value input, mlir::Value weights, PixelTile tile,
                                            mlir::ValueRange sums, int64_t lanes, int64_t active);

private:
  mlir::Value gather(mlir::Value row, int64_t column, int64_t lanes, int64_t active);
  mlir::Value tapsFrom(mlir::Value weights, int64_t row, int64_t first, int64_t lanes);

  const Depthwise &d;
  Strides strides;
  MultiplyAccumulate &mac;
  KernelEmitter &e;
};

} // namespace nnc
