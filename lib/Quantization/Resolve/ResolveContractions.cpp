//===- ResolveContractions.cpp - Quantized contractions sum integers -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "../FusedActivations.h"
#include "Centered.h"
#include "ContractionScales.h"
#include "FixedPoint.h"
#include "dialects/NN/CommonRewrites.h"
#include "nnc/Quantization/Passes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_RESOLVECONTRACTIONS
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// What stands between quantized operands and a quantized result.
struct Group {
  Operation *contraction;
  nn::DequantizeOp lhs, rhs, bias; ///< bias: null where there is none
  FusedActivations activations;    ///< on the result
};

std::optional<Group> matchGroup(nn::QuantizeOp result) {
  FusedActivations activations(result);
  Operation *op = activations.source;
  if (!activations.hasOneReader() || !op->hasTrait<nn::Contraction>())
    return std::nullopt;
  Group group{op, {}, {}, {}, std::move(activations)};
  group.lhs = op->getOperand(0).getDefiningOp<nn::DequantizeOp>();
  group.rhs = op->getOperand(1).getDefiningOp<nn::DequantizeOp>();
  bool hasBias = op->getNumOperands() > 2;
  group.bias = hasBias ? op->getOperand(2).getDefiningOp<nn::DequantizeOp>() : nn::DequantizeOp();
  if (!group.lhs || !group.rhs || (hasBias && !group.bias) || !nn::fitsByte(group.lhs.getInput()) ||
      !nn::fitsByte(group.rhs.getInput()))
    return std::nullopt;
  return group;
}

/// `v` before it was reshaped, or transposed with all its elements in one dimension.
Value unshaped(Value v) {
  while (Operation *op = v.getDefiningOp()) {
    auto isWide = [](int64_t size) { return size != 1; };
    if (!isa<nn::ReshapeOp>(op) &&
        !(isa<nn::TransposeOp>(op) && llvm::count_if(typeOf(v).getShape(), isWide) <= 1))
      break;
    v = op->getOperand(0);
  }
  return v;
}

/// Is `scale` the product of the operands' scales, as the importer writes it?
bool isProduct(Value scale, Group &group) {
  auto product = unshaped(scale).getDefiningOp<nn::MulOp>();
  if (!product)
    return false;
  Value a = unshaped(product.getLhs()), b = unshaped(product.getRhs());
  Value lhs = unshaped(group.lhs.getScale()), rhs = unshaped(group.rhs.getScale());
  return (isSame(a, lhs) && isSame(b, rhs)) || (isSame(a, rhs) && isSame(b, lhs));
}

/// Is the bias counted in units of the product of the operands' scales?
bool isBiasScale(Group &group, Value product) {
  auto known = countsUnitsOf(group.contraction, group.bias, product);
  return known ? *known : isProduct(group.bias.getScale(), group);
}

/// The contraction on integers, its sums as i32.
Value sums(OpBuilder &b, Group &group) {
  SmallVector<Value> operands{centered(b, group.lhs, 16), centered(b, group.rhs, 16)};
  if (group.bias)
    operands.push_back(group.bias.getInput());
  return nn::createLike(b, group.contraction, operands, b.getI32Type())->getResult(0);
}

/// TFLite's factor of each channel. The product of two single scales is a float32 where matrices
/// are multiplied, or uint8; with a scale per channel, and in convolutions of int8, doubles are
/// divided.
SmallVector<double> tfliteFactors(Group &group, float lhs, ArrayRef<float> rhs, float result) {
  bool isUnsigned = typeOf(group.lhs.getInput()).getElementType().isUnsignedInteger();
  bool inFloat = (isUnsigned || isa<nn::MatMulOp>(group.contraction)) && rhs.size() == 1;
  return llvm::map_to_vector(rhs, [&](float scale) {
    double product = inFloat ? double(lhs * scale) : double(lhs) * double(scale);
    return product / double(result);
  });
}

/// The sums as the fixed-point arithmetic of `profile` scales them; `product` has the shape of the
/// scales. Null: scales are known at run time only, or vary along the rows, or the result is words.
Value rescaledSums(OpBuilder &b, Location loc, Group &group, Value product, Profile profile) {
  nn::QuantizeOp op = group.activations.result;
  std::optional<float> lhs = constantFloat(group.lhs.getScale()),
                       result = constantFloat(op.getScale());
  interpreter::Tensor rhs = constantValue(group.rhs.getScale());
  if (!lhs || !rhs || !result || !nn::fitsByte(op.getResult()) ||
      rhs.getNumElements() != typeOf(product).getNumElements())
    return {};
  SmallVector<double> scales = tfliteFactors(group, *lhs, rhs.elements<float>(), *result);
  return rescaled(b, loc, sums(b, group), scales, typeOf(product).getShape(),
                  reshaped(b, op.getZeroPoint(), {}), op.getType().getElementType(),
                  contractionRounding(profile, isa<nn::MatMulOp>(group.contraction)));
}

/// The integer form of what ends in `op`; null where there is none. What was built in vain is dead.
Value resolved(OpBuilder &b, nn::QuantizeOp op, Profile profile) {
  std::optional<Group> group = matchGroup(op);
  if (!group || op.getRounding() != nn::RoundingMode::HalfEven || !isPerTensor(op))
    return {};
  Location loc = b.getFusedLoc({group->contraction->getLoc(), op.getLoc()});
  Value product = scaleOfSums(b, loc, group->contraction, group->lhs, group->rhs);
  if (!product)
    return {};
  if (group->bias && !isBiasScale(*group, product))
    return {};
  Value q;
  if (profile != Profile::ORT) {
    q = rescaledSums(b, loc, *group, product, profile);
  } else {
    Value scale = b.create<nn::DivOp>(loc, product, reshaped(b, op.getScale(), {}));
    q = b.create<nn::RequantizeOp>(loc, op.getType(), sums(b, *group), scale,
                                   reshaped(b, op.getZeroPoint(), {}));
  }
  return q ? limited(b, q, group->activations, profile) : Value();
}

struct ResolveContractions : impl::ResolveContractionsBase<ResolveContractions> {
  using ResolveContractionsBase::ResolveContractionsBase;

  void runOnOperation() override {
    for (nn::QuantizeOp op : llvm::to_vector(getOperation().getOps<nn::QuantizeOp>())) {
      OpBuilder b(op);
      if (Value integers = resolved(b, op, profile))
        op.replaceAllUsesWith(integers);
    }
    nn::eraseDeadOps(getOperation());
  }
};

} // namespace
} // namespace nnc::quantization
