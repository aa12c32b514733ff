//===- LoadModel.cpp - ONNX or the IR of an earlier stop -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Compilation.h"
#include "nnc/Pipeline/Stages.h"
#include "nnc/Target/CPU/LowerKernels.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;

namespace nnc {

void prepareContext(MLIRContext &context) {
  context.printOpOnDiagnostic(false); // the user has nodes, not ops
  loadCodeDialects(context);
  context.loadDialect<nn::NNDialect, plan::PlanDialect, func::FuncDialect>();
}

/// The last stage whose result `module` can be: each leaves its own ops.
static llvm::StringRef detectStage(ModuleOp module) {
  if (!module.getOps<plan::ProgramOp>().empty())
    return "schedule";
  bool fused = module.walk([](nn::FusedOp) { return WalkResult::interrupt(); }).wasInterrupted();
  return fused ? "fusion" : "import";
}

bool loadModel(Compilation &c) {
  if (!llvm::StringRef(c.options.model).ends_with(".mlir"))
    return true; // ONNX: read by the stage `import`
  c.module = parseSourceFile<ModuleOp>(c.options.model, ParserConfig(&c.context));
  if (!c.module)
    return false;
  llvm::StringRef done = detectStage(*c.module);
  const Stage *stage = llvm::find_if(stages(), [&](const Stage &s) { return s.name == done; });
  c.nextStage = stage - stages().begin() + 1;
  return true;
}

} // namespace nnc
