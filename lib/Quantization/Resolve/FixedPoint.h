//===- FixedPoint.h - Tensors scaled as TFLite does it -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"
#include "nnc/Quantization/Profile.h"

#include "mlir/IR/Builders.h"

namespace nnc::quantization {

/// How contractions are rounded: `isMatrix` those of matrices, TFLite's FULLY_CONNECTED.
nn::RescaleRounding contractionRounding(Profile profile, bool isMatrix);
/// How everything else is.
nn::RescaleRounding elementRounding(Profile profile);

/// nn.rescale of `input` by `factors`, one for each element of `shape`. Null: a factor has no
/// fixed-point form.
mlir::Value rescaled(mlir::OpBuilder &b, mlir::Location loc, mlir::Value input,
                     llvm::ArrayRef<double> factors, llvm::ArrayRef<int64_t> shape,
                     mlir::Value zeroPoint, mlir::Type element, nn::RescaleRounding rounding);

} // namespace nnc::quantization
