//===- AbsorbZeroPoints.cpp - Zero points go into weights and biases -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "../ShiftInput.h"
#include "Centered.h"
#include "nnc/Quantization/Passes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using nnc::interpreter::Tensor;

namespace nnc::quantization {
#define GEN_PASS_DEF_ABSORBZEROPOINTS
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// The narrowest of i8, ui8 and i16 that holds all of `values`.
Type narrowest(OpBuilder &b, ArrayRef<int64_t> values) {
  auto [least, most] = std::minmax_element(values.begin(), values.end());
  if (values.empty() || (*least >= -128 && *most <= 127))
    return b.getI8Type();
  if (*least >= 0 && *most <= 255)
    return b.getIntegerType(8, /*isSigned=*/false);
  return b.getIntegerType(16);
}

/// `x` with elements of whole bytes, as kernels multiply them: the same numbers.
Value asBytes(OpBuilder &b, Value x) {
  Type element = typeOf(x).getElementType();
  if (nn::isByte(x))
    return x;
  Type byte = element.isUnsignedInteger() ? b.getIntegerType(8, false) : b.getI8Type();
  return b.create<nn::CastOp>(x.getLoc(), RankedTensorType::get(typeOf(x).getShape(), byte), x);
}

void absorb(Operation *contraction) {
  OpBuilder b(contraction);
  Tensor known = constantValue(contraction->getOperand(1));
  std::vector<int64_t> weights;
  if (known) {
    weights = integers(known);
    Type element = narrowest(b, weights);
    if (element != known.getElementType() ||
        !contraction->getOperand(1).getDefiningOp<nn::ConstantOp>())
      contraction->setOperand(1, integerConstant(b, contraction->getOperand(1).getLoc(),
                                                 known.getShape(), element, weights));
  } else if (auto rhs = centeredBy(contraction->getOperand(1)); rhs && rhs->zeroPoint == 0) {
    contraction->setOperand(1, asBytes(b, rhs->x));
  }
  auto lhs = centeredBy(contraction->getOperand(0));
  if (!lhs || (lhs->zeroPoint != 0 && !canShiftInput(contraction)))
    return;
  contraction->setOperand(0, asBytes(b, lhs->x));
  if (lhs->zeroPoint != 0)
    shiftInput(contraction, lhs->zeroPoint);
}

struct AbsorbZeroPoints : impl::AbsorbZeroPointsBase<AbsorbZeroPoints> {
  void runOnOperation() override {
    SmallVector<Operation *> contractions;
    getOperation().walk([&](Operation *op) {
      if (op->hasTrait<nn::Contraction>() &&
          typeOf(op->getResult(0)).getElementType().isInteger(32) &&
          typeOf(op->getOperand(0)).getElementType().isInteger(16))
        contractions.push_back(op);
    });
    llvm::for_each(contractions, absorb);
  }
};

} // namespace
} // namespace nnc::quantization
