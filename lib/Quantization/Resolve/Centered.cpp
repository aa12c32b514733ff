//===- Centered.cpp - Integers less their zero points -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Centered.h"

#include "../Constants.h"

using namespace mlir;

namespace nnc::quantization {

nn::SubOp centered(OpBuilder &b, nn::DequantizeOp q, unsigned bits) {
  auto wide = [&](Value v) -> Value {
    auto type = RankedTensorType::get(typeOf(v).getShape(), b.getIntegerType(bits));
    return type == v.getType() ? v : b.create<nn::CastOp>(v.getLoc(), type, v).getResult();
  };
  return b.create<nn::SubOp>(q.getLoc(), wide(q.getInput()), wide(q.getZeroPoint()));
}

std::optional<Centered> centeredBy(Value v) {
  if (auto cast = v.getDefiningOp<nn::CastOp>(); cast && nn::fitsByte(cast.getInput()))
    return Centered{cast.getInput(), 0};
  auto sub = v.getDefiningOp<nn::SubOp>();
  auto widened = sub ? sub.getLhs().getDefiningOp<nn::CastOp>() : nn::CastOp();
  std::optional<int64_t> zero = widened ? constantInteger(sub.getRhs()) : std::nullopt;
  if (!zero || !nn::fitsByte(widened.getInput()))
    return std::nullopt;
  return Centered{widened.getInput(), *zero};
}

} // namespace nnc::quantization
