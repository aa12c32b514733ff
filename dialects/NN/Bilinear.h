//===- Bilinear.h - Two integers to one -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/ElementTypes.h"
#include "nnc/Support/Ties.h"

#include "mlir/IR/Operation.h"

#include <optional>

namespace nnc::nn {

/// clamp(round((a * left + b * right + a * b * product + offset) / 2^shift)), in 64 bits: what is
/// computed of two tensors of integers, a and b.
struct Bilinear {
  int64_t left = 0, right = 0, product = 0, offset = 0;
  int shift = 0; ///< 0 to 40; from 1 on unless all is rounded down
  IntegerRange levels;
  Ties ties = Ties::Down;

  int64_t operator()(int64_t a, int64_t b) const;
};

/// What `op`, the `nn.quantize` that ends the floats between, has as bilinearAttr; none: nothing.
std::optional<Bilinear> bilinearOf(mlir::Operation *op);
void setBilinear(mlir::Operation *op, const Bilinear &form);

} // namespace nnc::nn
