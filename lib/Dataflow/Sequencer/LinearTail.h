//===- LinearTail.h - Constants added to sums, and multiplied -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Tensors.h"

namespace nnc::sequencer {

/// The dimension of output channels: of products the last one, of reductions the one that is left,
/// of images the second.
int64_t channelDimension(mlir::Value value);

/// Whether the numbers of `constant`, broadcast to `shape`, differ along dimension `dim` only.
bool variesAlong(mlir::Value constant, llvm::ArrayRef<int64_t> shape, int64_t dim);

/// The integers of `constant`, broadcast to `shape`: one for all, or one for each index of
/// dimension `dim`. None if it is no constant of integers, or varies along another dimension.
std::optional<std::vector<int64_t>> constantsAlong(mlir::Value constant,
                                                   llvm::ArrayRef<int64_t> shape, int64_t dim);

/// sum * factor + offset, for each channel or for all alike: what becomes of sums by integer ops
/// with constants behind them. No value wraps.
class LinearTail {
public:
  /// `value` is made of sums that reach `sums` by channel (or all `sums[0]`), and of `bias` (none:
  /// zero). Channels are indices of dimension `dim`.
  LinearTail(mlir::Value value, std::vector<Interval> sums, llvm::ArrayRef<int64_t> bias,
             int64_t dim);
  LinearTail(mlir::Value value, Interval sums)
      : LinearTail(value, {sums}, {}, value ? channelDimension(value) : 0) {}

  static bool takes(mlir::Operation *op);
  /// Takes in `first`, if given, and the ops behind, as long as each is the only reader. Fails,
  /// with an error at the op, where one has no such form.
  mlir::LogicalResult follow(mlir::Operation *first = nullptr);

  mlir::Value value; ///< the last one that was taken in
  llvm::SmallVector<mlir::Operation *> ops;
  int64_t dim;
  std::vector<Interval> sums;
  std::vector<int64_t> factors, offsets; ///< as many as there are sums

  /// Has all factors positive, by the sums' sign: `flip(channel)` for each whose sum changes it.
  template <typename Flip>
  void makePositive(Flip flip) {
    for (size_t channel = 0; channel < sums.size(); ++channel)
      if (factors[channel] < 0) {
        factors[channel] = -factors[channel];
        sums[channel] = {-sums[channel].most, -sums[channel].least};
        flip(channel);
      }
  }

private:
  mlir::LogicalResult take(mlir::Operation *op);
  mlir::LogicalResult checkRange(mlir::Operation *op) const;
  void widenTo(size_t channels);
};

} // namespace nnc::sequencer
