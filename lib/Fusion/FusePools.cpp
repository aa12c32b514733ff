//===- FusePools.cpp - Poolings with their epilogues ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Group.h"
#include "nnc/Fusion/Passes.h"

using namespace mlir;

namespace nnc::fusion {
#define GEN_PASS_DEF_FUSEPOOLS
#include "nnc/Fusion/Passes.h.inc"

namespace {

struct FusePools : impl::FusePoolsBase<FusePools> {
  void runOnOperation() override {
    SmallVector<Operation *> anchors;
    for (Operation &op : getOperation().getOps())
      if (isa<nn::MaxPoolOp, nn::AveragePoolOp>(op))
        anchors.push_back(&op);
    for (Operation *anchor : llvm::reverse(anchors)) {
      auto type = cast<RankedTensorType>(anchor->getResult(0).getType());
      Group group(anchor);
      group.growForward([&](Operation *op) { return refuseEpilogue(op, type, /*channel=*/1); });
      group.growBackward([&](Operation *op) { return refuseWidening(op, anchor); });
      group.form();
    }
  }
};

} // namespace
} // namespace nnc::fusion
