//===- ChooseRange.h - From histograms to ranges -------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Quantization/Calibrate/Histogram.h"

#include "llvm/ADT/StringRef.h"

namespace nnc::quantization {

/// How a range follows from what was seen.
enum class Calibrator {
  MinMax,     ///< all of it
  Percentile, ///< all but 1 in 20 000 at either end
  MSE,        ///< the least mean squared error of rounding and clipping together
  Entropy,    ///< the least divergence of the clipped and rounded distribution
};

/// All of them, minmax first.
llvm::ArrayRef<Calibrator> calibrators();
/// What the command line calls one.
llvm::StringRef nameOf(Calibrator calibrator);

/// The range that 2^`bits` levels should cover.
Range chooseRange(const Histogram &histogram, Calibrator calibrator, unsigned bits);

} // namespace nnc::quantization
