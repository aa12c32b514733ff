//===- ResolveMeans.cpp - Quantized averages sum integers ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "../FixedScale.h"
#include "../OddNumber.h"
#include "../TapCounts.h"
#include "Centered.h"
#include "FixedPoint.h"
#include "dialects/NN/CommonRewrites.h"
#include "nnc/Quantization/Passes.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_RESOLVEMEANS
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// What each result of a mean sums, and of how many elements, broadcastable to the result.
struct Sums {
  Value sums, counts;
};

Sums sumsOf(OpBuilder &b, nn::ReduceMeanOp op, nn::DequantizeOp source) {
  int64_t count = 1;
  for (int64_t axis : op.getAxes())
    count *= source.getType().getDimSize(axis);
  Value sums = b.create<nn::ReduceSumOp>(op.getLoc(), centered(b, source, 32), op.getAxes(),
                                         op.getKeepdims());
  return {sums, nn::createFloats(b, op.getLoc(), {}, static_cast<float>(count))};
}

Value countsOf(OpBuilder &b, nn::AveragePoolOp op) {
  SmallVector<int64_t> shape{1};
  std::vector<float> values{1.0f};
  for (size_t i = 0; i < op.getKernel().size(); ++i) {
    SmallVector<int64_t> counts = tapCounts(op, i);
    std::vector<float> next;
    for (float outer : values)
      for (int64_t count : counts)
        next.push_back(outer * static_cast<float>(count));
    values = std::move(next);
    shape.push_back(counts.size());
  }
  if (llvm::all_equal(values))
    return nn::createFloats(b, op.getLoc(), {}, values.front());
  return nn::createFloats(b, op.getLoc(), shape, values);
}

/// The sum of each window of `x`, i16: a depthwise convolution with weights of 1.
Value windowSums(OpBuilder &b, nn::AveragePoolOp op, Value x) {
  int64_t channels = op.getType().getDimSize(1);
  size_t spatial = op.getKernel().size();
  SmallVector<int64_t> pads(op.getPads()), filter{channels, 1};
  for (size_t i = 0; i < spatial; ++i) {
    int64_t window = (op.getKernel()[i] - 1) * op.getDilations()[i] + 1;
    int64_t reached = (op.getType().getDimSize(i + 2) - 1) * op.getStrides()[i] + window -
                      op.getPads()[i] - op.getInput().getType().getDimSize(i + 2);
    pads[spatial + i] = std::max(pads[spatial + i], reached); // ceil_mode reaches past the pads
    filter.push_back(op.getKernel()[i]);
  }
  std::vector<int64_t> ones(ShapedType::getNumElements(filter), 1);
  Value weights = integerConstant(b, op.getLoc(), filter, b.getIntegerType(16), ones);
  auto sumType = RankedTensorType::get(op.getType().getShape(), b.getI32Type());
  return b.create<nn::ConvOp>(op.getLoc(), sumType, x, weights, Value(), op.getStrides(),
                              op.getDilations(), pads, channels);
}

/// Integers of 16 bits and a sign whose zero point is 0.
bool isCenteredWord(nn::DequantizeOp op) {
  return typeOf(op.getInput()).getElementType().isSignlessInteger(16) &&
         constantInteger(op.getZeroPoint()) == 0;
}

Sums sumsOf(OpBuilder &b, nn::AveragePoolOp op, nn::DequantizeOp source) {
  Value x = isCenteredWord(source) ? source.getInput() : centered(b, source, 16);
  return {windowSums(b, op, x), countsOf(b, op)};
}

