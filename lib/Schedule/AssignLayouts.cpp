//===- AssignLayouts.cpp - Algorithms and layouts -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LayoutAssigner.h"
#include "nnc/Schedule/Passes.h"

using namespace mlir;

namespace nnc {
#define GEN_PASS_DEF_ASSIGNLAYOUTS
#include "nnc/Schedule/Passes.h.inc"

namespace {

struct AssignLayouts : impl::AssignLayoutsBase<AssignLayouts> {
  AssignLayouts() : chooser(&stated) {}
  explicit AssignLayouts(const KernelChooser &chooser) : chooser(&chooser) {}
  AssignLayouts(const AssignLayouts &other)
      : AssignLayoutsBase(other),
        chooser(other.chooser == &other.stated ? &stated : other.chooser) {}

  void runOnOperation() override {
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (failed(schedule::LayoutAssigner(func, *chooser, {}).run()))
        return signalPassFailure();
  }

  StatedChooser stated;
  const KernelChooser *chooser;
};

} // namespace

std::unique_ptr<Pass> createAssignLayouts(const KernelChooser &chooser) {
  return std::make_unique<AssignLayouts>(chooser);
}

void buildSchedule(OpPassManager &passes, const KernelChooser &chooser) {
  passes.addPass(createAssignLayouts(chooser));
  passes.addPass(createOrderSteps());
  passes.addPass(createPlanMemory());
  passes.addPass(createVerifyPlan());
}

} // namespace nnc
