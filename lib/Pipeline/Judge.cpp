//===- Judge.cpp - Whether answers are right -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Pipeline/Judge.h"

#include <cmath>

using namespace llvm;

namespace nnc {

using interpreter::elementText;

std::string describeDifference(const Tensor &native, const Tensor &interpreted) {
  interpreter::Difference d = interpreter::compare(native, interpreted);
  return (Twine(d.count) + " of " + Twine(native.getNumElements()) + " elements differ, first " +
          Twine(d.first) + ": native " + elementText(native, d.first) + ", interpreter " +
          elementText(interpreted, d.first))
      .str();
}

Complaints judgeBits(const DataSet &set, ArrayRef<Port> ports, ArrayRef<Tensor> native,
                     ArrayRef<Tensor> interpreted) {
  Complaints complaints;
  for (auto [port, got, right] : zip_equal(ports, native, interpreted))
    if (!interpreter::bitEqual(got, right))
      complaints.push_back(set.name + ": '" + port.name + "': " + describeDifference(got, right));
  return complaints;
}

/// The greatest finite magnitude, at least 1.
static double scaleOf(const Tensor &tensor) {
  double scale = 1;
  if (tensor.getElementType().isF32())
    for (float v : tensor.elements<float>())
      if (std::isfinite(v))
        scale = std::max<double>(scale, std::fabs(v));
  return scale;
}

Complaints judgeCloseness(const DataSet &set, ArrayRef<Port> ports, ArrayRef<Tensor> outputs) {
  Complaints complaints;
  for (auto [port, got, expected] : zip_equal(ports, outputs, set.expected)) {
    if (!expected)
      continue;
    int64_t at = interpreter::firstNotClose(got, expected, 1e-3, 1e-4 * scaleOf(expected));
    if (at >= 0)
      complaints.push_back(set.name + ": '" + port.name + "' element " + std::to_string(at) +
                           " is " + elementText(got, at) + ", expected " +
                           elementText(expected, at));
  }
  return complaints;
}

} // namespace nnc
