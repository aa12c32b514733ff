//===- VerifyFusion.cpp - The contract of stage fusion --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Group.h"
#include "dialects/NN/Blends.h"
#include "nnc/Fusion/Passes.h"

using namespace mlir;

namespace nnc::fusion {
#define GEN_PASS_DEF_VERIFYFUSION
#include "nnc/Fusion/Passes.h.inc"

namespace {

bool isView(Operation *op) {
  return op->hasTrait<nn::Movement>() && !isa<nn::PadOp, nn::GatherOp>(op);
}

/// What gives a group its kind: there is one, or reductions, or neither.
bool isAnchor(Operation *op) {
  return op->hasTrait<nn::Contraction>() || op->hasTrait<nn::Movement>() ||
         isa<nn::MaxPoolOp, nn::AveragePoolOp, nn::UnpackOp, nn::PackOp, nn::ThresholdOp>(op);
}

/// The indices of what is picked and summed must be known when the group's code is made.
LogicalResult verifyBlend(nn::FusedOp group) {
  for (auto gather : group.getBody().front().getOps<nn::GatherOp>()) {
    unsigned indices = cast<BlockArgument>(gather.getIndices()).getArgNumber();
    if (!group.getInputs()[indices].getDefiningOp<nn::ConstantOp>())
      return gather.emitError("internal: sums elements picked by indices that are no constants");
  }
  return success();
}

LogicalResult verifyGroup(nn::FusedOp group) {
  if (nn::matchBlend(group.getBody().front()))
    return verifyBlend(group);
  int64_t anchors = 0, reductions = 0;
  for (Operation &op : group.getBody().front().without_terminator()) {
    anchors += isAnchor(&op);
    reductions += op.hasTrait<nn::Reduction>();
    if (!isAnchor(&op) && !op.hasTrait<nn::Reduction>() && !op.hasTrait<nn::Elementwise>())
      return op.emitError("internal: '") << op.getName() << "' cannot be in a group";
  }
  if (anchors + (reductions ? 1 : 0) > 1)
    return group.emitError("internal: a group of ")
           << anchors << " anchors and " << reductions << " reductions";
  return success();
}

struct VerifyFusion : impl::VerifyFusionBase<VerifyFusion> {
  void runOnOperation() override {
    for (Operation &op : getOperation().getOps()) {
      if (auto group = dyn_cast<nn::FusedOp>(op)) {
        if (failed(verifyGroup(group)))
          return signalPassFailure();
      } else if (!isa<nn::ConstantOp, func::ReturnOp>(op) && !isView(&op)) {
        op.emitError("internal: '") << op.getName() << "' is in no group after the fusion stage";
        return signalPassFailure();
      }
    }
  }
};

} // namespace
} // namespace nnc::fusion
