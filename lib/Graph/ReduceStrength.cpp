//===- ReduceStrength.cpp - Cheaper ops for powers and divisions ----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Constants.h"
#include "nnc/Graph/Passes.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <cmath>

using namespace mlir;

namespace nnc::graph {
#define GEN_PASS_DEF_REDUCESTRENGTH
#include "nnc/Graph/Passes.h.inc"

namespace {

/// A result of `values` in the shape that `op` has.
Value likeResult(Operation *op, float value, PatternRewriter &b) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  Value scalar = nn::createFloats(b, op->getLoc(), {}, value);
  if (type.getRank() == 0)
    return scalar;
  return b.create<nn::BroadcastOp>(op->getLoc(), type, scalar);
}

struct ExpandPower : OpRewritePattern<nn::PowOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(nn::PowOp op, PatternRewriter &b) const override {
    std::optional<float> exponent = splatValue(op.getRhs());
    if (!exponent)
      return b.notifyMatchFailure(op, "exponent is not one constant");
    if (*exponent != 0 && op.getLhs().getType() != op.getType())
      return b.notifyMatchFailure(op, "exponent has more elements than the base");
    Value base = op.getLhs(), result;
    Location loc = op.getLoc();
    if (*exponent == 0)
      result = likeResult(op, 1, b);
    else if (*exponent == 1)
      result = base;
    else if (*exponent == 2)
      result = b.create<nn::MulOp>(loc, base, base);
    else if (*exponent == 3)
      result = b.create<nn::MulOp>(loc, b.create<nn::MulOp>(loc, base, base), base);
    else if (*exponent == 0.5f)
      result = b.create<nn::SqrtOp>(loc, base);
    else if (*exponent == -1)
      result = b.create<nn::DivOp>(loc, nn::createFloats(b, loc, {}, 1.0f), base);
    else
      return b.notifyMatchFailure(op, "exponent is none of 0, 1, 2, 3, 0.5, -1");
    b.replaceOp(op, result);
    return success();
  }
};

/// Is `v` what a grid of integers is spaced by? A last bit more or less moves ties.
bool isScale(Value v) {
  return llvm::any_of(v.getUses(), [](OpOperand &use) {
    return isa<nn::QuantizeOp, nn::DequantizeOp, nn::RequantizeOp>(use.getOwner()) &&
           use.getOperandNumber() == 1;
  });
}

/// Ops whose bits every runtime agrees on: no functions, no sums.
bool isExact(Operation *op) {
  return op->hasTrait<nn::Movement>() ||
         isa<nn::AddOp, nn::SubOp, nn::MulOp, nn::DivOp, nn::MinOp, nn::MaxOp, nn::NegOp,
             nn::ReluOp, nn::LeakyReluOp, nn::ClipOp, nn::SelectOp, nn::MaxPoolOp>(op);
}

/// The divisions whose quotients end in integers by exact ops only: there, too, a last bit would
/// move ties.
llvm::DenseSet<Operation *> quantizedDivisions(func::FuncOp network) {
  llvm::DenseSet<Operation *> seen, divisions;
  SmallVector<Operation *> pending(network.getOps<nn::QuantizeOp>());
  while (!pending.empty()) {
    Operation *op = pending.pop_back_val();
    for (Value operand : op->getOperands()) {
      Operation *producer = operand.getDefiningOp();
      if (!producer || !isExact(producer) || !seen.insert(producer).second)
        continue;
      pending.push_back(producer);
      if (isa<nn::DivOp>(producer))
        divisions.insert(producer);
    }
  }
  return divisions;
}

struct MultiplyByReciprocal : OpRewritePattern<nn::DivOp> {
  MultiplyByReciprocal(MLIRContext *context, const llvm::DenseSet<Operation *> &quantized)
      : OpRewritePattern(context), quantized(quantized) {}

  LogicalResult matchAndRewrite(nn::DivOp op, PatternRewriter &b) const override {
    nn::ConstantOp divisor = floatConstant(op.getRhs());
    if (!divisor || floatConstant(op.getLhs()))
      return b.notifyMatchFailure(op, "divisor alone must be constant");
    bool mustBeExact = isScale(op) || quantized.contains(op);
    std::vector<float> reciprocals;
    FloatView view(divisor.getValue());
    for (float v : view.values()) {
      // Beyond these a reciprocal would be subnormal or not finite.
      if (!(std::fabs(v) >= 0x1p-125f && std::fabs(v) <= 0x1p+125f))
        return b.notifyMatchFailure(op, "a divisor has no normal reciprocal");
      if (int exponent; mustBeExact && std::fabs(std::frexp(v, &exponent)) != 0.5f)
        return b.notifyMatchFailure(op, "the quotient is a scale or is quantized");
      reciprocals.push_back(static_cast<float>(1.0 / v));
    }
    Value factor = nn::createFloats(b, divisor.getLoc(), divisor.getType().getShape(), reciprocals);
    b.replaceOpWithNewOp<nn::MulOp>(op, op.getLhs(), factor);
    return success();
  }

private:
  const llvm::DenseSet<Operation *> &quantized;
};

/// A tensor minus its own maximum along whatever axes: nothing in it is above 0.
bool isAtMostZero(Value value) {
  auto difference = value.getDefiningOp<nn::SubOp>();
  auto max = difference ? difference.getRhs().getDefiningOp<nn::ReduceMaxOp>() : nullptr;
  return max && max.getInput() == difference.getLhs() && max.getKeepdims();
}

/// Whether `value` is 0 or has a normal reciprocal wherever it is a finite number. A square root
/// lies in [2^-63, 2^64]; the sum of up to 2^31 exponentials of numbers that are at most 0 lies in
/// [2^-100, 2^31], since what is below 2^-100 does not enter a sum.
bool hasNormalReciprocal(Value value) {
  if (value.getDefiningOp<nn::SqrtOp>())
    return true;
  auto sum = value.getDefiningOp<nn::ReduceSumOp>();
  auto power = sum ? sum.getInput().getDefiningOp<nn::ExpOp>() : nullptr;
  return power && isAtMostZero(power.getInput());
}

/// x / y, y smaller than x: one division per element of y.
struct DivideOnce : OpRewritePattern<nn::DivOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(nn::DivOp op, PatternRewriter &b) const override {
    Value divisor = op.getRhs();
    if (!op.getType().getElementType().isF32() ||
        op.getRhs().getType().getNumElements() >= op.getLhs().getType().getNumElements())
      return b.notifyMatchFailure(op, "divisor is not smaller than the dividend");
    if (!hasNormalReciprocal(divisor))
      return b.notifyMatchFailure(op, "reciprocal of the divisor might not be normal");
    Value one = nn::createFloats(b, op.getLoc(), {}, 1.0f);
    Value reciprocal = b.create<nn::DivOp>(op.getLoc(), one, divisor);
    b.replaceOpWithNewOp<nn::MulOp>(op, op.getLhs(), reciprocal);
    return success();
  }
};

struct ReduceStrength : impl::ReduceStrengthBase<ReduceStrength> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    llvm::DenseSet<Operation *> quantized = quantizedDivisions(getOperation());
    patterns.add<ExpandPower, DivideOnce>(&getContext());
    patterns.add<MultiplyByReciprocal>(&getContext(), quantized);
    if (failed(applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace nnc::graph
