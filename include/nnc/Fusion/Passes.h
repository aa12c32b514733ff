//===- Passes.h - Stage fusion: one group per step ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include "mlir/Pass/Pass.h"

namespace mlir {
class OpPassManager;
}

namespace nnc::fusion {

#define GEN_PASS_DECL
#include "nnc/Fusion/Passes.h.inc"

/// Appends the stage: afterwards a network is constants, views and groups.
/// Runs on a module; changes no bit of any result.
void buildFusion(mlir::OpPassManager &pm);

#define GEN_PASS_REGISTRATION
#include "nnc/Fusion/Passes.h.inc"

} // namespace nnc::fusion
