//===- AbsorbBias.cpp - Constants added per channel start the accumulator -===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Constants.h"
#include "nnc/Graph/Passes.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

#include <cmath>

using namespace mlir;

namespace nnc::graph {
#define GEN_PASS_DEF_ABSORBBIAS
#include "nnc/Graph/Passes.h.inc"

namespace {

struct AbsorbIntoContraction : OpRewritePattern<nn::AddOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::AddOp op, PatternRewriter &b) const override {
    auto [contraction, other] = contractionAndOther(op);
    if (!contraction)
      return b.notifyMatchFailure(op, "no operand is a contraction");
    return absorb(op, contraction, other, b);
  }

private:
  static LogicalResult absorb(nn::AddOp op, Operation *contraction, Value addend,
                              PatternRewriter &b) {
    if (!contraction->hasOneUse())
      return b.notifyMatchFailure(op, "contraction has other readers");
    if (contraction->getResult(0).getType() != op.getType())
      return b.notifyMatchFailure(op, "sum is larger than the contraction");
    int64_t channel = channelOf(contraction);
    auto bias = perChannel(addend, op.getType().getShape(), channel);
    if (!bias || failed(addOldBias(contraction, *bias)))
      return b.notifyMatchFailure(op, "addend or bias is not constant per channel");
    if (llvm::any_of(*bias, [](float v) { return v != 0 && isFloored(v); }))
      return b.notifyMatchFailure(op, "the floor of contractions would make a bias zero");
    b.setInsertionPoint(op);
    IRMapping mapping;
    Operation *biased = b.clone(*contraction, mapping);
    biased->setLoc(b.getFusedLoc({contraction->getLoc(), op.getLoc()}));
    b.setInsertionPoint(biased);
    Value start = nn::createFloats(b, addend.getLoc(), op.getType().getDimSize(channel), *bias);
    biased->insertOperands(biased->getNumOperands(), start);
    if (biased->getNumOperands() > biasOperand + 1)
      biased->eraseOperand(biasOperand);
    b.replaceOp(op, biased);
    return success();
  }

  static bool isFloored(float v) { return std::fabs(v) < floorOfOperands; }

  /// Adds the bias that the contraction already has, floored; rounded once.
  static LogicalResult addOldBias(Operation *contraction, std::vector<float> &bias) {
    if (contraction->getNumOperands() <= biasOperand)
      return success();
    nn::ConstantOp old = floatConstant(contraction->getOperand(biasOperand));
    if (!old)
      return failure();
    FloatView view(old.getValue());
    for (auto [sum, value] : llvm::zip_equal(bias, view.values()))
      sum = static_cast<float>(double(sum) + (isFloored(value) ? 0.0 : double(value)));
    return success();
  }
};

struct AbsorbBias : impl::AbsorbBiasBase<AbsorbBias> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<AbsorbIntoContraction>(&getContext());
    if (failed(applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace nnc::graph
