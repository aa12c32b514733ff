//===- Passes.h - From fused networks to plans -----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Plan/KernelChoice.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"

namespace nnc {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "nnc/Schedule/Passes.h.inc"

/// Passes with the kernel families of a machine. Those made without them read what
/// tests state on groups (see StatedChooser).
std::unique_ptr<mlir::Pass> createAssignLayouts(const KernelChooser &chooser);
std::unique_ptr<mlir::Pass> createCompleteTiles(const KernelChooser &chooser);
std::unique_ptr<mlir::Pass> createVerifyPlan(const KernelChooser &chooser);

/// Fused `nn` functions -> `plan`. `chooser` must outlive the pass manager's run.
void buildSchedule(mlir::OpPassManager &passes, const KernelChooser &chooser);

/// Candidates that a test states on the group: `plan.candidates`, an array of
///
///     {algorithm = "conv", cycles = 10.0, alias = array<i1: false, true>,
///      operands = [{unit = 1, low = array<i64: 0, 0, 1, 1>, high = ..., packed =
///      #plan.layout<...>, row_major}], results = [{unit = 1}]}
///
/// with every field but `algorithm` optional. A group that states nothing has
/// one candidate, "any", that takes every layout and runs in place where shapes agree.
class StatedChooser : public KernelChooser {
public:
  std::vector<Candidate> candidates(nn::FusedOp group) const override;
  mlir::DictionaryAttr completeTile(plan::KernelOp kernel) const override;
  /// Whatever a test had placed in place may be there.
  bool mayAlias(plan::KernelOp, unsigned) const override { return true; }
};

} // namespace nnc
