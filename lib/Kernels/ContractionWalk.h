//===- ContractionWalk.h - The loops around the tiles of a contraction -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Contraction.h"

namespace nnc {

/// The loops over blocks of columns and over rows, inside those over batches and groups: which
/// tiles there are is the same whatever multiplies them.
class ContractionWalk {
public:
  /// How far the loops step.
  struct Steps {
    int64_t block;        ///< columns
    int64_t rows0, rows1; ///< of each row dimension, at most
    bool columnsOutside;  ///< all rows for each block of columns, or the other way round
    /// Bytes of the next block of weights that each row fetches ahead.
    int64_t aheadPerRow = 0;
  };

  virtual ~ContractionWalk() = default;

protected:
  /// Where the loops have come to.
  struct Place {
    llvm::SmallVector<mlir::Value> index; ///< of the result; null: 0
    mlir::Value lhs, rhs;                 ///< pointers to the first element of the tile
    mlir::Value ahead; ///< bytes that this tile fetches for the next block; null: none
  };

  /// `packed`: the right operand stands in blocks of columns.
  ContractionWalk(const AnchoredGroup &group, plan::KernelOp kernel, const Contraction &c,
                  const Steps &steps, bool packed, mlir::ValueRange pointers,
                  KernelEmitter &emitter);

  struct TileSize {
    std::array<int64_t, 2> rows; ///< of each row dimension
    int64_t columns;
  };
  /// Tiles one behind the other: at `from`, and so on in equal steps.
  struct Run {
    int64_t from, step, count;
    int64_t end() const { return from + step * count; }
  };
  using PlaceAt = llvm::function_ref<Place(mlir::Value)>;

  void emitTiles();
  /// The size that all tiles have; none: they differ.
  std::optional<TileSize> onlySize() const;
  /// All tiles of an innermost loop.
  virtual void emitRun(const Run &run, const TileSize &size, PlaceAt at) = 0;

  mlir::Value advance(mlir::Value pointer, mlir::Type element, mlir::Value index, int64_t stride);
  mlir::Value advanceBytes(mlir::Value pointer, mlir::Value index, int64_t stride);
  /// `place` at `k` of reduction `dim`, each step of which fetches `aheadPerStep` bytes.
  Place along(size_t dim, const Place &place, mlir::Value k, int64_t aheadPerStep);
  /// Bytes of the next block of weights that each step of a reduction fetches for `rows` rows.
  int64_t aheadPerStep(int64_t rows) const;
  enum class Cache { First, Second };
  void fetchAhead(const Place &place, int64_t bytes, Cache into);
  /// `index` of a place, moved on by `by`.
  mlir::Value addIndex(mlir::Value index, mlir::Value by);

  const AnchoredGroup &group;
  mlir::ValueRange pointers;
  KernelEmitter &e;
  Contraction c;
  mlir::Type lhsType, rhsType;

private:
  /// What loops run along; of rows, the number of the dimension.
  enum Dimension { Rows0, Rows1, Columns };
  void emitOuter(size_t depth, const Place &place);
  void emitLevel(unsigned level, const Place &place, TileSize size);
  llvm::SmallVector<Part, 2> partsOf(unsigned level) const;
  bool isOneTile(unsigned level) const;
  void setSize(TileSize &size, unsigned level, const Part &part) const;
  Place moved(unsigned level, const Place &place, mlir::Value i, const TileSize &size);

  Steps steps;
  int64_t blockPitch;             ///< elements of rhs from block to block
  std::array<Dimension, 3> order; ///< of the loops, outermost first
};

} // namespace nnc
