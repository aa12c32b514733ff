//===- Grid.h - What integers stand for -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include <cstdint>

namespace nnc::quantization {

/// Integers of type `stored` that stand for (q - zeroPoint) * scale.
struct Grid {
  mlir::Type stored;
  float scale = 1;
  int64_t zeroPoint = 0;
  nn::RoundingMode rounding = nn::RoundingMode::HalfEven; ///< of floats to these integers

  bool operator==(const Grid &) const = default;
};

} // namespace nnc::quantization
