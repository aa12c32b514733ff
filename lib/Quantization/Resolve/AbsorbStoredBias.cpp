//===- AbsorbStoredBias.cpp - Biases that are sums of steps already --------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "ContractionScales.h"
#include "dialects/NN/CommonRewrites.h"
#include "dialects/NN/Contractions.h"
#include "nnc/Quantization/Passes.h"

#include "mlir/IR/Builders.h"

#include <cmath>
#include <limits>

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_ABSORBSTOREDBIAS
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// `q` steps of `scale`; NaN where 53 bits do not hold the product, as they hold all that
/// countSteps() counts.
double exactProduct(double q, double scale) {
  double product = q * scale;
  return std::fma(q, scale, -product) == 0 ? product : std::numeric_limits<double>::quiet_NaN();
}

/// The numbers that `v` holds, before a dequantization rounds them; empty: not known.
std::vector<double> exactNumbers(Value v) {
  auto op = v.getDefiningOp<nn::DequantizeOp>();
  std::vector<double> numbers;
  if (!op) {
    if (interpreter::Tensor value = constantValue(v); value && value.getElementType().isF32())
      numbers.assign(value.elements<float>().begin(), value.elements<float>().end());
    return numbers;
  }
  interpreter::Tensor q = constantValue(op.getInput()), scale = constantValue(op.getScale()),
                      zero = constantValue(op.getZeroPoint());
  if (!q || !scale || !zero)
    return {};
  std::vector<int64_t> stored = integers(q), zeros = integers(zero);
  ArrayRef<float> scales = scale.elements<float>();
  for (size_t i = 0; i < stored.size(); ++i) // scales and zero points are one, or one per number
    numbers.push_back(exactProduct(double(stored[i] - zeros[zeros.size() == 1 ? 0 : i]),
                                   scales[scales.size() == 1 ? 0 : i]));
  return numbers;
}

/// Does `v` have one number, or one per channel of the contraction's result, to which it is added?
bool isPerChannel(Value v, Operation *contraction) {
  RankedTensorType own = typeOf(v), result = typeOf(contraction->getResult(0));
  int64_t lead = result.getRank() - own.getRank(), channel = nn::channelOf(contraction);
  if (lead < 0)
    return false;
  for (auto [d, size] : llvm::enumerate(own.getShape()))
    if (size != 1 && lead + static_cast<int64_t>(d) != channel)
      return false;
  return true;
}

/// What is added to the result of a contraction: its bias, or an operand of the sum that alone
/// reads it.
struct Addend {
  Value value;
  nn::AddOp sum; ///< null: a bias
};

std::optional<Addend> addendOf(Operation *contraction) {
  if (contraction->getNumOperands() > 2)
    return Addend{contraction->getOperand(2), {}};
  Value result = contraction->getResult(0);
  auto sum =
      contraction->hasOneUse() ? dyn_cast<nn::AddOp>(*contraction->user_begin()) : nn::AddOp();
  if (!sum || sum.getType() != result.getType())
    return std::nullopt;
  Value other = sum.getLhs() == result ? sum.getRhs() : sum.getLhs();
  return isPerChannel(other, contraction) ? std::optional(Addend{other, sum}) : std::nullopt;
}

/// The contraction with its addend as a bias counted in steps of `scale`.
void absorb(OpBuilder &b, Operation *contraction, Addend addend, ArrayRef<int64_t> counts,
            Value scale) {
  int64_t channels = counts.size();
  Location loc = addend.value.getLoc();
  Value stored = integerConstant(b, loc, {channels}, b.getI32Type(), counts);
  Value zero = integerConstant(b, loc, {}, b.getI32Type(), {0});
  Value bias = b.create<nn::DequantizeOp>(
      loc, RankedTensorType::get({channels}, b.getF32Type()), stored,
      reshaped(b, scale, hasOneElement(scale) ? ArrayRef<int64_t>() : ArrayRef(channels)), zero);
  if (!addend.sum) {
    contraction->setOperand(2, bias);
    return;
  }
  contraction->moveBefore(addend.sum);
  contraction->insertOperands(2, bias);
  contraction->setLoc(b.getFusedLoc({contraction->getLoc(), addend.sum.getLoc()}));
  Value sum = addend.sum.getResult();
  sum.replaceAllUsesWith(contraction->getResult(0));
}

void visit(Operation *contraction) {
  auto lhs = contraction->getOperand(0).getDefiningOp<nn::DequantizeOp>();
  auto rhs = contraction->getOperand(1).getDefiningOp<nn::DequantizeOp>();
  std::optional<Addend> addend = lhs && rhs ? addendOf(contraction) : std::nullopt;
  if (!addend)
    return;
  Operation *last = addend->sum ? addend->sum.getOperation() : contraction;
  OpBuilder b(last);
  Value scale = scaleOfSums(b, contraction->getLoc(), contraction, lhs, rhs);
  if (!scale || !isOnePerColumn(contraction, scale))
    return;
  auto stated = addend->value.getDefiningOp<nn::DequantizeOp>();
  if (!addend->sum && stated && countsUnitsOf(contraction, stated, scale).value_or(true))
    return; // as it should be
  interpreter::Tensor steps = constantValue(scale);
  std::vector<double> numbers = steps ? exactNumbers(addend->value) : std::vector<double>();
  int64_t channels = typeOf(contraction->getResult(0)).getDimSize(nn::channelOf(contraction));
  if (numbers.size() != 1 && static_cast<int64_t>(numbers.size()) != channels)
    return;
  std::vector<int64_t> counts = countSteps(numbers, steps.elements<float>(), channels);
  if (!counts.empty())
    absorb(b, contraction, *addend, counts, scale);
}

struct AbsorbStoredBias : impl::AbsorbStoredBiasBase<AbsorbStoredBias> {
  using AbsorbStoredBiasBase::AbsorbStoredBiasBase;

  void runOnOperation() override {
    if (profile != Profile::ORT) // TFLite rounds sums where the network has them
      return;
    SmallVector<Operation *> contractions;
    for (Operation &op : getOperation().getOps())
      if (op.hasTrait<nn::Contraction>() && isFloat(op.getResult(0)))
        contractions.push_back(&op);
    llvm::for_each(contractions, visit);
    nn::eraseDeadOps(getOperation());
  }
};

} // namespace
} // namespace nnc::quantization
