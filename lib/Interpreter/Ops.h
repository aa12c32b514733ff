//===- Ops.h - One function per op -----------------------------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each function is one op of NumericSpec. It returns a null tensor where the
// spec defines no meaning for the element type.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNSearchOps.h"
#include "nnc/Interpreter/Tensor.h"

#include "llvm/Support/Error.h"

namespace nnc::interpreter {

using mlir::RankedTensorType;

/// An error that begins with the op's name.
inline llvm::Error failure(mlir::Operation *op, const llvm::Twine &what) {
  return llvm::createStringError("'" + op->getName().getStringRef() + "' " + what);
}

// Elementwise.cpp. `type` is the result's, to whose shape operands are broadcast.
Tensor add(const Tensor &a, const Tensor &b, RankedTensorType type);
Tensor sub(const Tensor &a, const Tensor &b, RankedTensorType type);
Tensor mul(const Tensor &a, const Tensor &b, RankedTensorType type);
Tensor div(const Tensor &a, const Tensor &b, RankedTensorType type);
Tensor pow(const Tensor &a, const Tensor &b, RankedTensorType type);
Tensor minimum(const Tensor &a, const Tensor &b, RankedTensorType type);
Tensor maximum(const Tensor &a, const Tensor &b, RankedTensorType type);
Tensor select(const Tensor &condition, const Tensor &onTrue, const Tensor &onFalse,
              RankedTensorType type);
Tensor relu(const Tensor &x);
Tensor leakyRelu(const Tensor &x, double alpha);
Tensor clip(const Tensor &x, mlir::Attribute min, mlir::Attribute max);
Tensor floor0(const Tensor &x, int64_t exponent);
Tensor neg(const Tensor &x);
Tensor sqrt(const Tensor &x);
Tensor exp(const Tensor &x);
Tensor log(const Tensor &x);
Tensor tanh(const Tensor &x);
Tensor sigmoid(const Tensor &x);
Tensor erf(const Tensor &x);
Tensor cast(const Tensor &x, RankedTensorType type);

// Quantization.cpp
Tensor quantize(const Tensor &x, const Tensor &scale, const Tensor &zeroPoint,
                nn::RoundingMode rounding, RankedTensorType type);
Tensor dequantize(const Tensor &x, const Tensor &scale, const Tensor &zeroPoint,
                  RankedTensorType type);
Tensor requantize(const Tensor &x, const Tensor &scale, const Tensor &zeroPoint,
                  RankedTensorType type);
Tensor threshold(nn::ThresholdOp op, const Tensor &x, const Tensor &thresholds);
Tensor lookup(nn::LookupOp op, const Tensor &x);

// FixedPoint.cpp
Tensor rescale(const Tensor &x, const Tensor &multiplier, const Tensor &shift,
               const Tensor &zeroPoint, nn::RescaleRounding rounding, RankedTensorType type);
Tensor proportion(nn::ProportionOp op, const Tensor &x, const Tensor &sum, const Tensor &zeroPoint);

// Contraction.cpp. A null `bias` starts from +0.
Tensor conv(nn::ConvOp op, const Tensor &input, const Tensor &filter, const Tensor &bias);
Tensor matmul(const Tensor &lhs, const Tensor &rhs, const Tensor &bias, RankedTensorType type);

// Pooling.cpp
Tensor maxPool(nn::MaxPoolOp op, const Tensor &x);
Tensor averagePool(nn::AveragePoolOp op, const Tensor &x);

// Reduction.cpp
Tensor reduceSum(const Tensor &x, llvm::ArrayRef<int64_t> axes, RankedTensorType type);
Tensor reduceMean(const Tensor &x, llvm::ArrayRef<int64_t> axes, RankedTensorType type);
Tensor reduceMax(const Tensor &x, llvm::ArrayRef<int64_t> axes, RankedTensorType type);
Tensor argMax(nn::ArgMaxOp op, const Tensor &x);

// Composite.cpp: the sequences of NumericSpec 8.
Tensor softmax(const Tensor &x, llvm::ArrayRef<int64_t> axes);
Tensor logSoftmax(const Tensor &x, llvm::ArrayRef<int64_t> axes);
Tensor layerNorm(nn::LayerNormOp op, const Tensor &x, const Tensor &scale, const Tensor &bias);
Tensor batchNorm(nn::BatchNormOp op, llvm::ArrayRef<Tensor> operands);

// Movement.cpp
Tensor transpose(const Tensor &x, llvm::ArrayRef<int64_t> permutation, RankedTensorType type);
Tensor broadcast(const Tensor &x, RankedTensorType type);
Tensor slice(const Tensor &x, llvm::ArrayRef<int64_t> starts, llvm::ArrayRef<int64_t> steps,
             RankedTensorType type);
Tensor concat(llvm::ArrayRef<Tensor> inputs, int64_t axis, RankedTensorType type);
Tensor pad(nn::PadOp op, const Tensor &x);
Tensor gather(const Tensor &data, const Tensor &indices, int64_t axis, RankedTensorType type);
Tensor unpack(const Tensor &x, RankedTensorType type);
Tensor pack(const Tensor &x, RankedTensorType type);

} // namespace nnc::interpreter
