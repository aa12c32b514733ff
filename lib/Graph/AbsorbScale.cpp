//===- AbsorbScale.cpp - Constant factors move into weights ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Constants.h"
#include "nnc/Graph/Passes.h"
#include "nnc/Interpreter/Interpreter.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <cmath>

using namespace mlir;

namespace nnc::graph {
#define GEN_PASS_DEF_ABSORBSCALE
#include "nnc/Graph/Passes.h.inc"

namespace {

/// numbers * factors, each rounded once; none if one is not finite any more, or if the floor of
/// contractions makes one zero that it leaves alone without its factor.
std::optional<std::vector<float>> scaled(Value numbers, llvm::function_ref<double(size_t)> factor) {
  std::vector<float> result;
  FloatView view(floatConstant(numbers).getValue());
  result.reserve(view.values().size());
  for (auto [i, number] : llvm::enumerate(view.values())) {
    result.push_back(static_cast<float>(double(number) * factor(i)));
    bool isLost = std::fabs(number) >= floorOfOperands && factor(i) != 0 &&
                  std::fabs(result.back()) < floorOfOperands;
    if (!std::isfinite(result.back()) || isLost)
      return std::nullopt;
  }
  return result;
}

/// The output channel that element `i` of a contraction's weights belongs to:
/// filters lie one after the other, matrices have a column per channel.
size_t channelOfWeight(Operation *contraction, size_t i) {
  auto type = cast<RankedTensorType>(contraction->getOperand(weightsOperand).getType());
  if (isa<nn::ConvOp>(contraction))
    return i / (type.getNumElements() / type.getDimSize(0));
  return i % type.getShape().back();
}

struct ScaleAfter : OpRewritePattern<nn::MulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::MulOp op, PatternRewriter &b) const override {
    auto [contraction, other] = contractionAndOther(op);
    if (!contraction)
      return b.notifyMatchFailure(op, "no operand is a contraction");
    return absorb(op, contraction, other, b);
  }

private:
  static LogicalResult absorb(nn::MulOp op, Operation *contraction, Value by, PatternRewriter &b) {
    if (!contraction->hasOneUse() || contraction->getResult(0).getType() != op.getType())
      return b.notifyMatchFailure(op, "contraction has other readers or is smaller");
    auto factors = perChannel(by, op.getType().getShape(), channelOf(contraction));
    auto isConstant = [](Value v) { return floatConstant(v) != nullptr; };
    if (!factors || !llvm::all_of(contraction->getOperands().drop_front(), isConstant))
      return b.notifyMatchFailure(op, "factor or weights are not constant");
    Value weights = contraction->getOperand(weightsOperand), bias;
    auto newWeights =
        scaled(weights, [&](size_t i) { return (*factors)[channelOfWeight(contraction, i)]; });
    std::optional<std::vector<float>> newBias;
    if (contraction->getNumOperands() > biasOperand) {
      bias = contraction->getOperand(biasOperand);
      newBias = scaled(bias, [&](size_t i) { return (*factors)[i]; });
    }
    if (!newWeights || (bias && !newBias))
      return b.notifyMatchFailure(op, "a weight or bias would overflow or vanish");
    Operation *clone = b.clone(*contraction);
    clone->setLoc(b.getFusedLoc({contraction->getLoc(), op.getLoc()}));
    b.setInsertionPoint(clone);
    replaceConstant(clone->getOpOperand(weightsOperand), *newWeights, b);
    if (bias)
      replaceConstant(clone->getOpOperand(biasOperand), *newBias, b);
    b.replaceOp(op, clone);
    return success();
  }

  static void replaceConstant(OpOperand &operand, ArrayRef<float> values, PatternRewriter &b) {
    auto type = cast<RankedTensorType>(operand.get().getType());
    operand.set(nn::createFloats(b, operand.get().getLoc(), type.getShape(), values));
  }
};

