//===- Constants.h - Values known when we compile ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"
#include "dialects/NN/Values.h"
#include "nnc/Interpreter/Tensor.h"

#include "mlir/IR/Builders.h"

#include "llvm/ADT/DenseSet.h"

#include <optional>

namespace nnc::quantization {

using nn::hasOneElement;
using nn::isFloat;
using nn::typeOf;

/// Has `op`, nn.quantize or nn.dequantize, one scale and one zero point for the whole tensor?
template <typename Op>
bool isPerTensor(Op op) {
  return hasOneElement(op.getScale()) && hasOneElement(op.getZeroPoint());
}

/// The value of `v` if it depends on constants only; null if not. Evaluates what it depends on.
interpreter::Tensor constantValue(mlir::Value v);

/// The values of a network that depend on its inputs: what is computed when it runs.
llvm::DenseSet<mlir::Value> runTimeValues(mlir::func::FuncOp network);

/// The elements of an integer tensor.
std::vector<int64_t> integers(const interpreter::Tensor &tensor);

/// A tensor of integers of type `element` with these values.
interpreter::Tensor integerTensor(llvm::ArrayRef<int64_t> shape, mlir::Type element,
                                  llvm::ArrayRef<int64_t> values);

/// The same as a constant.
mlir::Value integerConstant(mlir::OpBuilder &b, mlir::Location loc, llvm::ArrayRef<int64_t> shape,
                            mlir::Type element, llvm::ArrayRef<int64_t> values);

/// The one element of a constant with one element, of integers or of float32.
std::optional<int64_t> constantInteger(mlir::Value v);
std::optional<float> constantFloat(mlir::Value v);

/// What nn.quantize makes of `number`, a float; none where scale or zero point, of one element
/// each, are not known.
std::optional<int64_t> quantizedNumber(mlir::OpBuilder &b, mlir::Attribute number,
                                       mlir::Value scale, mlir::Value zeroPoint,
                                       nn::RoundingMode rounding);

/// The shape of `v` with ones in front, up to `rank`.
llvm::SmallVector<int64_t> paddedShape(mlir::Value v, int64_t rank);

/// `v` under another shape.
mlir::Value reshaped(mlir::OpBuilder &b, mlir::Value v, llvm::ArrayRef<int64_t> shape);

/// Known values that are equal element by element, or the same value.
bool isSame(mlir::Value a, mlir::Value b);
/// Do both stand for the same numbers, by the same integers of one type?
bool onOneGrid(nn::DequantizeOp a, nn::DequantizeOp b);

} // namespace nnc::quantization
