//===- WrapMovement.cpp - What groups by itself ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Group.h"
#include "nnc/Fusion/Passes.h"

using namespace mlir;

namespace nnc::fusion {
#define GEN_PASS_DEF_WRAPMOVEMENT
#include "nnc/Fusion/Passes.h.inc"

namespace {

struct WrapMovement : impl::WrapMovementBase<WrapMovement> {
  void runOnOperation() override {
    for (Operation &op : llvm::make_early_inc_range(getOperation().getOps()))
      if (isa<nn::PadOp, nn::GatherOp, nn::UnpackOp, nn::PackOp, nn::ThresholdOp>(op))
        Group(&op).form();
  }
};

} // namespace
} // namespace nnc::fusion
