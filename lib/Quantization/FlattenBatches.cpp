//===- FlattenBatches.cpp - One product for a batch with shared weights --------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Quantization/Passes.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_FLATTENBATCHES
#include "nnc/Quantization/Passes.h.inc"

namespace {

struct FlattenBatch : OpRewritePattern<nn::MatMulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::MatMulOp op, PatternRewriter &b) const override {
    auto lhs = cast<RankedTensorType>(op.getLhs().getType());
    auto rhs = cast<RankedTensorType>(op.getRhs().getType());
    if (lhs.getRank() == 2 || rhs.getRank() != 2)
      return b.notifyMatchFailure(op, "no batch that shares its right operand");
    int64_t rows = lhs.getNumElements() / lhs.getShape().back();
    auto flat = [&](int64_t columns) {
      return RankedTensorType::get({rows, columns}, lhs.getElementType());
    };
    Value matrix = b.create<nn::ReshapeOp>(op.getLoc(), flat(lhs.getShape().back()), op.getLhs());
    Value product = b.create<nn::MatMulOp>(op.getLoc(), flat(rhs.getDimSize(1)), matrix,
                                           op.getRhs(), op.getBias());
    b.replaceOpWithNewOp<nn::ReshapeOp>(op, op.getType(), product);
    return success();
  }
};

struct FlattenBatches : impl::FlattenBatchesBase<FlattenBatches> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<FlattenBatch>(&getContext());
    if (failed(applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace nnc::quantization
