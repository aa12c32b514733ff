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
  bool isSame = got == exact || (std::isnan(got) && std::isnan(exact));
  double difference = isSame ? 0 : std::fabs(got - exact);
  if (std::isnan(difference)) // one of the two is NaN: nothing is further away
    difference = std::numeric_limits<double>::infinity();
  signal += std::isfinite(exact) ? exact * exact : 0;
  noise += difference * difference;
  maxAbsolute = std::max(maxAbsolute, difference);
  ++count;
}

double QuantizationError::sqnr() const {
  if (noise == 0)
    return std::numeric_limits<double>::infinity();
  return 10 * std::log10(signal / noise);
}

} // namespace nnc
