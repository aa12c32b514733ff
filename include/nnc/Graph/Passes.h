//===- Passes.h - Stage graph: up to the reference point ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include "mlir/Pass/Pass.h"

#include <memory>
#include <optional>

namespace mlir {
class OpPassManager;
}

namespace nnc::graph {

#define GEN_PASS_DECL
#include "nnc/Graph/Passes.h.inc"

/// `nn-fold-constants` that shares with other runs of itself what bytes it may still make of one
/// network; none: not known yet.
std::unique_ptr<mlir::Pass>
createFoldConstantsWithin(std::shared_ptr<std::optional<int64_t>> budget);

/// Appends the stage: canonical form and all value-changing rewrites, ending
/// at the reference point. Runs on a module.
void buildGraph(mlir::OpPassManager &pm);

/// Appends the rewrites of the stage that a network goes through before it is
/// quantized: one op for a contraction with its factors and bias. Composites
/// other than batch normalisation stay what they are, floors are not inserted.
void buildFloatForm(mlir::OpPassManager &pm);

#define GEN_PASS_REGISTRATION
#include "nnc/Graph/Passes.h.inc"

} // namespace nnc::graph
