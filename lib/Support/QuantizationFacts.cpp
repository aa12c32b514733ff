//===- QuantizationFacts.cpp - What post-training quantization chose -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Support/QuantizationFacts.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nnc {

void QuantizationError::add(double exact, double got) {
  double difference = got - exact;
  signal += exact * exact;
  noise += difference * difference;
  maxAbsolute = std::max(maxAbsolute, std::fabs(difference));
  ++count;
}

double QuantizationError::sqnr() const {
  if (noise == 0)
    return std::numeric_limits<double>::infinity();
  return 10 * std::log10(signal / noise);
}

} // namespace nnc
