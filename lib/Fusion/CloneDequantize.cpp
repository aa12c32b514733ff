//===- CloneDequantize.cpp - Integers are stored, floats computed again --------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Fusion/Passes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace nnc::fusion {
#define GEN_PASS_DEF_CLONEDEQUANTIZE
#include "nnc/Fusion/Passes.h.inc"

namespace {

struct CloneDequantize : impl::CloneDequantizeBase<CloneDequantize> {
  void runOnOperation() override {
    for (auto op : llvm::to_vector(getOperation().getOps<nn::DequantizeOp>()))
      for (OpOperand &use : llvm::make_early_inc_range(op->getUses()))
        if (!op->hasOneUse() && !isa<func::ReturnOp>(use.getOwner()))
          use.set(OpBuilder(use.getOwner()).clone(*op)->getResult(0));
  }
};

} // namespace
} // namespace nnc::fusion
