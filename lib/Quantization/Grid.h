//===- Grid.h - What integers stand for -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/Types.h"

#include <cstdint>

namespace nnc::quantization {

/// Integers of type `stored` that stand for (q - zeroPoint) * scale.
struct Grid {
  mlir::Type stored;
  float scale = 1;
  int64_t zeroPoint = 0;

  bool operator==(const Grid &) const = default;
};

} // namespace nnc::quantization
