//===- Calibration.h - What the values of a network range over ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Interpreter/Tensor.h"
#include "nnc/Quantization/Calibrate/ChooseRange.h"
#include "nnc/Quantization/Calibrate/InputMoments.h"
#include "nnc/Quantization/Calibrate/Selection.h"

#include "llvm/Support/Error.h"

#include <vector>

namespace nnc::quantization {

/// Runs a float network on samples: counts what the values to be quantized become, and measures
/// what weights are multiplied by.
class Calibration {
public:
  explicit Calibration(mlir::func::FuncOp network);

  llvm::Error addSample(llvm::ArrayRef<interpreter::Tensor> inputs);

  /// Values that were never anything but one number get a warning, those that became NaN or
  /// infinite are errors.
  mlir::LogicalResult check() const;
  /// States ranges for integers of `bits` bits as rangeAttr on the network, instead of those that
  /// are there.
  void stateRanges(Calibrator calibrator, unsigned bits);

  const Selection &selected() const { return selection; }
  const Histogram &histogramOf(mlir::Value v) const;
  /// Of contractionsOf() the network.
  llvm::ArrayRef<InputMoments> inputMoments() const { return moments; }

private:
  mlir::func::FuncOp network;
  Selection selection;
  llvm::DenseMap<mlir::Value, Histogram> histograms; ///< by grid
  std::vector<InputMoments> moments;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<size_t>> readers; ///< of `moments`, by input
};

/// The range that rangeAttr states for `v`; none: it is not there, or malformed.
std::optional<Range> statedRange(mlir::Value v);

} // namespace nnc::quantization
