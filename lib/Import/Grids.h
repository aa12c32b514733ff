//===- Grids.h - Scales and zero points as ONNX states them ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "NodeImporter.h"

#include <cmath>

namespace nnc {

/// What may scale integers; less is flushed (NumericSpec section 2).
inline bool isScale(double number) { return number >= 0x1p-125 && !std::isinf(number); }

/// What integers stand for, broadcastable to the tensor they belong to.
struct GridOperands {
  mlir::Value scale, zeroPoint;
};

/// Where one scale counts: for all of `axis`'s slices, or for `block` elements along it.
struct Granularity {
  int64_t axis = 0, block = 0;
};

/// `value` (a scale or zero point, called `what`) such that it broadcasts to `shape`; null after a
/// report.
mlir::Value broadcastable(NodeImporter &node, mlir::Value value, llvm::ArrayRef<int64_t> shape,
                          Granularity granularity, llvm::StringRef what);

/// Scale and zero point of a tensor of `shape` whose elements are `stored`; no zero point: 0.
GridOperands readGrid(NodeImporter &node, mlir::Value scale, mlir::Value zeroPoint,
                      llvm::ArrayRef<int64_t> shape, mlir::Type stored, Granularity granularity);

/// The one number that `v` is known to be, also by way of its quantization: quantizers leave what
/// an operator pads with as DequantizeLinear of a constant, or of QuantizeLinear of one. Null: it
/// is computed at run time, or there are several.
mlir::TypedAttr knownNumber(mlir::Value v);

mlir::Value dequantize(NodeImporter &node, mlir::Value x, const GridOperands &grid);
mlir::Value quantize(NodeImporter &node, mlir::Value x, const GridOperands &grid);

/// Reports operand `i`, called `what`, unless its rank is at least `least`, which is `expected`.
mlir::LogicalResult expectRank(NodeImporter &node, size_t i, int64_t least, llvm::StringRef what,
                               llvm::StringRef expected);

/// Operand `i` less its zero point, operand `zero`, which may be one for each slice of `axis`:
/// int16s, whose products are what accumulators add. A difference of casts, as
/// nn-absorb-zero-points looks for it. Null after a report.
mlir::Value centered(NodeImporter &node, size_t i, size_t zero, int64_t axis);

} // namespace nnc
