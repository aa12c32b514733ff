//===- DecomposeComposites.cpp - Composites as primitive ops --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The sequences of NumericSpec section 8, op for op: the order is what the bits depend on.
//
//===----------------------------------------------------------------------===//
#include "Constants.h"
#include "nnc/Graph/Passes.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <cmath>

using namespace mlir;

namespace nnc::graph {
#define GEN_PASS_DEF_DECOMPOSECOMPOSITES
#include "nnc/Graph/Passes.h.inc"

namespace {

Value scalar(PatternRewriter &b, Location loc, Type element, double value) {
  auto type = RankedTensorType::get({}, element);
  return b.create<nn::ConstantOp>(loc,
                                  DenseElementsAttr::get(type, b.getFloatAttr(element, value)));
}

/// What softmax and log_softmax begin with.
struct Exponentials {
  Value shifted, powers, sum;
  Exponentials(PatternRewriter &b, Location loc, Value input, DenseI64ArrayAttr axes) {
    BoolAttr keep = b.getBoolAttr(true);
    Value max = b.create<nn::ReduceMaxOp>(loc, input, axes, keep);
    shifted = b.create<nn::SubOp>(loc, input, max);
    powers = b.create<nn::ExpOp>(loc, shifted);
    sum = b.create<nn::ReduceSumOp>(loc, powers, axes, keep);
  }
};

struct DecomposeSoftmax : OpRewritePattern<nn::SoftmaxOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(nn::SoftmaxOp op, PatternRewriter &b) const override {
    Exponentials e(b, op.getLoc(), op.getInput(), op.getAxesAttr());
    Value one = scalar(b, op.getLoc(), op.getType().getElementType(), 1);
    Value reciprocal = b.create<nn::DivOp>(op.getLoc(), one, e.sum);
    b.replaceOpWithNewOp<nn::MulOp>(op, e.powers, reciprocal);
    return success();
  }
};

struct DecomposeLogSoftmax : OpRewritePattern<nn::LogSoftmaxOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(nn::LogSoftmaxOp op, PatternRewriter &b) const override {
    Exponentials e(b, op.getLoc(), op.getInput(), op.getAxesAttr());
    Value log = b.create<nn::LogOp>(op.getLoc(), e.sum);
    b.replaceOpWithNewOp<nn::SubOp>(op, e.shifted, log);
    return success();
  }
};

struct DecomposeLayerNorm : OpRewritePattern<nn::LayerNormOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(nn::LayerNormOp op, PatternRewriter &b) const override {
    Location loc = op.getLoc();
    Type element = op.getType().getElementType();
    auto range = llvm::seq<int64_t>(op.getAxis(), op.getInput().getType().getRank());
    auto axes = b.getDenseI64ArrayAttr(llvm::to_vector(range));
    BoolAttr keep = b.getBoolAttr(true);
    Value mean = b.create<nn::ReduceMeanOp>(loc, op.getInput(), axes, keep);
    Value centred = b.create<nn::SubOp>(loc, op.getInput(), mean);
    Value squares = b.create<nn::MulOp>(loc, centred, centred);
    Value variance = b.create<nn::ReduceMeanOp>(loc, squares, axes, keep);
    Value epsilon = scalar(b, loc, element, op.getEpsilon().convertToFloat());
    Value root = b.create<nn::SqrtOp>(loc, b.create<nn::AddOp>(loc, variance, epsilon));
    Value reciprocal = b.create<nn::DivOp>(loc, scalar(b, loc, element, 1), root);
    Value normal = b.create<nn::MulOp>(loc, centred, reciprocal);
    Value result = b.create<nn::MulOp>(loc, normal, op.getScale());
    if (op.getBias())
      result = b.create<nn::AddOp>(loc, result, op.getBias());
    b.replaceOp(op, result);
    return success();
  }
};

struct DecomposeBatchNorm : OpRewritePattern<nn::BatchNormOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::BatchNormOp op, PatternRewriter &b) const override {
    auto isConstant = [](Value v) { return floatConstant(v) != nullptr; };
    if (llvm::all_of(op.getOperands().drop_front(), isConstant))
      rewriteConstant(op, b);
    else
      rewriteVariable(op, b);
    return success();
  }

private:
  /// One element per channel, shaped so that it broadcasts to the input.
  static SmallVector<int64_t> channelShape(nn::BatchNormOp op) {
    SmallVector<int64_t> shape(op.getType().getRank() - 1, 1);
    shape[0] = op.getType().getDimSize(1);
    return shape;
  }

  /// The statistics are numbers: one product and one sum, computed in double.
  static void rewriteConstant(nn::BatchNormOp op, PatternRewriter &b) {
    FloatView scale(floatConstant(op.getScale()).getValue()),
        bias(floatConstant(op.getBias()).getValue());
    FloatView mean(floatConstant(op.getMean()).getValue());
    FloatView variance(floatConstant(op.getVariance()).getValue());
    std::vector<float> factor, offset;
    for (size_t c = 0; c < scale.values().size(); ++c) {
      double a = scale.values()[c] /
                 std::sqrt(double(variance.values()[c]) + double(op.getEpsilon().convertToFloat()));
      factor.push_back(static_cast<float>(a));
      offset.push_back(static_cast<float>(bias.values()[c] - mean.values()[c] * a));
    }
    SmallVector<int64_t> shape = channelShape(op);
    Value product = b.create<nn::MulOp>(op.getLoc(), op.getInput(),
                                        nn::createFloats(b, op.getLoc(), shape, factor));
    b.replaceOpWithNewOp<nn::AddOp>(op, product, nn::createFloats(b, op.getLoc(), shape, offset));
  }

  static void rewriteVariable(nn::BatchNormOp op, PatternRewriter &b) {
    Location loc = op.getLoc();
    Type element = op.getType().getElementType();
    auto spread = [&](Value v) -> Value {
      return b.create<nn::ReshapeOp>(loc, RankedTensorType::get(channelShape(op), element), v);
    };
    Value epsilon = scalar(b, loc, element, op.getEpsilon().convertToFloat());
    Value root = b.create<nn::SqrtOp>(loc, b.create<nn::AddOp>(loc, op.getVariance(), epsilon));
    Value factor = b.create<nn::DivOp>(loc, op.getScale(), root);
    Value centred = b.create<nn::SubOp>(loc, op.getInput(), spread(op.getMean()));
    Value product = b.create<nn::MulOp>(loc, centred, spread(factor));
    b.replaceOpWithNewOp<nn::AddOp>(op, product, spread(op.getBias()));
  }
};

struct DecomposeComposites : impl::DecomposeCompositesBase<DecomposeComposites> {
  using Base::Base;
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<DecomposeBatchNorm>(&getContext());
    if (!batchNormOnly)
      patterns.add<DecomposeSoftmax, DecomposeLogSoftmax, DecomposeLayerNorm>(&getContext());
    if (failed(applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace nnc::graph
