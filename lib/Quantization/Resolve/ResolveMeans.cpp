//===- ResolveMeans.cpp - Quantized averages sum integers ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "FixedPoint.h"
#include "../FixedScale.h"
#include "nnc/Quantization/Passes.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_RESOLVEMEANS
#include "nnc/Quantization/Passes.h.inc"

namespace {

Value floats(OpBuilder &b, Location loc, ArrayRef<int64_t> shape, ArrayRef<float> values) {
  auto type = RankedTensorType::get(shape, b.getF32Type());
  ArrayRef<char> bytes(reinterpret_cast<const char *>(values.data()),
                       values.size() * sizeof(float));
  return b.create<nn::ConstantOp>(loc, nn::makeElements(type, bytes));
}

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
  return {sums, floats(b, op.getLoc(), {}, static_cast<float>(count))};
}

/// Taps of each window that count along spatial dimension `i`; 1 where none does, since the sum
/// is 0 then, whatever it is divided by.
SmallVector<int64_t> tapCounts(nn::AveragePoolOp op, size_t i) {
  size_t spatial = op.getKernel().size();
  int64_t size = op.getInput().getType().getDimSize(i + 2), low = op.getPads()[i],
          high = op.getPads()[spatial + i];
  bool pads = op.getCountIncludePad();
  SmallVector<int64_t> counts;
  for (int64_t o = 0; o < op.getType().getDimSize(i + 2); ++o) {
    int64_t count = 0;
    for (int64_t k = 0; k < op.getKernel()[i]; ++k) {
      int64_t at = o * op.getStrides()[i] - low + k * op.getDilations()[i];
      count += pads ? at < size + high : at >= 0 && at < size;
    }
    counts.push_back(std::max<int64_t>(count, 1));
  }
  return counts;
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
    return floats(b, op.getLoc(), {}, values.front());
  return floats(b, op.getLoc(), shape, values);
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
  auto type = RankedTensorType::get(filter, b.getIntegerType(16));
  std::vector<int16_t> ones(type.getNumElements(), 1);
  ArrayRef<char> bytes(reinterpret_cast<const char *>(ones.data()), ones.size() * 2);
  Value weights = b.create<nn::ConstantOp>(op.getLoc(), nn::makeElements(type, bytes));
  auto sumType = RankedTensorType::get(op.getType().getShape(), b.getI32Type());
  return b.create<nn::ConvOp>(op.getLoc(), sumType, x, weights, Value(), op.getStrides(),
                              op.getDilations(), pads, channels);
}

Sums sumsOf(OpBuilder &b, nn::AveragePoolOp op, nn::DequantizeOp source) {
  return {windowSums(b, op, centered(b, source, 16)), countsOf(b, op)};
}

template <typename Mean>
struct ResolveMean : OpRewritePattern<nn::QuantizeOp> {
  using OpRewritePattern<nn::QuantizeOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::QuantizeOp op, PatternRewriter &b) const override {
    auto mean = op.getInput().template getDefiningOp<Mean>();
    auto source =
        mean ? mean.getInput().template getDefiningOp<nn::DequantizeOp>() : nn::DequantizeOp();
    if (!source || !mean->hasOneUse() || typeOf(source.getInput()).getElementTypeBitWidth() > 8 ||
        op.getRounding() != nn::RoundingMode::HalfEven)
      return b.notifyMatchFailure(op, "no mean of narrow integers");
    for (Value v : {Value(source.getScale()), Value(source.getZeroPoint()), Value(op.getScale()),
                    Value(op.getZeroPoint())})
      if (typeOf(v).getNumElements() != 1)
        return b.notifyMatchFailure(op, "several scales");
    Location loc = b.getFusedLoc({mean.getLoc(), op.getLoc()});
    auto scalar = [&](Value v) -> Value {
      return b.create<nn::ReshapeOp>(loc, RankedTensorType::get({}, typeOf(v).getElementType()), v);
    };
    Sums sums = sumsOf(b, mean, source);
    Value divisor = b.create<nn::MulOp>(loc, scalar(op.getScale()), sums.counts);
    Value scale = b.create<nn::DivOp>(loc, scalar(source.getScale()), divisor);
    b.replaceOpWithNewOp<nn::RequantizeOp>(op, op.getType(), sums.sums, scale,
                                           scalar(op.getZeroPoint()));
    return success();
  }
};

/// 1 / count such that nn.rescale by it, away from zero, is the rounded quotient of sums of bytes.
std::optional<FixedScale> reciprocal(int64_t count) {
  constexpr int mostBits = 20; // beyond, the multiplier's own error could reach a half
  int bits = static_cast<int>(llvm::Log2_64(count));
  if (count < 1 || bits >= mostBits)
    return std::nullopt;
  int shift = 30 + bits;
  return FixedScale{static_cast<int64_t>(llvm::divideCeil(int64_t(1) << shift, count)), shift,
                    FixedRounding::Away};
}

/// TFLite's AVERAGE_POOL_2D: stored values are summed as they are, on one grid, and the quotient
/// goes to the nearest integer, halves away from (stored) zero.
struct ResolveStoredMean : OpRewritePattern<nn::QuantizeOp> {
  using OpRewritePattern<nn::QuantizeOp>::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::QuantizeOp op, PatternRewriter &b) const override {
    auto mean = op.getInput().getDefiningOp<nn::AveragePoolOp>();
    auto source = mean ? mean.getInput().getDefiningOp<nn::DequantizeOp>() : nn::DequantizeOp();
    if (!source || !mean->hasOneUse() || !isOneGrid(source, op) ||
        typeOf(op.getResult()).getElementTypeBitWidth() > 8)
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
        integerConstant(b, loc, {}, element, {0}), nn::Rounding::Away);
    return success();
  }

private:
  static bool isOneGrid(nn::DequantizeOp from, nn::QuantizeOp to) {
    return to.getRounding() == nn::RoundingMode::HalfEven &&
           typeOf(to.getScale()).getNumElements() == 1 &&
           typeOf(from.getInput()).getElementType() == to.getType().getElementType() &&
           constantValue(to.getScale()) && isSame(from.getScale(), to.getScale()) &&
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
      signalPassFailure();
  }
};

} // namespace
} // namespace nnc::quantization
