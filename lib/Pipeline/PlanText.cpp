//===- PlanText.cpp - The text that line tables lead to ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Compilation.h"

#include "mlir/Transforms/LocationSnapshot.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace nnc {

/// ONNX files have no lines: what comes from them is at line 0.
static bool hasLines(ModuleOp module) {
  auto result = module.walk([](Operation *op) {
    auto place = op->getLoc()->findInstanceOf<FileLineColLoc>();
    return place && place.getLine() > 0 ? WalkResult::interrupt() : WalkResult::advance();
  });
  return result.wasInterrupted();
}

void preparePlanText(Compilation &c, ModuleOp plan) {
  if (hasLines(plan))
    return;
  llvm::raw_string_ostream os(c.planText);
  // To be read beside a debugger: without the weights.
  OpPrintingFlags flags;
  flags.elideLargeElementsAttrs().elideLargeResourceString();
  generateLocationsFromIR(os, c.name + ".plan.mlir", plan, flags);
}

} // namespace nnc
