//===- StoredWeights.h - Weights and biases as integers -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Interpreter/Tensor.h"
#include "nnc/Quantization/Calibrate/InputMoments.h"

namespace nnc::quantization {

/// What has a scale below this is nothing but zeros. So products of scales are normal numbers.
inline constexpr double negligibleScale = 0x1p-100;

/// Makes the constant factors of a contraction int8 and its bias int32, counted in units of the
/// product of the factors' scales. A factor that is no constant is dequantized already. With the
/// `moments` of the inputs, weights are rounded for their sake, else to the nearest. Factors, and
/// activations, are of `bits` bits only, 2 to 8.
void storeConstants(mlir::Operation *contraction, const InputMoments *moments, unsigned bits);

/// Makes factor `number` of a contraction, `value`, int8: each of its numbers the nearest integer.
void storeNearest(mlir::Operation *contraction, unsigned number, const interpreter::Tensor &value);

} // namespace nnc::quantization