template <typename Mean>
struct ResolveMean : OpRewritePattern<nn::QuantizeOp> {
  using OpRewritePattern<nn::QuantizeOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::QuantizeOp op, PatternRewriter &b) const override {
    auto mean = op.getInput().template getDefiningOp<Mean>();
    auto source =
        mean ? mean.getInput().template getDefiningOp<nn::DequantizeOp>() : nn::DequantizeOp();
    if (!source || !mean->hasOneUse() || !nn::fitsByte(source.getInput()) ||
        op.getRounding() != nn::RoundingMode::HalfEven)
      return b.notifyMatchFailure(op, "no mean of narrow integers");
    if (!isPerTensor(source) || !isPerTensor(op))
      return b.notifyMatchFailure(op, "several scales");
    Location loc = b.getFusedLoc({mean.getLoc(), op.getLoc()});
    Sums sums = sumsOf(b, mean, source);
    Value divisor = b.create<nn::MulOp>(loc, reshaped(b, op.getScale(), {}), sums.counts);
    Value scale = b.create<nn::DivOp>(loc, reshaped(b, source.getScale(), {}), divisor);
    b.replaceOpWithNewOp<nn::RequantizeOp>(op, op.getType(), sums.sums, scale,
                                           reshaped(b, op.getZeroPoint(), {}));
    return success();
  }
};

/// Whether integers are made of `floats` again, at once or later.
bool becomeIntegers(Value floats) {
  llvm::SetVector<Value> reached;
  reached.insert(floats);
  for (size_t i = 0; i < reached.size(); ++i)
    for (Operation *user : reached[i].getUsers())
      for (Value result : user->getResults()) {
        if (!isFloat(result))
          return true;
        reached.insert(result);
      }
  return false;
}

/// Whether the floats of `op` may stay for hardware's caller, as those behind them do: of sums over
/// other axes than the pixels of one image it has few.
bool isForCaller(nn::ReduceMeanOp op) {
  RankedTensorType type = op.getInput().getType();
  bool isImage = type.getRank() > 2 && type.getDimSize(0) == 1 &&
                 llvm::equal(op.getAxes(), llvm::seq<int64_t>(2, type.getRank()));
  return !isImage && !becomeIntegers(op.getResult());
}
bool isForCaller(nn::AveragePoolOp) { return false; } // it would be refused

/// The floats of a mean whose result is not quantized at once, by a sum of integers, where floats
/// hold each sum: the scale is a power of two, and 24 bits are enough.
template <typename Mean>
void sumExactly(Mean mean) {
  constexpr float leastScale = 0x1p-100f, mostScale = 0x1p100f;
  auto source = mean.getInput().template getDefiningOp<nn::DequantizeOp>();
  if (!source || !isPerTensor(source) ||
      !(nn::fitsByte(source.getInput()) || isCenteredWord(source)))
    return;
  std::optional<float> scale = constantFloat(source.getScale());
  if (!scale || !isPowerOfTwo(*scale) || *scale < leastScale || *scale > mostScale ||
      isForCaller(mean))
    return;
  OpBuilder b(mean);
  Sums sums = sumsOf(b, mean, source);
  interpreter::Tensor counts = constantValue(sums.counts);
  auto mostCount =
      static_cast<float>(1 << (24 - typeOf(source.getInput()).getElementTypeBitWidth()));
  if (llvm::any_of(counts.elements<float>(), [&](float count) { return count > mostCount; }))
    return; // what was built in vain is dead
  Location loc = mean.getLoc();
  auto dequantized = [&](float by) {
    return b.create<nn::DequantizeOp>(loc, mean.getType(), sums.sums,
                                      nn::createFloats(b, loc, {}, by),
                                      integerConstant(b, loc, {}, b.getI32Type(), {0}));
  };
  std::optional<float> count = constantFloat(sums.counts);
  if (count && isPowerOfTwo(*count))
    return mean.getResult().replaceAllUsesWith(dequantized(*scale / *count));
  auto reciprocals = llvm::map_to_vector(counts.elements<float>(), [](float n) { return 1 / n; });
  mean.getResult().replaceAllUsesWith(b.create<nn::MulOp>(
      loc, dequantized(*scale), nn::createFloats(b, loc, counts.getShape(), reciprocals)));
}

