//===- Layouts.h - Making layouts and looking through movers --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Plan/KernelChoice.h"

namespace nnc::schedule {

/// Dimensions of a tensor in the order in which they stand in memory, outermost first.
using Order = llvm::SmallVector<int64_t, 6>;

/// Elements of one value before and after a tensor; empty: none.
struct Halo {
  llvm::SmallVector<int64_t> low, high;
  int64_t fill = 0;

  static Halo of(const LayoutNeed &need) { return {need.low, need.high, need.fill}; }
  static Halo of(plan::LayoutAttr layout);
  bool any() const;
  /// At least as much as both; none if they hold different values.
  static std::optional<Halo> join(const Halo &a, const Halo &b);
  /// Is there as much of it as `need`?
  bool covers(const Halo &need) const;
  /// These strides with this halo.
  plan::LayoutAttr around(mlir::MLIRContext *context, llvm::ArrayRef<int64_t> strides) const;
};

/// A tensor's place in a buffer, in elements from where its root's origin is.
struct View {
  int64_t offset = 0;
  plan::LayoutAttr layout;
};

llvm::ArrayRef<int64_t> shapeOf(mlir::Value value);

Order rowMajorOrder(int64_t rank);
/// Row-major but for `unitDim`, which comes last.
Order unitLastOrder(int64_t rank, int64_t unitDim);
/// Equal where dimensions of size one are left out.
bool sameOrder(llvm::ArrayRef<int64_t> shape, const Order &a, const Order &b);

/// `shape` in `order`, without gaps but for the halo and `pad` elements after
/// each run of the innermost dimension, which is the last of more than one element.
plan::LayoutAttr makeLayout(mlir::MLIRContext *context, llvm::ArrayRef<int64_t> shape,
                            const Order &order, const Halo &halo = {}, int64_t pad = 0);

/// Ops that only rename where elements stand: transpose, slice, broadcast, reshape.
bool isViewMover(mlir::Operation *op);

/// Where a mover's result stands when its operand stands at `source`; none if
/// the strides of a layout cannot say it.
std::optional<View> viewThrough(mlir::Operation *mover, const View &source);

/// The order of a mover's operand that gives its result `order`.
Order orderBehind(mlir::Operation *mover, const Order &order);
/// Dimensions from the widest to the narrowest stride.
Order orderOf(plan::LayoutAttr layout);

/// The halo of a mover's operand that gives its result `halo`; none if there is no such.
std::optional<Halo> haloBehind(mlir::Operation *mover, const Halo &halo);

/// Does a run-time operand that stands so fulfil `need`?
bool satisfies(plan::LayoutAttr layout, llvm::ArrayRef<int64_t> shape, const LayoutNeed &need);

/// The layout as the kernel sees it: the halo it asked for and no more, and
/// stride 1 in a needed dimension of size one.
plan::LayoutAttr asNeeded(plan::LayoutAttr layout, llvm::ArrayRef<int64_t> shape,
                          const LayoutNeed &need);

/// A result's layout as its kernel sees it: stride 1 in a needed dimension of size one.
plan::LayoutAttr asWritten(plan::LayoutAttr layout, llvm::ArrayRef<int64_t> shape,
                           const LayoutNeed &need);

/// First and last element a kernel may touch, from the origin; strides may be
/// negative. Halo included. Not for empty tensors.
std::pair<int64_t, int64_t> reach(plan::LayoutAttr layout, llvm::ArrayRef<int64_t> shape);

/// The bytes of a constant seen through `view`, row-major, as a new constant of `type`.
mlir::ElementsAttr gatherConstant(mlir::ElementsAttr value, const View &view,
                                  mlir::RankedTensorType type);

} // namespace nnc::schedule
