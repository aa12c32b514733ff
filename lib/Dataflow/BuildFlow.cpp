//===- BuildFlow.cpp - Integer networks become engines ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Build/FlowBuilder.h"
#include "nnc/Dataflow/Passes.h"

using namespace mlir;

namespace nnc::dataflow {
#define GEN_PASS_DEF_BUILDFLOW
#include "nnc/Dataflow/Passes.h.inc"

namespace {

struct BuildFlow : impl::BuildFlowBase<BuildFlow> {
  using BuildFlowBase::BuildFlowBase;

  void runOnOperation() override {
    auto functions = llvm::to_vector(getOperation().getOps<func::FuncOp>());
    for (func::FuncOp function : functions) {
      std::optional<unsigned> depth;
      if (pipeline)
        depth = pipeline;
      if (failed(FlowBuilder(function, depth).run()))
        return signalPassFailure();
      function.erase();
    }
  }
};

} // namespace
} // namespace nnc::dataflow