/// Larger factors stay before a contraction: without them its operand may lie below the floor of
/// contractions; with this one what the floor takes is below 2^-24 in the product.
constexpr float mostBefore = 0x1p16f;

struct ScaleBefore : OpTraitRewritePattern<nn::Contraction> {
  using OpTraitRewritePattern::OpTraitRewritePattern;
  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &b) const override {
    auto product = op->getOperand(0).getDefiningOp<nn::MulOp>();
    Value weights = op->getOperand(weightsOperand);
    if (!product || !product->hasOneUse() || !floatConstant(weights))
      return b.notifyMatchFailure(op,
                                  "no product that this op alone reads, or weights not constant");
    for (auto [at, other] : {std::pair(0u, 1u), std::pair(1u, 0u)}) {
      std::optional<float> factor = splatValue(product->getOperand(at));
      Value input = product->getOperand(other);
      if (!factor || input.getType() != product.getType())
        continue;
      if (!(std::fabs(*factor) <= mostBefore))
        return b.notifyMatchFailure(op, "without the factor the operand might vanish");
      auto values = scaled(weights, [&](size_t) { return *factor; });
      if (!values)
        return b.notifyMatchFailure(op, "a weight would overflow or vanish");
      auto shape = cast<RankedTensorType>(weights.getType()).getShape();
      Value constant = nn::createFloats(b, weights.getLoc(), shape, *values);
      b.modifyOpInPlace(op, [&] {
        op->setOperand(0, input);
        op->setOperand(weightsOperand, constant);
      });
      return success();
    }
    return b.notifyMatchFailure(op, "no factor is one constant");
  }
};

/// Sums of integers times a factor stand for floats by another scale.
struct ScaleIntoDequantize : OpRewritePattern<nn::MulOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::MulOp op, PatternRewriter &b) const override {
    for (auto [at, other] : {std::pair(0u, 1u), std::pair(1u, 0u)}) {
      auto sums = op->getOperand(at).getDefiningOp<nn::DequantizeOp>();
      Value factor = op->getOperand(other);
      if (!sums || !sums->hasOneUse() || sums.getType() != op.getType() ||
          !sums.getInput().getType().getElementType().isInteger(32))
        continue;
      if (!isScale(sums.getScale()) || !isScale(factor))
        return b.notifyMatchFailure(op, "scale or factor is not known, positive and moderate");
      Value scale = product(b, op.getLoc(), sums.getScale(), factor);
      b.replaceOpWithNewOp<nn::DequantizeOp>(op, op.getType(), sums.getInput(), scale,
                                             sums.getZeroPoint());
      return success();
    }
    return b.notifyMatchFailure(op, "no operand is dequantized sums");
  }

private:
  /// A constant at once: the next factor behind it meets a known scale, in this run as in another.
  static Value product(PatternRewriter &b, Location loc, Value scale, Value factor) {
    auto op = b.create<nn::MulOp>(loc, scale, factor);
    auto numbers = [](Value v) {
      return interpreter::Tensor::fromElements(floatConstant(v).getValue());
    };
    auto results = interpreter::evaluateOp(op, {numbers(scale), numbers(factor)});
    ElementsAttr scales = llvm::cantFail(std::move(results)).front().toElements();
    b.eraseOp(op);
    return b.create<nn::ConstantOp>(loc, scales);
  }

  /// The product of two such is a scale again.
  static bool isScale(Value v) {
    constexpr float most = 0x1p+60f;
    if (!floatConstant(v))
      return false;
    FloatView view(floatConstant(v).getValue());
    return llvm::all_of(view.values(), [&](float s) { return s >= 1 / most && s <= most; });
  }
};

struct AbsorbScale : impl::AbsorbScaleBase<AbsorbScale> {
  void runOnOperation() override {
    BlobScope blobs(getOperation());
    RewritePatternSet patterns(&getContext());
    patterns.add<ScaleAfter, ScaleBefore, ScaleIntoDequantize>(&getContext());
    if (failed(applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace nnc::graph
