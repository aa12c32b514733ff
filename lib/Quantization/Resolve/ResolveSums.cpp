//===- ResolveSums.cpp - Contractions whose results stay floats -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "../OddNumber.h"
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
  auto difference = [&](unsigned bits) {
    nn::SubOp made = centered(b, op, bits);
    ranges.visit(made.getLhs().getDefiningOp()); // casts
    ranges.visit(made.getRhs().getDefiningOp());
    return note(made);
  };
  Value q = op.getInput();
  if (nn::fitsByte(q))
    return difference(16);
  std::optional<int64_t> zero = constantInteger(op.getZeroPoint());
  IntegerRange reached = ranges.of(q);
  if (!zero || !typeRange(i16).contains({reached.least - *zero, reached.most - *zero}))
    return {};
  if (zero != 0) // of words without a sign, which stand in more bits on the way
    return cast(difference(32), i16);
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

/// What a contraction multiplies by, and the scale that its sums then count: null where there is no
/// such form.
struct Weights {
  Value integers, scale;
  bool areFloats = false; ///< in the network: sums must be what floats give, to the bit
};

Weights storedWeights(OpBuilder &b, Operation *op, nn::DequantizeOp lhs, nn::DequantizeOp rhs) {
  Value scale = scaleOfSums(b, op->getLoc(), op, lhs, rhs);
  return {scale ? centeredWeights(b, rhs) : Value(), scale};
}

/// The greatest power of two, as its exponent, of which all `numbers` are multiples; none where one
/// is not finite.
std::optional<int> commonExponent(ArrayRef<float> numbers) {
  std::optional<int> least;
  for (float number : numbers) {
    if (!std::isfinite(number))
      return std::nullopt;
    if (auto [odd, exponent] = oddNumber(number); odd)
      least = std::min(least.value_or(exponent), exponent);
  }
  return least.value_or(0);
}

/// Weights that are floats in the network, as FINN has them, and small integers but for one power
/// of two.
Weights wholeWeights(OpBuilder &b, Operation *op, nn::DequantizeOp lhs) {
  constexpr int moderate = 20; // far from what floats flush
  interpreter::Tensor known = constantValue(op->getOperand(1));
  std::optional<float> step = constantFloat(lhs.getScale());
  if (!known || !known.getElementType().isF32() || !step || !isPowerOfTwo(*step) ||
      std::abs(oddNumber(*step).exponent) > moderate)
    return {};
  std::optional<int> shift = commonExponent(known.elements<float>());
  if (!shift || std::abs(*shift) > moderate)
    return {};
  std::vector<int64_t> values;
  for (float number : known.elements<float>()) {
    float value = std::ldexp(number, -*shift);
    if (std::fabs(value) > float(INT16_MAX))
      return {};
    values.push_back(static_cast<int64_t>(value));
  }
  Value unit = nn::createFloats(b, op->getLoc(), {}, std::ldexp(*step, *shift));
  return {integerConstant(b, op->getLoc(), known.getShape(), b.getIntegerType(16), values), unit,
          true};
}

/// Whether floats hold all sums that count `unit`, and these with `bias` added; null: there is
/// none.
bool areExact(const SumBounds &bounds, float unit, Value bias) {
  auto [least, most] = bounds.partialSums();
  double finest = unit, sums = std::max(-double(least), double(most)) * unit, greatest = 0;
  interpreter::Tensor known = bias ? constantValue(bias) : interpreter::Tensor();
  if (bias && !(known && known.getElementType().isF32()))
    return false;
  for (float number : known ? known.elements<float>() : ArrayRef<float>()) {
    if (!std::isfinite(number))
      return false;
    greatest = std::max(greatest, std::fabs(double(number)));
    if (auto [odd, exponent] = oddNumber(number); odd)
      finest = std::min(finest, std::ldexp(1.0, exponent));
  }
  constexpr double floored = 0x1p-40, exact = 0x1p24;
  return finest >= floored && sums + greatest <= finest * exact;
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
    if (!lhs || !isPerTensor(lhs))
      return {};
    Weights weights = rhs ? storedWeights(b, op, lhs, rhs) : wholeWeights(b, op, lhs);
    interpreter::Tensor scale =
        weights.scale ? constantValue(weights.scale) : interpreter::Tensor();
    if (!weights.integers || !scale || !areNormal(scale) || !isOnePerColumn(op, weights.scale))
      return {};
    Value x = centeredInput(b, lhs, ranges);
    if (!x)
      return {};
    SmallVector<Value> operands{x, weights.integers};
    Value bias = op->getNumOperands() > 2 ? op->getOperand(2) : Value();
    if (Value counted = bias ? countedBias(b, op, weights, scale) : Value())
      operands.push_back(counted), bias = {};
    Operation *sums = nn::createLike(b, op, operands, b.getI32Type());
    std::optional<SumBounds> bounds = boundSums(sums, ranges);
    if (!bounds || !typeRange(b.getI32Type()).contains(bounds->partialSums()))
      return {}; // they would wrap, floats do not
    if (weights.areFloats && !areExact(*bounds, scale.elements<float>().front(), bias))
      return {}; // floats are rounded, they would not be
    Value zero = integerConstant(b, op->getLoc(), {}, b.getI32Type(), {0});
    Value floats = b.create<nn::DequantizeOp>(op->getLoc(), typeOf(op->getResult(0)),
                                              sums->getResult(0), weights.scale, zero);
    return bias ? biased(b, op, floats) : floats;
  }

  /// The bias of `op` in units of the weights' scale; null where it is no whole number of them.
  static Value countedBias(OpBuilder &b, Operation *op, const Weights &weights,
                           const interpreter::Tensor &scale) {
    Value bias = op->getOperand(2);
    if (!weights.areFloats) {
      auto stored = bias.getDefiningOp<nn::DequantizeOp>();
      bool isCounted = stored && countsUnitsOf(op, stored, weights.scale).value_or(false);
      return isCounted ? stored.getInput() : Value();
    }
    interpreter::Tensor known = constantValue(bias);
    if (!known || !known.getElementType().isF32())
      return {};
    ArrayRef<float> numbers = known.elements<float>();
    std::vector<int64_t> counts = countSteps(std::vector<double>(numbers.begin(), numbers.end()),
                                             scale.elements<float>(), numbers.size());
    return counts.empty()
               ? Value()
               : integerConstant(b, bias.getLoc(), known.getShape(), b.getI32Type(), counts);
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
