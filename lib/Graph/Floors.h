//===- Floors.h - Which values are known to be floored --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include "llvm/ADT/DenseMap.h"

namespace nnc::graph {

/// Exponents of NumericSpec section 2.
inline constexpr int64_t contractionFloor = -40, arithmeticFloor = -125;

/// |x| < 2^exponent ? +0 : x
template <typename T>
T floor0(T x, T least);

/// The magnitude that a float attribute (a bound, a pad value) keeps.
mlir::Attribute floorNumber(mlir::Attribute number, int64_t exponent);

/// Whether no element of a value is nonzero and smaller than 2^exponent.
/// Arithmetic is known to return nothing below 2^-125.
class FloorAnalysis {
public:
  bool holds(mlir::Value value, int64_t exponent);

private:
  bool compute(mlir::Value value, int64_t exponent);
  llvm::DenseMap<std::pair<mlir::Value, int64_t>, bool> known;
};

/// Ops that return elements of their float operands, so that flooring the
/// operands floors the result.
bool passesFloor(mlir::Operation *op);

bool isFloat(mlir::Value value);

} // namespace nnc::graph
