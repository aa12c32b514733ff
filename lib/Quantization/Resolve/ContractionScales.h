//===- ContractionScales.h - What the sums of a contraction count ---------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include "mlir/IR/Builders.h"

#include <optional>
#include <vector>

namespace nnc::quantization {

/// The scale of `op`, an operand of `contraction`, seen from its result: one number, or one per
/// result channel or row. Null where it varies along what is summed.
mlir::Value resultScale(mlir::OpBuilder &b, mlir::Operation *contraction, nn::DequantizeOp op,
                        bool isRhs);

/// The product of the scales of both operands, which the sums count; null as above.
mlir::Value scaleOfSums(mlir::OpBuilder &b, mlir::Location loc, mlir::Operation *contraction,
                        nn::DequantizeOp lhs, nn::DequantizeOp rhs);

/// Is `product`, a scale of the contraction's result, one number or one per column?
bool isOnePerColumn(mlir::Operation *contraction, mlir::Value product);

/// Is `bias` an int32 counted in units of `product`, which networks state rounded in one way or
/// another? None where that depends on scales known at run time only.
std::optional<bool> countsUnitsOf(mlir::Operation *contraction, nn::DequantizeOp bias,
                                  mlir::Value product);

/// For each of `channels` channels, how many of its steps its number is; of numbers and steps there
/// are one for all channels, or one each. Empty where a count is no integer, or so great that sums
/// might overflow.
std::vector<int64_t> countSteps(llvm::ArrayRef<double> numbers, llvm::ArrayRef<float> steps,
                                int64_t channels);

} // namespace nnc::quantization
