//===- Histogram.h - How often which numbers occur ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace nnc::quantization {

/// An interval of floats that holds 0.
struct Range {
  double low = 0, high = 0;
};

/// Counts floats in bins of one width, a power of two that doubles whenever a number does not
/// fit: pairs of bins join exactly, so that one pass does and the order of samples is all the same.
class Histogram {
public:
  /// Bins on either side of 0.
  static constexpr int64_t half = 2048;

  void add(llvm::ArrayRef<float> values);

  int64_t total() const { return count; }
  /// Zeros, and what no scale tells from them, which stand in no bin: every grid has them.
  int64_t zeros() const { return zeroCount; }
  int64_t notFinite() const { return badCount; }
  /// The extremes, 0 included.
  Range extremes() const { return {least, most}; }
  /// The least and greatest number seen, without 0 unless it was seen.
  Range seen() const { return {first, last}; }

  double binWidth() const;
  /// Bin i of 2 * half counts [(i - half) * width, (i - half + 1) * width), below 0 mirrored.
  llvm::ArrayRef<int64_t> bins() const { return counts; }
  double binCenter(int64_t i) const { return (double(i - half) + 0.5) * binWidth(); }

private:
  void makeRoom(float magnitude);

  std::vector<int64_t> counts;
  int exponent = 0; ///< of the bins' width
  int64_t count = 0, zeroCount = 0, badCount = 0;
  double least = 0, most = 0, first = 0, last = 0;
};

} // namespace nnc::quantization
