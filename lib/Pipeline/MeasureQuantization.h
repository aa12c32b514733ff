//===- MeasureQuantization.h - What quantization cost --------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "CalibrationData.h"
#include "dialects/NN/NNOps.h"
#include "nnc/Support/QuantizationFacts.h"

namespace nnc {

/// A value of a float network and what stands for it in the quantized one.
struct QuantizedPair {
  mlir::Value exact;
  nn::QuantizeOp stored;
};

/// Runs both networks on all data and fills in the errors of `facts`: those of its values, one
/// per pair, and of the outputs; sorts the values by them.
llvm::Error measureQuantization(mlir::func::FuncOp floats, mlir::func::FuncOp quantized,
                                llvm::ArrayRef<QuantizedPair> pairs, const CalibrationData &data,
                                llvm::function_ref<void()> onSample, QuantizationFacts &facts);

} // namespace nnc
