//===- FixedPoint.h - Factors as TFLite's integers -----------------------------===//
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

/// multiplier / 2^shift, as nn.rescale takes it.
struct FixedPoint {
  int32_t multiplier = 0; ///< 0 to 2^31 - 1
  int32_t shift = 31;     ///< 1 to 62

  bool operator==(const FixedPoint &) const = default;
};

/// TFLite's QuantizeMultiplier: 31 bits of `factor`; factors below 2^-32 become 0. None: it is
/// negative, no number, or 2^30 or more, which no shift can express.
std::optional<FixedPoint> toFixedPoint(double factor);

/// How contractions are rounded: `isMatrix` those of matrices, TFLite's FULLY_CONNECTED.
nn::Rounding contractionRounding(Profile profile, bool isMatrix);
/// How everything else is.
nn::Rounding elementRounding(Profile profile);

/// nn.rescale of `input` by `factors`, one for each element of `shape`. Null: a factor has no
/// fixed-point form.
mlir::Value rescaled(mlir::OpBuilder &b, mlir::Location loc, mlir::Value input,
                     llvm::ArrayRef<double> factors, llvm::ArrayRef<int64_t> shape,
                     mlir::Value zeroPoint, mlir::Type element, nn::Rounding rounding);

/// `q` less its zero point, in `bits` bits.
mlir::Value centered(mlir::OpBuilder &b, nn::DequantizeOp q, unsigned bits);

} // namespace nnc::quantization
