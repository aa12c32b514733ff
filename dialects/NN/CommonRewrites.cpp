//===- CommonRewrites.cpp - Rewrites that several rooms need -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/NN/CommonRewrites.h"

#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;

namespace nnc::nn {

void multiplyAsOneMatrix(PatternRewriter &b, MatMulOp op) {
  RankedTensorType lhs = op.getLhs().getType();
  int64_t rows = ShapedType::getNumElements(lhs.getShape().drop_back(1));
  auto matrix = RankedTensorType::get({rows, lhs.getShape().back()}, lhs.getElementType());
  Value input = b.create<ReshapeOp>(op.getLoc(), matrix, op.getLhs());
  Value product = b.create<MatMulOp>(op.getLoc(), input, op.getRhs(), op.getBias());
  b.replaceOpWithNewOp<ReshapeOp>(op, op.getType(), product);
}

void eraseDeadConstants(func::FuncOp network) {
  for (auto constant : llvm::make_early_inc_range(network.getOps<ConstantOp>()))
    if (constant->use_empty())
      constant.erase();
}

void eraseDeadOps(func::FuncOp network) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(network.front())))
    if (isOpTriviallyDead(&op))
      op.erase();
}

} // namespace nnc::nn
