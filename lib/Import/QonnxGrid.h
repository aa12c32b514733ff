//===- QonnxGrid.h - Grids of integers as QONNX states them ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "NodeImporter.h"

namespace nnc {

/// The numbers of operand `i`, called `what`, integers or floats; none after a report.
std::vector<double> numbers(NodeImporter &node, size_t i, llvm::StringRef what);

/// Operand `i`, one number of bits; 0 after a report.
int64_t bitWidth(NodeImporter &node, size_t i, llvm::StringRef what);

/// Operand `i` as a scale for operand 0, one number without dimensions where it is one; null after
/// a report.
mlir::Value readScale(NodeImporter &node, size_t i, llvm::StringRef what);

/// The attribute rounding_mode.
nn::RoundingMode readRounding(NodeImporter &node, llvm::StringRef otherwise);

/// The integers of `bits` bits, without the last one of them if they are narrow.
nn::IntegerRange levels(int64_t bits, bool isSigned, bool isNarrow);

/// Integers that stand for (q - zero point) * scale. Of the zero points, a list or one number, the
/// shape is that of `zeroShape`.
struct QonnxGrid {
  nn::IntegerRange range;
  mlir::Value scale;
  std::vector<int64_t> zeros = {0};
  llvm::SmallVector<int64_t> zeroShape = {};

  bool isCentered() const {
    return llvm::all_of(zeros, [](int64_t n) { return n == 0; });
  }

  /// The type that holds levels and zero points.
  mlir::Type stored(mlir::MLIRContext *context) const;
};

/// Operand `i`, the zero points, into `grid`. Their range is that of 16 bits, whatever the
/// bit width.
void readZeroPoints(NodeImporter &node, size_t i, QonnxGrid &grid);

/// `x` as integers of `grid`, limited to its levels. With a zero point QONNX rounds the sum of
/// quotient and zero point, and so do we.
mlir::Value quantize(NodeImporter &node, mlir::Value x, const QonnxGrid &grid,
                     nn::RoundingMode rounding);

/// What the integers `q` stand for on `grid`.
mlir::Value dequantize(NodeImporter &node, mlir::Value q, const QonnxGrid &grid);

/// `least` plus the number of `thresholds` (rows of `width`) that `x` reaches.
mlir::Value reached(NodeImporter &node, mlir::Value x, llvm::ArrayRef<float> thresholds,
                    int64_t width, int64_t channel, int64_t least);

} // namespace nnc
