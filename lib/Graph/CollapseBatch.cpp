//===- CollapseBatch.cpp - Single rows that share one matrix --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Constants.h"
#include "dialects/NN/CommonRewrites.h"
#include "nnc/Graph/Passes.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace nnc::graph {
#define GEN_PASS_DEF_COLLAPSEBATCH
#include "nnc/Graph/Passes.h.inc"

namespace {

struct CollapseRows : OpRewritePattern<nn::MatMulOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(nn::MatMulOp op, PatternRewriter &b) const override {
    RankedTensorType lhs = op.getLhs().getType(), rhs = op.getRhs().getType();
    int64_t rank = lhs.getRank();
    if (rhs.getRank() != 2 || rank < 3 || lhs.getDimSize(rank - 2) != 1)
      return b.notifyMatchFailure(op, "no batch of single rows times one matrix");
    if (ShapedType::getNumElements(lhs.getShape().drop_back(1)) == 1)
      return b.notifyMatchFailure(op, "one row only");
    nn::multiplyAsOneMatrix(b, op);
    return success();
  }
};

struct CollapseBatch : impl::CollapseBatchBase<CollapseBatch> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<CollapseRows>(&getContext());
    if (failed(applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace nnc::graph
