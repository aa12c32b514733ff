//===- FlattenBatches.cpp - One product for a batch with shared weights --------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/NN/CommonRewrites.h"
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
    if (op.getLhs().getType().getRank() == 2 || op.getRhs().getType().getRank() != 2)
      return b.notifyMatchFailure(op, "no batch that shares its right operand");
    nn::multiplyAsOneMatrix(b, op);
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
