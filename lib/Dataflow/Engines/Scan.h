//===- Scan.h - Counters that know when beats come -------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/Wires.h"

namespace nnc::dataflow {

/// A raster in time: position [row, column] is `row * rowPitch + column * columnPitch` clocks after
/// the first. Rasters of one dimension have one row.
struct Raster {
  int64_t rows = 1, columns = 1;
  int64_t rowPitch = 1, columnPitch = 1;

  int64_t beats() const { return rows * columns; }
  /// Clocks from the first position to the last.
  int64_t span() const { return (rows - 1) * rowPitch + (columns - 1) * columnPitch; }
  /// Places for columns in a row, those between rows included.
  int64_t slots() const { return rowPitch / columnPitch; }
};

/// Wires that say where a scan is.
struct ScanWires {
  mlir::Value slot;        ///< a column's place, whether or not the raster has that column
  mlir::Value beat;        ///< a position of the raster
  mlir::Value row, column; ///< counters, from 0
};

/// Counts beats from 0 to `count - 1` over and over.
mlir::Value emitIndex(rtl::Wires &wires, mlir::Value beat, int64_t count, llvm::StringRef name);

/// Counters that go through `raster`, from `delay` clocks behind `start` on. Of rows and columns
/// every strides-th is a beat. Done before the next start has waited its delay.
ScanWires emitScan(rtl::Wires &wires, mlir::Value start, int64_t delay, const Raster &raster,
                   int64_t rowStride, int64_t columnStride);

} // namespace nnc::dataflow
