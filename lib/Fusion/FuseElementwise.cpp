//===- FuseElementwise.cpp - Elementwise ops with those that alone read them -===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Group.h"
#include "nnc/Fusion/Passes.h"

using namespace mlir;

namespace nnc::fusion {
#define GEN_PASS_DEF_FUSEELEMENTWISE
#include "nnc/Fusion/Passes.h.inc"

namespace {

struct FuseElementwise : impl::FuseElementwiseBase<FuseElementwise> {
  void runOnOperation() override {
    // From each last op backwards: whatever only feeds the group belongs to it.
    for (Operation *op = &getOperation().getBody().front().back(); op; op = op->getPrevNode())
      if (op->hasTrait<nn::Elementwise>())
        op = formGroup(op);
  }

private:
  static Operation *formGroup(Operation *sink) {
    auto shape = cast<RankedTensorType>(sink->getResult(0).getType()).getShape();
    auto refuse = [&](Operation *op) -> std::string {
      if (std::string reason = refuseOther(op); !reason.empty())
        return reason;
      bool same = cast<RankedTensorType>(op->getResult(0).getType()).getShape() == shape;
      return same ? "" : "its result has another shape";
    };
    Group group(sink);
    group.growBackward(refuse);
    group.noteReaders(refuse);
    return group.form();
  }
};

} // namespace
} // namespace nnc::fusion
