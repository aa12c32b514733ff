//===- Contraction.h - conv and matmul as one loop nest ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "AnchoredGroup.h"

namespace nnc {

/// What conv and matmul have in common. For each outer index (batch, group),
/// rows and columns span the result:
///
///     result[outer, row0, row1, column] = sum over reduce of lhs[outer, row0, row1, reduce]
///                                                           * rhs[outer, reduce, column]
///
/// Strides are in elements; those of one tensor are 0 where it is repeated.
struct Contraction {
  struct Outer {
    int64_t size, dim, step; ///< index `dim` of the result grows by `step`
    int64_t lhs, rhs;
  };
  struct Row {
    int64_t size, dim, lhs; ///< dim -1: no such dimension, size 1
  };
  struct Reduce {
    int64_t size, lhs, rhs;
  };

  llvm::SmallVector<Outer> outer;
  Row rows[2];
  llvm::SmallVector<Reduce> reduce; ///< outermost first: the order of accumulation
  int64_t columns = 0;              ///< of one outer index
  int64_t columnDim = 0;
  int64_t lhsOffset = 0; ///< from the origin to the first element read
  unsigned bias = 0;     ///< operand number of the anchor's bias; 0: none
  bool perGroup = false; ///< columns of one outer index are a part of columnDim

  /// Null layouts stand for row-major ones: sizes are right then, strides are not.
  static Contraction of(nn::ConvOp conv, plan::LayoutAttr input, plan::LayoutAttr filter);
  static Contraction of(nn::MatMulOp matmul, plan::LayoutAttr lhs, plan::LayoutAttr rhs);
  static std::optional<Contraction> of(mlir::Operation *anchor, plan::LayoutAttr lhs = {},
                                       plan::LayoutAttr rhs = {});

  int64_t depth() const; ///< products per result element
  int64_t outerCount() const;
  /// Walks neighbouring reduce dimensions as one where both tensors allow it.
  void mergeReduce();
};

/// Elements of +0 that a conv reads before and after its input.
void convHalo(nn::ConvOp conv, LayoutNeed &need);

/// Blocks of `block` columns, reduce dimensions inside, so that one kernel step
/// reads `block` neighbours: a filter O x I x window or a matrix … x K x N.
plan::LayoutAttr packedFilter(mlir::RankedTensorType type, int64_t block);
plan::LayoutAttr packedMatrix(mlir::RankedTensorType type, int64_t block);

/// A part of a range that is walked in equal steps: `count` steps of `size` from `start`.
struct Part {
  int64_t start, size, count;
};
/// As few parts of at most `most` as there can be, of two sizes that differ by one.
llvm::SmallVector<Part, 2> balancedParts(int64_t total, int64_t most);
/// Parts of `size`, and what is left.
llvm::SmallVector<Part, 2> blockParts(int64_t total, int64_t size);

/// The rows and columns whose accumulators stay in registers.
struct RegisterTile {
  int64_t rows0 = 1, rows1 = 1; ///< rows of each row dimension
  int64_t block = 0;            ///< columns
  double cycles = 0;            ///< estimate for the whole contraction
};

/// A vector of columns: `lanes` from `offset` on, of which `active` exist.
struct ColumnVector {
  int64_t offset, lanes, active;
};
/// `columns` columns as vectors of the target, the last ones narrower.
llvm::SmallVector<ColumnVector> columnVectors(int64_t columns, const TargetModel &target);

/// The best tile of `block` columns, or of any number (block 0).
RegisterTile chooseTile(const Contraction &c, const TargetModel &target, int64_t block = 0);

} // namespace nnc
