//===- Quantized.h - Networks of integers that stand for floats --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include "mlir/IR/TypeUtilities.h"

namespace nnc::nn {

/// Does `op` show that its network is quantized: do integers in it stand for floats?
inline bool isQuantized(mlir::Operation *op) {
  return mlir::isa<QuantizeOp, DequantizeOp, RequantizeOp, RescaleOp, ProportionOp>(op) ||
         (op->hasTrait<Contraction>() && mlir::getElementTypeOrSelf(op->getResult(0)).isInteger());
}

} // namespace nnc::nn
