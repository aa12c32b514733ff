//===- FuseContractions.cpp - Convolutions and matrix products with their epilogues -===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Group.h"
#include "nnc/Fusion/Passes.h"

using namespace mlir;

namespace nnc::fusion {
#define GEN_PASS_DEF_FUSECONTRACTIONS
#include "nnc/Fusion/Passes.h.inc"

namespace {

struct FuseContractions : impl::FuseContractionsBase<FuseContractions> {
  void runOnOperation() override {
    SmallVector<Operation *> anchors;
    for (Operation &op : getOperation().getOps())
      if (op.hasTrait<nn::Contraction>())
        anchors.push_back(&op);
    // The last first: a sum of two products joins the one computed later,
    // while the other waits in memory anyway.
    for (Operation *anchor : llvm::reverse(anchors)) {
      auto type = cast<RankedTensorType>(anchor->getResult(0).getType());
      int64_t channel = isa<nn::ConvOp>(anchor) ? 1 : type.getRank() - 1;
      Group group(anchor);
      group.growForward([&](Operation *op) { return refuseEpilogue(op, type, channel); });
      group.growBackward([&](Operation *op) { return refuseWidening(op, anchor); });
      group.form();
    }
  }
};

} // namespace
} // namespace nnc::fusion