/// 1 / count such that nn.rescale by it, away from zero, is the rounded quotient of sums of bytes.
std::optional<FixedScale> reciprocal(int64_t count) {
  constexpr int mostBits = 20; // beyond, the multiplier's own error could reach a half
  int bits = static_cast<int>(llvm::Log2_64(count));
  if (count < 1 || bits >= mostBits)
    return std::nullopt;
  int shift = 30 + bits;
  return FixedScale{static_cast<int64_t>(llvm::divideCeil(int64_t(1) << shift, count)), shift,
                    nn::RescaleRounding::HalfAway};
}

/// TFLite's AVERAGE_POOL_2D: stored values are summed as they are, on one grid, and the quotient
/// goes to the nearest integer, halves away from (stored) zero.
struct ResolveStoredMean : OpRewritePattern<nn::QuantizeOp> {
  using OpRewritePattern<nn::QuantizeOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::QuantizeOp op, PatternRewriter &b) const override {
    auto mean = op.getInput().getDefiningOp<nn::AveragePoolOp>();
    auto source = mean ? mean.getInput().getDefiningOp<nn::DequantizeOp>() : nn::DequantizeOp();
    if (!source || !mean->hasOneUse() || !isOneGrid(source, op) || !nn::fitsByte(op.getResult()))
      return b.notifyMatchFailure(op, "no mean of narrow integers on one grid");
    if (mean.getCountIncludePad() && llvm::any_of(mean.getPads(), [](int64_t n) { return n > 0; }))
      return b.notifyMatchFailure(op, "counts what stands outside");
    interpreter::Tensor counts = constantValue(countsOf(b, mean));
    std::vector<int64_t> multipliers, shifts;
    for (float count : counts.elements<float>()) {
      std::optional<FixedScale> factor = reciprocal(static_cast<int64_t>(count));
      if (!factor)
        return b.notifyMatchFailure(op, "too many elements");
      multipliers.push_back(factor->multiplier);
      shifts.push_back(factor->shift);
    }
    Location loc = b.getFusedLoc({mean.getLoc(), op.getLoc()});
    auto words = RankedTensorType::get(source.getType().getShape(), b.getIntegerType(16));
    Value stored = b.create<nn::CastOp>(loc, words, source.getInput());
    Type i32 = b.getI32Type(), element = op.getType().getElementType();
    b.replaceOpWithNewOp<nn::RescaleOp>(
        op, op.getType(), windowSums(b, mean, stored),
        integerConstant(b, loc, counts.getShape(), i32, multipliers),
        integerConstant(b, loc, counts.getShape(), i32, shifts),
        integerConstant(b, loc, {}, element, {0}), nn::RescaleRounding::HalfAway);
    return success();
  }

private:
  static bool isOneGrid(nn::DequantizeOp from, nn::QuantizeOp to) {
    return to.getRounding() == nn::RoundingMode::HalfEven &&
           typeOf(from.getInput()).getElementType() == to.getType().getElementType() &&
           constantFloat(to.getScale()) && isSame(from.getScale(), to.getScale()) &&
           isSame(from.getZeroPoint(), to.getZeroPoint());
  }
};

struct ResolveMeans : impl::ResolveMeansBase<ResolveMeans> {
  using ResolveMeansBase::ResolveMeansBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    if (profile == Profile::ORT)
      patterns.add<ResolveMean<nn::AveragePoolOp>, ResolveMean<nn::ReduceMeanOp>>(&getContext());
    else
      patterns.add<ResolveStoredMean>(&getContext());
    GreedyRewriteConfig config;
    config.maxIterations = GreedyRewriteConfig::kNoLimit; // one step of a long chain each
    if (failed(applyPatternsAndFoldGreedily(getOperation(), std::move(patterns), config)))
      return signalPassFailure();
    if (profile != Profile::ORT)
      return;
    for (Operation &op : llvm::make_early_inc_range(getOperation().getOps()))
      llvm::TypeSwitch<Operation *>(&op).Case<nn::AveragePoolOp, nn::ReduceMeanOp>(
          [](auto mean) { sumExactly(mean); });
    nn::eraseDeadOps(getOperation());
  }
};

} // namespace
} // namespace nnc::quantization
