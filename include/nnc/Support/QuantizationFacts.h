//===- QuantizationFacts.h - What post-training quantization chose -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nnc {

/// How far quantized numbers are from the floats that they stand for.
struct QuantizationError {
  double signal = 0; ///< sum of the squares of the floats, of those that are finite
  double noise = 0;  ///< of the differences; infinite where one of the two is NaN or infinite
  double maxAbsolute = 0;
  int64_t count = 0;

  void add(double exact, double got);
  /// Signal to noise in decibels, never NaN: infinite where nothing differs; minus infinity where
  /// the floats are all 0 and the others are not, or where the noise is infinite.
  double sqnr() const;
};

/// A value that is stored as integers.
struct QuantizedValueFacts {
  std::string node;                 ///< ONNX nodes, or the input's name
  double seenLow = 0, seenHigh = 0; ///< on the calibration data
  double gridLow = 0, gridHigh = 0; ///< what the integers can stand for
  double scale = 0;
  int64_t zeroPoint = 0;
  int64_t clipped = 0;            ///< elements of the calibration data outside of the grid
  std::vector<int64_t> histogram; ///< between the extremes that were seen, 0 included
  QuantizationError error;        ///< all that came before included
};

struct QuantizationFacts {
  std::string scheme, calibrator;
  int64_t samples = 0;
  std::vector<QuantizedValueFacts> values; ///< the worst first
  /// Of the network's outputs against those of the float network, with their names.
  std::vector<std::pair<std::string, QuantizationError>> outputs;
};

} // namespace nnc
