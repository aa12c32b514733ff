//===- ResolveSums.cpp - Contractions whose results stay floats -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "../SumBounds.h"
#include "Centered.h"
#include "ContractionScales.h"
#include "dialects/NN/CommonRewrites.h"
#include "nnc/Quantization/Passes.h"

#include "mlir/IR/Builders.h"

#include <cmath>

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_RESOLVESUMS
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// `op` less its zero point as factors of up to 16 bits; null where they need more.
Value centeredInput(OpBuilder &b, nn::DequantizeOp op, ValueRanges &ranges) {
  Type i16 = b.getIntegerType(16);
  auto note = [&](auto made) {
    ranges.visit(made);
    return made.getResult();
  };
  auto cast = [&](Value v, Type element) {
    return note(b.create<nn::CastOp>(op.getLoc(), typeOf(v).clone(element), v));
  };
  Value q = op.getInput();
  if (nn::fitsByte(q)) {
    nn::SubOp difference = centered(b, op, 16);
    ranges.visit(difference.getLhs().getDefiningOp()); // casts, of bytes
    ranges.visit(difference.getRhs().getDefiningOp());
    return note(difference);
  }
  std::optional<int64_t> zero = constantInteger(op.getZeroPoint());
  IntegerRange reached = ranges.of(q);
  if (!zero || !typeRange(i16).contains({reached.least - *zero, reached.most - *zero}))
    return {};
  if (zero != 0) { // of words without a sign, which stand in more bits on the way
    nn::SubOp difference = centered(b, op, 32);
    ranges.visit(difference.getLhs().getDefiningOp());
    ranges.visit(difference.getRhs().getDefiningOp());
    return cast(note(difference), i16);
  }
  return typeOf(q).getElementType() == i16 ? q : cast(q, i16);
}

/// The weights of `op` less their zero points, known and of up to 16 bits; null otherwise.
Value centeredWeights(OpBuilder &b, nn::DequantizeOp op) {
  interpreter::Tensor known = constantValue(centered(b, op, 32));
  if (!known)
    return {};
  std::vector<int64_t> values = integers(known);
  if (llvm::any_of(values, [](int64_t n) { return n < INT16_MIN || n > INT16_MAX; }))
    return {};
  return integerConstant(b, op.getLoc(), known.getShape(), b.getIntegerType(16), values);
}

/// Whether all of these are numbers that floats keep as they are: 0 times an infinite scale is
/// none.
bool areNormal(const interpreter::Tensor &scale) {
  return scale.getElementType().isF32() &&
         llvm::all_of(scale.elements<float>(), [](float s) { return std::isnormal(s); });
}

struct ResolveSums : impl::ResolveSumsBase<ResolveSums> {
  using ResolveSumsBase::ResolveSumsBase;

  void runOnOperation() override {
    if (profile != Profile::ORT)
      return;
    ValueRanges ranges;
    llvm::DenseSet<Value> runTime = runTimeValues(getOperation());
    for (Operation &op : llvm::make_early_inc_range(getOperation().getOps())) {
      ranges.visit(&op);
      if (!op.hasTrait<nn::Contraction>() || !isFloat(op.getResult(0)) ||
          !runTime.contains(op.getResult(0)))
        continue;
      OpBuilder b(&op);
      if (Value floats = resolved(b, &op, ranges))
        op.replaceAllUsesWith(ValueRange(floats));
    }
    nn::eraseDeadOps(getOperation());
  }

private:
  /// The floats that the sums of integers stand for; null where there is no such form. What was
  /// built in vain is dead.
  static Value resolved(OpBuilder &b, Operation *op, ValueRanges &ranges) {
    auto lhs = op->getOperand(0).getDefiningOp<nn::DequantizeOp>();
    auto rhs = op->getOperand(1).getDefiningOp<nn::DequantizeOp>();
    if (!lhs || !rhs || !isPerTensor(lhs))
      return {};
    Value scale = scaleOfSums(b, op->getLoc(), op, lhs, rhs);
    interpreter::Tensor known = scale ? constantValue(scale) : interpreter::Tensor();
    if (!known || !areNormal(known) || !isOnePerColumn(op, scale))
      return {};
    Value w = centeredWeights(b, rhs), x = w ? centeredInput(b, lhs, ranges) : Value();
    if (!x)
      return {};
    bool hasBias = op->getNumOperands() > 2;
    auto stored =
        hasBias ? op->getOperand(2).getDefiningOp<nn::DequantizeOp>() : nn::DequantizeOp();
    bool isCounted = stored && countsUnitsOf(op, stored, scale).value_or(false);
    SmallVector<Value> operands{x, w};
    if (isCounted)
      operands.push_back(stored.getInput());
    Operation *sums = nn::createLike(b, op, operands, b.getI32Type());
    std::optional<SumBounds> bounds = boundSums(sums, ranges);
    if (!bounds || !typeRange(b.getI32Type()).contains(bounds->partialSums()))
      return {}; // they would wrap, floats do not
    Value zero = integerConstant(b, op->getLoc(), {}, b.getI32Type(), {0});
    Value floats = b.create<nn::DequantizeOp>(op->getLoc(), typeOf(op->getResult(0)),
                                              sums->getResult(0), scale, zero);
    return hasBias && !isCounted ? biased(b, op, floats) : floats;
  }

  /// `floats` plus the bias of `op`, along its channels.
  static Value biased(OpBuilder &b, Operation *op, Value floats) {
    Value bias = op->getOperand(2);
    if (isa<nn::ConvOp>(op)) {
      SmallVector<int64_t> shape(typeOf(floats).getRank() - 1, 1);
      shape[0] = typeOf(bias).getNumElements();
      bias = reshaped(b, bias, shape);
    }
    return b.create<nn::AddOp>(op->getLoc(), floats, bias);
  }
};

} // namespace
} // namespace nnc::quantization
