//===- RowGroup.h - What a group with reductions looks like --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include "llvm/ADT/DenseMap.h"

namespace nnc {

/// A body of elementwise ops and reductions that all run over the same axes of
/// one shape: softmax, layer normalisation, global pooling. The reduced axes
/// are the row, the others say which row. Values that differ along a row are
/// row values, the others are fixed in it.
struct RowGroup {
  mlir::Block *body = nullptr;
  llvm::SmallVector<int64_t> shape;                ///< of every reduction's operand
  llvm::SmallVector<int64_t> axes;                 ///< reduced, ascending
  llvm::SmallVector<mlir::Operation *> reductions; ///< in order
  /// The dimension of `shape` that each dimension of a value stands for.
  llvm::DenseMap<mlir::Value, llvm::SmallVector<int64_t>> dims;

  /// None if the body is something else.
  static std::optional<RowGroup> match(mlir::Block &body);

  bool isReduced(int64_t d) const { return llvm::is_contained(axes, d); }
  /// The value differs along a row.
  bool isRow(mlir::Value v) const;
  /// The dimensions that say which row.
  llvm::SmallVector<int64_t> outerDims() const;
  int64_t rowElements() const;
  /// Strides of `v` under `strides` (one per its dimension) for the given dimensions of `shape`.
  llvm::SmallVector<int64_t> stridesAlong(mlir::Value v, llvm::ArrayRef<int64_t> strides,
                                          llvm::ArrayRef<int64_t> along) const;
};

} // namespace nnc
