//===- Pipeline.cpp - Stage fusion in order -------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Fusion/Passes.h"

#include "mlir/Pass/PassManager.h"

using namespace mlir;

void nnc::fusion::buildFusion(OpPassManager &pm) {
  auto network = [&](std::unique_ptr<Pass> pass) {
    pm.addNestedPass<func::FuncOp>(std::move(pass));
  };
  network(createExpandArgMax());
  network(createCloneDequantize());
  // What costs most chooses first: an epilogue in registers saves a pass over memory.
  network(createFuseContractions());
  network(createFusePools());
  // Sums of what is picked before other reductions, which would store what they read.
  network(createFuseBlends());
  // Reductions before plain elementwise groups, which would cut a softmax in two.
  network(createFuseRows());
  network(createFuseElementwise());
  network(createWrapMovement());
  network(createVerifyFusion());
}
