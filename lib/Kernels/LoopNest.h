//===- LoopNest.h - Loops over a box of elements -------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Kernels/KernelEmitter.h"

namespace nnc {

/// How a nest of loops reaches one tensor.
struct Access {
  mlir::Value base;                   ///< origin of the tensor; null: only the offset is wanted
  mlir::Type element;                 ///< its element type
  int64_t offset = 0;                 ///< elements from the origin to the nest's first element
  llvm::SmallVector<int64_t> strides; ///< elements per step, one per dimension of the nest
  int64_t period = 0; ///< so many elements repeat along the last dimension; 0: none do
};

/// The place that a nest has reached: up to `lanes` elements along its last dimension.
struct Lane {
  llvm::SmallVector<mlir::Value> offsets; ///< one per access
  int64_t lanes = 1;                      ///< elements of the vectors to work on
  int64_t active = 1;                     ///< how many of them exist
  int64_t first = 0; ///< place of the first one in the period of accesses that have one
};

/// A nest over `sizes`, ordered and merged so that the first access is walked
/// in memory order; the last dimension is walked by vectors.
class LoopNest {
public:
  /// `byElement`: the last dimension is walked one by one.
  LoopNest(KernelEmitter &emitter, llvm::ArrayRef<int64_t> sizes, std::vector<Access> accesses,
           bool byElement = false);

  /// Walks two last dimensions as one where the last is shorter than a vector: operands that have
  /// one element for each of its indices (channels of pixels) are repeated in registers. Not where
  /// vectors run along another dimension already, see mayTranspose().
  void mayRepeat();

  /// Says that the first `count` accesses are what store() writes, and all that is written.
  /// Where an operand is contiguous along another dimension than they are, vectors then run along
  /// that one, and squares of them are transposed in registers before they are stored. Not where
  /// operands are repeated already.
  void mayTranspose(unsigned count);

  /// Says that all that is worked on are bytes: whole registers hold four times as many.
  void worksOnBytes() { ofBytes = true; }

  /// Emits the loops; `body` is called once for each width of vectors and once for the rest.
  void emit(llvm::function_ref<void(const Lane &)> body);

  /// Elements of access `i` at `lane`: a vector, gathered or repeated as its stride asks.
  mlir::Value load(unsigned i, const Lane &lane);
  void store(mlir::Value value, unsigned i, const Lane &lane);

  /// Elements between neighbours along the last dimension of access `i`.
  int64_t laneStride(unsigned i) const {
    return accesses[i].strides[accesses[i].strides.size() - (results ? 2 : 1)];
  }
  const Access &access(unsigned i) const { return accesses[i]; }

private:
  void emitFrom(size_t depth, llvm::ArrayRef<mlir::Value> offsets,
                llvm::function_ref<void(const Lane &)> body);
  llvm::SmallVector<mlir::Value> advance(llvm::ArrayRef<mlir::Value> offsets, size_t depth,
                                         mlir::Value index);

  void emitPeriods(llvm::ArrayRef<mlir::Value> offsets,
                   llvm::function_ref<void(const Lane &)> body);
  void emitSquares(llvm::ArrayRef<mlir::Value> offsets,
                   llvm::function_ref<void(const Lane &)> body);
  void emitSquare(llvm::ArrayRef<mlir::Value> offsets, int64_t rows, const Lane &lane,
                  llvm::function_ref<void(const Lane &)> body);
  void storeSquare(unsigned i, llvm::ArrayRef<mlir::Value> rows, const Lane &lane);

  KernelEmitter &emitter;
  bool byElement, ofBytes = false;
  int64_t period = 0;                                  ///< of the accesses that repeat; 0: none do
  unsigned results = 0;                                ///< accesses that are transposed; 0: none
  std::vector<llvm::SmallVector<mlir::Value>> pending; ///< by result: the rows of a square
  llvm::SmallVector<int64_t> sizes;
  std::vector<Access> accesses;
};

/// Elements at `offset`, `offset + stride`, … as one vector; lanes from
/// `active` on are +0.
mlir::Value loadStrided(KernelEmitter &emitter, mlir::Value base, mlir::Type element,
                        mlir::Value offset, int64_t stride, int64_t lanes, int64_t active);
void storeStrided(KernelEmitter &emitter, mlir::Value value, mlir::Value base, mlir::Value offset,
                  int64_t stride, int64_t active);

/// How `type` under `layout` is reached by a nest over `shape`, to which it is
/// broadcast by numpy's rule.
Access broadcastAccess(mlir::Value base, mlir::RankedTensorType type, plan::LayoutAttr layout,
                       llvm::ArrayRef<int64_t> shape);

} // namespace nnc
