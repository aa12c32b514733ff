//===- ComposeMovement.cpp - Neighbouring movement ops as one -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Constants.h"
#include "nnc/Graph/Passes.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace nnc::graph {
#define GEN_PASS_DEF_COMPOSEMOVEMENT
#include "nnc/Graph/Passes.h.inc"

namespace {

struct ReshapeOfReshape : OpRewritePattern<nn::ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(nn::ReshapeOp op, PatternRewriter &b) const override {
    auto first = op.getInput().getDefiningOp<nn::ReshapeOp>();
    if (!first)
      return b.notifyMatchFailure(op, "input is no reshape");
    b.replaceOpWithNewOp<nn::ReshapeOp>(op, op.getType(), first.getInput());
    return success();
  }
};

struct TransposeOfTranspose : OpRewritePattern<nn::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(nn::TransposeOp op, PatternRewriter &b) const override {
    auto first = op.getInput().getDefiningOp<nn::TransposeOp>();
    if (!first)
      return b.notifyMatchFailure(op, "input is no transpose");
    SmallVector<int64_t> permutation;
    for (int64_t d : op.getPermutation())
      permutation.push_back(first.getPermutation()[d]);
    b.replaceOpWithNewOp<nn::TransposeOp>(op, first.getInput(), permutation);
    return success();
  }
};

/// The dimensions of more than one element keep their order: memory order stays.
struct TransposeOfUnits : OpRewritePattern<nn::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(nn::TransposeOp op, PatternRewriter &b) const override {
    SmallVector<int64_t> moved(op.getPermutation());
    llvm::erase_if(moved, [&](int64_t d) { return op.getInput().getType().getDimSize(d) == 1; });
    if (!llvm::is_sorted(moved))
      return b.notifyMatchFailure(op, "moves a dimension of more than one element");
    b.replaceOpWithNewOp<nn::ReshapeOp>(op, op.getType(), op.getInput());
    return success();
  }
};

struct BroadcastOfBroadcast : OpRewritePattern<nn::BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(nn::BroadcastOp op, PatternRewriter &b) const override {
    auto first = op.getInput().getDefiningOp<nn::BroadcastOp>();
    if (!first)
      return b.notifyMatchFailure(op, "input is no broadcast");
    b.replaceOpWithNewOp<nn::BroadcastOp>(op, op.getType(), first.getInput());
    return success();
  }
};

/// An elementwise op broadcasts its operands itself.
struct DropBroadcast : OpTraitRewritePattern<nn::Elementwise> {
  using OpTraitRewritePattern::OpTraitRewritePattern;
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &b) const override {
    if (op->getNumOperands() < 2)
      return failure();
    for (OpOperand &operand : op->getOpOperands()) {
      auto broadcast = operand.get().getDefiningOp<nn::BroadcastOp>();
      if (!broadcast || !othersHaveShape(op, operand, broadcast))
        continue;
      b.modifyOpInPlace(op, [&] { operand.set(broadcast.getInput()); });
      return success();
    }
    return failure();
  }

private:
  static bool othersHaveShape(Operation *op, OpOperand &dropped, nn::BroadcastOp broadcast) {
    SmallVector<int64_t> shape(broadcast.getInput().getType().getShape());
    for (OpOperand &other : op->getOpOperands())
      if (&other != &dropped)
        shape =
            *nn::broadcastShapes(shape, cast<RankedTensorType>(other.get().getType()).getShape());
    return ArrayRef<int64_t>(shape) ==
           cast<RankedTensorType>(op->getResult(0).getType()).getShape();
  }
};

template <typename Op>
struct KeepReducedDims : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;
  LogicalResult matchAndRewrite(Op op, PatternRewriter &b) const override {
    if (op.getKeepdims())
      return b.notifyMatchFailure(op, "keeps its dimensions already");
    Value kept = b.create<Op>(op.getLoc(), op.getInput(), op.getAxes(), /*keepdims=*/true);
    b.replaceOpWithNewOp<nn::ReshapeOp>(op, op.getType(), kept);
    return success();
  }
};

struct ComposeMovement : impl::ComposeMovementBase<ComposeMovement> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ReshapeOfReshape, TransposeOfTranspose, TransposeOfUnits, BroadcastOfBroadcast,
                 DropBroadcast, KeepReducedDims<nn::ReduceSumOp>, KeepReducedDims<nn::ReduceMeanOp>,
                 KeepReducedDims<nn::ReduceMaxOp>>(&getContext());
    if (failed(applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace nnc::graph
