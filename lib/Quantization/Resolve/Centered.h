//===- Centered.h - Integers less their zero points ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include "mlir/IR/Builders.h"

#include <optional>

namespace nnc::quantization {

/// `q` less its zero point, in `bits` bits: a difference, whose two operands are casts where they
/// were narrower. The importer writes the operands of integer products alike.
nn::SubOp centered(mlir::OpBuilder &b, nn::DequantizeOp q, unsigned bits);

/// An operand less a zero point, both widened: x - z.
struct Centered {
  mlir::Value x;
  int64_t zeroPoint;
};

/// The inverse: how `v` was centered, where that can be undone: one zero point, known.
std::optional<Centered> centeredBy(mlir::Value v);

} // namespace nnc::quantization
