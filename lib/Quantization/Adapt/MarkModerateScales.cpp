//===- MarkModerateScales.cpp - Scales that allow short cuts -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "../ValueRanges.h"
#include "nnc/Quantization/Passes.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_MARKMODERATESCALES
#include "nnc/Quantization/Passes.h.inc"

namespace {

struct MarkModerateScales : impl::MarkModerateScalesBase<MarkModerateScales> {
  void runOnOperation() override {
    getOperation().walk([&](Operation *op) {
      op->removeDiscardableAttr(nn::moderateScaleAttr); // a text may claim anything
      if (!isa<nn::QuantizeOp, nn::DequantizeOp>(op))
        return;
      interpreter::Tensor scale = constantValue(ungrouped(op->getOperand(1)));
      if (scale && llvm::all_of(scale.elements<float>(), nn::isModerateScale))
        op->setDiscardableAttr(nn::moderateScaleAttr, UnitAttr::get(&getContext()));
    });
  }
};

} // namespace
} // namespace nnc::quantization
