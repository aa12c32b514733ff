//===- Pipeline.cpp - Stage graph in order --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Graph/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

namespace nnc::graph {

/// The rewrites between composites and floors.
static void addRewrites(OpPassManager &pm) {
  auto network = [&](std::unique_ptr<Pass> pass) {
    pm.addNestedPass<func::FuncOp>(std::move(pass));
  };
  auto budget = std::make_shared<std::optional<int64_t>>();
  // Exponents, divisors and factors may be computed by the network itself.
  pm.addPass(createFoldConstantsWithin(budget));
  network(createReduceStrength());
  network(createRemoveIdentities());
  network(createComposeMovement());
  // Weights must stand as constants at their contraction before factors and biases meet them.
  pm.addPass(createFoldConstantsWithin(budget));
  network(createAbsorbPads());
  // Factors before biases: a bias that was absorbed is scaled with the weights.
  pm.addPass(createAbsorbScale());
  network(createAbsorbBias());
  pm.addPass(createAbsorbScale());
  network(createCollapseBatch());
  network(createComposeMovement());
  network(createRemoveIdentities());
  pm.addPass(createFoldConstantsWithin(budget));
  network(createCSEPass());
}

void buildFloatForm(OpPassManager &pm) {
  DecomposeCompositesOptions options;
  options.batchNormOnly = true;
  pm.addNestedPass<func::FuncOp>(createDecomposeComposites(options));
  addRewrites(pm);
}

void buildGraph(OpPassManager &pm) {
  // Composites first: what they leave behind is simplified like everything else.
  pm.addNestedPass<func::FuncOp>(createDecomposeComposites());
  addRewrites(pm);
  // Last, because every rewrite above may make new operands of contractions.
  pm.addPass(createInsertFloors());
  // Only dead and equal ops may go from here on: the reference point.
  pm.addNestedPass<func::FuncOp>(createCSEPass());
  pm.addNestedPass<func::FuncOp>(createVerifyGraph());
}

} // namespace nnc::graph
