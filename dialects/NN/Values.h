//===- Values.h - Questions about tensors, and making them ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TypeUtilities.h"

namespace nnc::nn {

inline mlir::RankedTensorType typeOf(mlir::Value v) {
  return mlir::cast<mlir::RankedTensorType>(v.getType());
}

inline bool hasOneElement(mlir::Value v) { return typeOf(v).getNumElements() == 1; }

inline bool isFloat(mlir::Value v) {
  return mlir::isa<mlir::FloatType>(typeOf(v).getElementType());
}

/// Integers of eight bits, signed or not; of a tensor or vector that is asked of its elements.
inline bool isByte(mlir::Type type) { return mlir::getElementTypeOrSelf(type).isInteger(8); }
inline bool isByte(mlir::Value v) { return isByte(v.getType()); }

/// Integers of up to eight bits, signed or not.
inline bool fitsByte(mlir::Value v) {
  mlir::Type element = typeOf(v).getElementType();
  return element.isInteger() && element.getIntOrFloatBitWidth() <= 8;
}

/// Does `op`, which may be null, pick elements of its operands, so that integers may be picked
/// instead of the floats that they stand for? It may add padding, and read indices.
bool movesElements(mlir::Operation *op);

/// A constant of float32.
mlir::Value createFloats(mlir::OpBuilder &builder, mlir::Location loc,
                         llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<float> values);

/// `op` on other operands, with a result of another type; its attributes stay.
mlir::Operation *createLike(mlir::OpBuilder &builder, mlir::Operation *op,
                            llvm::ArrayRef<mlir::Value> operands, mlir::RankedTensorType result);

/// The same with a result of `op`'s shape.
mlir::Operation *createLike(mlir::OpBuilder &builder, mlir::Operation *op,
                            llvm::ArrayRef<mlir::Value> operands, mlir::Type element);

} // namespace nnc::nn
