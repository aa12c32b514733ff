//===- QuantizeConstants.cpp - Weights are integers ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "dialects/NN/CommonRewrites.h"
#include "nnc/Quantization/Passes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_QUANTIZECONSTANTS
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// Integers that floats became, and what limits those.
bool makesIntegers(Operation &op) {
  if (isa<nn::QuantizeOp>(op))
    return true;
  auto threshold = dyn_cast<nn::ThresholdOp>(op);
  return (threshold && isFloat(threshold.getInput())) ||
         (isa<nn::ClipOp>(op) && !isFloat(op.getResult(0)));
}

/// One number that was written as a tensor of one element: scales of one grid may be spelled both
/// ways.
bool isOneNumber(Operation &op) {
  return isa<nn::ReshapeOp>(op) && typeOf(op.getResult(0)).getNumElements() == 1;
}

struct QuantizeConstants : impl::QuantizeConstantsBase<QuantizeConstants> {
  void runOnOperation() override {
    llvm::DenseSet<Value> runTime = runTimeValues(getOperation());
    for (Operation &op : llvm::make_early_inc_range(getOperation().getOps())) {
      if (!(makesIntegers(op) || isOneNumber(op)) || runTime.contains(op.getResult(0)))
        continue;
      if (interpreter::Tensor value = constantValue(op.getResult(0))) {
        OpBuilder b(&op);
        op.replaceAllUsesWith(b.create<nn::ConstantOp>(op.getLoc(), value.toElements()));
      }
    }
    nn::eraseDeadOps(getOperation());
  }
};

} // namespace
} // namespace nnc::quantization
