//===- RemoveIdentities.cpp - Ops that change nothing, tensors without elements -===//
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
#define GEN_PASS_DEF_REMOVEIDENTITIES
#include "nnc/Graph/Passes.h.inc"

namespace {

/// The operand that `op` returns unchanged up to -0 and subnormals.
Value unchangedOperand(Operation *op) {
  auto isNumber = [&](unsigned operand, float number) {
    std::optional<float> value = splatValue(op->getOperand(operand));
    return value && *value == number;
  };
  if (isa<nn::AddOp>(op))
    return isNumber(1, 0) ? op->getOperand(0) : isNumber(0, 0) ? op->getOperand(1) : Value();
  if (isa<nn::MulOp>(op))
    return isNumber(1, 1) ? op->getOperand(0) : isNumber(0, 1) ? op->getOperand(1) : Value();
  if (isa<nn::SubOp>(op))
    return isNumber(1, 0) ? op->getOperand(0) : Value();
  if (isa<nn::DivOp>(op))
    return isNumber(1, 1) ? op->getOperand(0) : Value();
  if (isa<nn::PadOp>(op))
    return op->getOperand(0); // of the same type: nothing was padded
  return {};
}

struct RemoveIdentity : RewritePattern {
  explicit RemoveIdentity(MLIRContext *context) : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &b) const override {
    Value same = op->getNumResults() == 1 ? unchangedOperand(op) : Value();
    if (!same || same.getType() != op->getResult(0).getType())
      return failure();
    b.replaceOp(op, same);
    return success();
  }
};

/// Nothing to compare with: the least number everywhere.
struct NothingToReach : OpRewritePattern<nn::ThresholdOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(nn::ThresholdOp op, PatternRewriter &b) const override {
    if (op.getThresholds().getType().getDimSize(1) != 0)
      return b.notifyMatchFailure(op, "has thresholds");
    Type element = op.getType().getElementType();
    Attribute least = b.getIntegerAttr(element, static_cast<int64_t>(op.getLeast()));
    Value number = b.create<nn::ConstantOp>(
        op.getLoc(), DenseElementsAttr::get(RankedTensorType::get({}, element), least));
    b.replaceOpWithNewOp<nn::BroadcastOp>(op, op.getType(), number);
    return success();
  }
};

/// A tensor without elements has one value only.
struct EmptyIsConstant : RewritePattern {
  explicit EmptyIsConstant(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &b) const override {
    if (isa<nn::ConstantOp>(op) || op->getNumResults() != 1)
      return failure();
    auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
    if (!type || type.getNumElements() != 0)
      return failure();
    b.replaceOpWithNewOp<nn::ConstantOp>(op, nn::makeElements(type, {}));
    return success();
  }
};

struct DropEmptyPart : OpRewritePattern<nn::ConcatOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(nn::ConcatOp op, PatternRewriter &b) const override {
    SmallVector<Value> parts;
    for (Value input : op.getInputs())
      if (cast<RankedTensorType>(input.getType()).getNumElements() != 0)
        parts.push_back(input);
    if (parts.empty() || parts.size() == op.getInputs().size())
      return b.notifyMatchFailure(op, "no part is empty");
    b.replaceOpWithNewOp<nn::ConcatOp>(op, parts, op.getAxisAttr());
    return success();
  }
};

/// Readers of an input without elements read a constant instead.
void replaceEmptyInputs(func::FuncOp function) {
  OpBuilder b(function.getBody());
  for (BlockArgument argument : function.getArguments())
    if (auto type = dyn_cast<RankedTensorType>(argument.getType());
        type && type.hasStaticShape() && type.getNumElements() == 0)
      argument.replaceAllUsesWith(
          b.create<nn::ConstantOp>(function.getLoc(), nn::makeElements(type, {})));
}

struct RemoveIdentities : impl::RemoveIdentitiesBase<RemoveIdentities> {
  void runOnOperation() override {
    replaceEmptyInputs(getOperation());
    RewritePatternSet patterns(&getContext());
    patterns.add<RemoveIdentity, EmptyIsConstant, NothingToReach, DropEmptyPart>(&getContext());
    if (failed(applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace nnc::graph
