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
    int64_t rest = 0; ///< elements of one more, incomplete group
  };

  llvm::SmallVector<Outer> outer;
  Row rows[2];
  llvm::SmallVector<Reduce> reduce; ///< outermost first: the order of accumulation
  int64_t columns = 0;              ///< of one outer index
  int64_t columnDim = 0;
  int64_t lhsOffset = 0; ///< from the origin to the first element read
  unsigned bias = 0;     ///< operand number of the anchor's bias; 0: none
  bool perGroup = false; ///< columns of one outer index are a part of columnDim
  int64_t lhsBytes = 4;  ///< of one element
  int64_t stepBytes = 4; ///< of rhs that one step of the reduction reads for each column
  int64_t rowPitch = 0;  ///< elements of rhs from one row to the next, where groups are of rows

  /// Null layouts stand for row-major ones: sizes are right then, strides are not.
  static Contraction of(nn::ConvOp conv, plan::LayoutAttr input, plan::LayoutAttr filter);
  static Contraction of(nn::MatMulOp matmul, plan::LayoutAttr lhs, plan::LayoutAttr rhs);
  static std::optional<Contraction> of(mlir::Operation *anchor, plan::LayoutAttr lhs = {},
                                       plan::LayoutAttr rhs = {});

  int64_t depth() const; ///< steps per result element: one product or group of products each
  int64_t outerCount() const;
  /// Walks neighbouring reduce dimensions as one where both tensors allow it.
  void mergeReduce();
  /// Takes groups of `group` elements of the innermost reduce dimension at a time. Its elements
  /// stand side by side in lhs; rhs is packed in such groups, and counts whole ones already, or has
  /// a row for each.
  void groupReduce(int64_t group, bool packed);
};

/// The halo that a conv reads around its input.
void convHalo(nn::ConvOp conv, LayoutNeed &need);

/// Blocks of `block` columns, reduce dimensions inside, so that one kernel step
/// reads `block` neighbours: a filter O x I x window or a matrix … x K x N.
/// `group` neighbours of the innermost reduce dimension stand in the innermost place.
plan::LayoutAttr packedFilter(mlir::RankedTensorType type, int64_t block, int64_t group = 1);
plan::LayoutAttr packedMatrix(mlir::RankedTensorType type, int64_t block, int64_t group = 1);

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

/// Blocks of up to `most` columns that are worth trying.
llvm::SmallVector<int64_t> blockSizes(const Contraction &c, const TargetModel &target,
                                      int64_t most);
/// The sum of `cycles` over all tiles of one outer index, each of up to `rows0` x `rows1` rows and
/// `block` columns.
double
sumOverTiles(const Contraction &c, const RegisterTile &tile,
             llvm::function_ref<double(int64_t rows0, int64_t rows1, int64_t columns)> cycles);
/// Which operand to read again and again, all rows for each block of columns or the other way
/// round: by the cycles that it takes to fetch them from the caches that hold them.
bool columnsOutside(const Contraction &c, const RegisterTile &tile, const TargetModel &target);

/// The best tile of `block` columns, or of any number (block 0).
RegisterTile chooseTile(const Contraction &c, const TargetModel &target, int64_t block = 0);

} // namespace nnc
