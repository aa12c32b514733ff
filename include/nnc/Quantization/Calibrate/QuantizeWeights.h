//===- QuantizeWeights.h - Weights of 8 bits, all else floats -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

namespace nnc::quantization {

/// Makes the weights of contractions int8, activations and biases stay floats. Failure: weights are
/// no numbers; all of these were reported.
mlir::LogicalResult quantizeWeights(mlir::func::FuncOp network);

} // namespace nnc::quantization
