//===- AbsorbPads.cpp - Zero padding moves into the op that reads it ------===//
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
#define GEN_PASS_DEF_ABSORBPADS
#include "nnc/Graph/Passes.h.inc"

namespace {

/// The pads of the spatial dimensions, begins then ends, if `pad` puts one number there and nothing
/// anywhere else.
std::optional<SmallVector<int64_t>> spatialPads(nn::PadOp pad) {
  if (!pad || pad.getMode() != nn::PadMode::Constant)
    return std::nullopt;
  ArrayRef<int64_t> low = pad.getLow(), high = pad.getHigh();
  if (low.size() < 3 || low[0] || low[1] || high[0] || high[1])
    return std::nullopt;
  SmallVector<int64_t> pads(low.drop_front(2));
  llvm::append_range(pads, high.drop_front(2));
  return pads;
}

/// The same if the number is zero.
std::optional<SmallVector<int64_t>> spatialZeros(nn::PadOp pad) {
  auto number = pad ? dyn_cast<FloatAttr>(pad.getValue()) : FloatAttr();
  return number && number.getValue().isZero() ? spatialPads(pad) : std::nullopt;
}

/// The same if a convolution may pad with it: floats with zeros, integers with one number, which
/// becomes `value`.
std::optional<SmallVector<int64_t>> convolutionPads(nn::PadOp pad, nn::ConvOp conv,
                                                    int64_t &value) {
  auto number = pad ? dyn_cast<IntegerAttr>(pad.getValue()) : IntegerAttr();
  if (!number)
    return spatialZeros(pad);
  bool isUnsigned = getElementTypeOrSelf(pad.getType()).isUnsignedInteger();
  int64_t own = isUnsigned ? static_cast<int64_t>(number.getValue().getZExtValue())
                           : number.getValue().getSExtValue();
  bool isUnpadded = llvm::all_of(conv.getPads(), [](int64_t p) { return p == 0; });
  if (!isUnpadded && own != value)
    return std::nullopt;
  value = own;
  return spatialPads(pad);
}

SmallVector<int64_t> sum(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  SmallVector<int64_t> result;
  for (auto [x, y] : llvm::zip_equal(a, b))
    result.push_back(x + y);
  return result;
}

struct PadIntoConv : OpRewritePattern<nn::ConvOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(nn::ConvOp op, PatternRewriter &b) const override {
    auto pad = op.getInput().getDefiningOp<nn::PadOp>();
    int64_t value = op.getPadValue();
    auto pads = convolutionPads(pad, op, value);
    if (!pads)
      return b.notifyMatchFailure(op, "input is not padded in space with what it pads with");
    b.modifyOpInPlace(op, [&] {
      op.setPads(sum(op.getPads(), *pads));
      op.setPadValue(value);
      op.getInputMutable().assign(pad.getInput());
    });
    return success();
  }
};

/// Equal only if the divisor counts the padding: a pool without pads of its
/// own counted all taps, one that includes its pads still does.
struct PadIntoAveragePool : OpRewritePattern<nn::AveragePoolOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(nn::AveragePoolOp op, PatternRewriter &b) const override {
    auto pad = op.getInput().getDefiningOp<nn::PadOp>();
    auto pads = spatialZeros(pad);
    bool unpadded = llvm::all_of(op.getPads(), [](int64_t p) { return p == 0; });
    if (!pads || !(unpadded || op.getCountIncludePad()))
      return b.notifyMatchFailure(op, "divisor would not count the padding");
    if (!windowsTouch(op, pad.getInput().getType(), *pads))
      return b.notifyMatchFailure(op, "a window would lie in the padding");
    b.modifyOpInPlace(op, [&] {
      op.setPads(sum(op.getPads(), *pads));
      op.setCountIncludePad(true);
      op.getInputMutable().assign(pad.getInput());
    });
    return success();
  }

private:
  /// Each window has a tap on the input, as the op's verifier asks.
  static bool windowsTouch(nn::AveragePoolOp op, RankedTensorType input, ArrayRef<int64_t> added) {
    for (size_t i = 0; i < op.getKernel().size(); ++i) {
      int64_t low = op.getPads()[i] + added[i];
      int64_t window = (op.getKernel()[i] - 1) * op.getDilations()[i] + 1;
      int64_t last = (op.getType().getDimSize(i + 2) - 1) * op.getStrides()[i] - low;
      if (low >= window || last >= input.getDimSize(i + 2))
        return false;
    }
    return true;
  }
};

struct AbsorbPads : impl::AbsorbPadsBase<AbsorbPads> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<PadIntoConv, PadIntoAveragePool>(&getContext());
    if (failed(applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
} // namespace nnc::graph
