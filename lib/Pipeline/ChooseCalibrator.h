//===- ChooseCalibrator.h - Which ranges serve a network best ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "CalibrationData.h"
#include "nnc/Quantization/Calibrate/Calibration.h"

#include "mlir/IR/BuiltinOps.h"

namespace nnc {

/// How many samples each calibrator is tried on: up to a hundred, fewer where one of them is
/// much work for the interpreter.
int64_t countTried(mlir::ModuleOp module, const CalibrationData &data);

/// Quantizes copies of the one network of `module` to `bits` bits with the ranges of each
/// calibrator and runs them on some of the data; the one whose outputs, before a softmax, are
/// nearest to the float network's. The ranges that `module` states are then whatever was tried
/// last.
llvm::Expected<quantization::Calibrator>
chooseCalibrator(mlir::ModuleOp module, quantization::Calibration &calibration, unsigned bits,
                 const CalibrationData &data, llvm::function_ref<void()> onSample);

} // namespace nnc
