//===- CommonRewrites.h - Rewrites that several rooms need ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"

namespace nnc::nn {

/// Replaces a product of a batch [... x M x K] with one matrix, `op`, by the product of one matrix
/// of all rows with it.
void multiplyAsOneMatrix(mlir::PatternRewriter &b, MatMulOp op);

/// Constants that nothing reads.
void eraseDeadConstants(mlir::func::FuncOp network);

/// Ops without effect whose results nothing reads, and what only they read.
void eraseDeadOps(mlir::func::FuncOp network);

} // namespace nnc::nn
