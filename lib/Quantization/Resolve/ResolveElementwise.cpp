//===- ResolveElementwise.cpp - Sums and changes of grid in fixed point --------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "../FusedActivations.h"
#include "Centered.h"
#include "FixedPoint.h"
#include "dialects/NN/CommonRewrites.h"
#include "nnc/Quantization/Passes.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_RESOLVEELEMENTWISE
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// An operand as integers.
struct Operand {
  nn::DequantizeOp source;
  double scale;
};

std::optional<Operand> operandOf(Value v) {
  auto source = v.getDefiningOp<nn::DequantizeOp>();
  std::optional<float> scale = source ? constantFloat(source.getScale()) : std::nullopt;
  bool isKnown = scale && nn::fitsByte(source.getInput()) && hasOneElement(source.getZeroPoint());
  return isKnown ? std::optional(Operand{source, *scale}) : std::nullopt;
}

class Resolver {
public:
  Resolver(OpBuilder &b, nn::QuantizeOp op, Profile profile)
      : b(b), activations(op), profile(profile) {}

  /// The integer form; null where there is none.
  Value run() {
    nn::QuantizeOp op = activations.result;
    std::optional<float> scale = constantFloat(op.getScale());
    Operation *source = activations.source;
    if (!source || !scale || !hasOneElement(op.getZeroPoint()) || !nn::fitsByte(op.getResult()))
      return {};
    Value q;
    if (isa<nn::DequantizeOp>(source))
      q = onOtherGrid(source->getResult(0), *scale);
    else if (isa<nn::AddOp, nn::SubOp>(source) && activations.hasOneReader())
      q = sum(source, *scale);
    return q ? limited(b, q, activations, profile) : Value();
  }

private:
  Location loc() {
    return b.getFusedLoc({activations.source->getLoc(), activations.result.getLoc()});
  }

  /// `v` times `factor`, as i32.
  Value scaled(Value v, double factor) {
    Value zero = integerConstant(b, loc(), {}, b.getI32Type(), {0});
    return rescaled(b, loc(), v, {factor}, {}, zero, b.getI32Type(), elementRounding(profile));
  }

  Value stored(Value v, double factor) {
    nn::QuantizeOp op = activations.result;
    return rescaled(b, loc(), v, {factor}, {}, reshaped(b, op.getZeroPoint(), {}),
                    op.getType().getElementType(), elementRounding(profile));
  }

  /// TFLite's QUANTIZE of integers.
  Value onOtherGrid(Value v, double scale) {
    std::optional<Operand> x = operandOf(v);
    return x ? stored(centered(b, x->source, 32), x->scale / scale) : Value();
  }

  /// TFLite's ADD and SUB: 20 bits of headroom, both operands in units of twice the larger scale.
  Value sum(Operation *op, double scale) {
    constexpr int headroom = 20;
    std::optional<Operand> operands[] = {operandOf(op->getOperand(0)),
                                         operandOf(op->getOperand(1))};
    if (!operands[0] || !operands[1])
      return {};
    double twice = 2 * std::max(operands[0]->scale, operands[1]->scale);
    Value raised = integerConstant(b, loc(), {}, b.getI32Type(), {int64_t(1) << headroom});
    SmallVector<Value> terms;
    for (const auto &x : operands) {
      Value v = b.create<nn::MulOp>(loc(), centered(b, x->source, 32), raised);
      terms.push_back(scaled(v, x->scale / twice));
      if (!terms.back())
        return {};
    }
    Value total = isa<nn::AddOp>(op) ? b.create<nn::AddOp>(loc(), terms[0], terms[1]).getResult()
                                     : b.create<nn::SubOp>(loc(), terms[0], terms[1]).getResult();
    return stored(total, twice / ((1 << headroom) * scale));
  }

  OpBuilder &b;
  FusedActivations activations;
  Profile profile;
};

struct ResolveElementwise : impl::ResolveElementwiseBase<ResolveElementwise> {
  using ResolveElementwiseBase::ResolveElementwiseBase;

  void runOnOperation() override {
    if (profile == Profile::ORT) // float islands
      return;
    llvm::DenseSet<Value> computed = runTimeValues(getOperation());
    for (nn::QuantizeOp op : llvm::to_vector(getOperation().getOps<nn::QuantizeOp>())) {
      if (!computed.contains(op.getResult()))
        continue; // weights: as ONNX says
      OpBuilder b(op);
      if (op.getRounding() != nn::RoundingMode::HalfEven)
        continue; // the network's own choice
      if (Value integers = Resolver(b, op, profile).run())
        op.replaceAllUsesWith(integers);
      else
        op.setRounding(nn::RoundingMode::HalfAway);
    }
    nn::eraseDeadOps(getOperation());
  }
};

} // namespace
} // namespace nnc::quantization
