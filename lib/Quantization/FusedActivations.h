//===- FusedActivations.h - ReLU and Clip on stored values ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/ElementTypes.h"
#include "dialects/NN/NNOps.h"
#include "nnc/Quantization/Profile.h"

#include "mlir/IR/Builders.h"

namespace nnc::quantization {

/// What stands between `result` and the op whose value it quantizes: ReLU and Clip, in order.
/// Integer runtimes compute them with that op, on stored values.
struct FusedActivations {
  explicit FusedActivations(nn::QuantizeOp result);

  mlir::Operation *source; ///< whose result is limited and quantized; may be null
  llvm::SmallVector<mlir::Operation *> ops;
  nn::QuantizeOp result;

  /// Is there a source, and does it compute for `result` only?
  bool hasOneReader() const;
};

/// Rounding is monotone, so limits may come after it: what `activations` leave of the integers of
/// `grid`, which rounds so. None where the bounds are not known.
std::optional<nn::IntegerRange> limitedLevels(llvm::ArrayRef<mlir::Operation *> activations,
                                              nn::QuantizeOp grid, nn::RoundingMode rounding);

/// The same of values: `q`, on the grid of the result, between
/// their bounds there. Null where the bounds are not known.
mlir::Value limited(mlir::OpBuilder &b, mlir::Value q, const FusedActivations &activations,
                    Profile profile);

} // namespace nnc::quantization
