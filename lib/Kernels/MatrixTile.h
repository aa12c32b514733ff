//===- MatrixTile.h - How a contraction is cut into matrix tiles -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "ContractionTile.h"

namespace nnc {

/// Registers that are matrices (AMX): up to 16 rows of 64 bytes each, sixteen sums or factors of
/// sixteen columns, four a column.
struct MatrixRegister {
  static constexpr int64_t rows = 16, rowBytes = 64, sums = 16;
  /// Neighbours along what is reduced that stand together, of bytes: one 32-bit sum takes them.
  static constexpr int64_t taken = 4;
  /// Accumulators: a square of two by two keeps the loads of factors in the shadow of products.
  static constexpr int64_t side = 2;
};

/// What `tile` of a matrix kernel says.
struct MatrixTile {
  int64_t block;        ///< columns, of up to two registers
  int64_t rows0, rows1; ///< rows of each row dimension, of up to two registers
  int64_t depth;        ///< groups of four products of each row and column that one step adds
  bool columnsOutside;  ///< all rows for each block of columns, or the other way round
  bool prefetch;        ///< tiles fetch the next block of weights ahead
};

/// A part of a tile's rows or columns that one register holds.
struct RegisterPart {
  int64_t start, size;
};
/// The registers of `size` rows or columns that stand in a line.
llvm::SmallVector<RegisterPart, 2> registerParts(int64_t size);

/// What `group` walks with its right operand packed, if matrix registers can hold its factors: all
/// of one byte.
std::optional<Contraction> matrixContractionOf(const AnchoredGroup &group);

/// The best tile of `block` columns, or of any number (block 0), and the cycles of the whole; none:
/// the reduction has no equal steps.
struct MatrixChoice {
  MatrixTile tile;
  double cycles;
};
std::optional<MatrixChoice> chooseMatrixTile(const Contraction &c, const TargetModel &target,
                                             int64_t block = 0);

mlir::DictionaryAttr matrixTileAttr(const MatrixTile &tile, mlir::MLIRContext *context);
/// The tile that `kernel`, which walks `c`, states. A failure was reported.
llvm::FailureOr<MatrixTile> readMatrixTile(const AnchoredGroup &group, plan::KernelOp kernel,
                                           const Contraction &c);

} // namespace nnc
