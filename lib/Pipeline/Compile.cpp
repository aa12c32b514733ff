//===- Compile.cpp - One compilation from model to files -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Pipeline/Compile.h"

#include "Compilation.h"
#include "Diagnostics.h"
#include "Silicon.h"
#include "TimedRow.h"
#include "nnc/Pipeline/Stages.h"
#include "nnc/Support/CIdentifier.h"
#include "nnc/Target/CPU/LowerKernels.h"

#include "mlir/IR/AsmState.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace nnc {

/// The default CPU runs everywhere; says so where this machine could do more.
static void remarkOnNative(const Compilation &c) {
  llvm::Expected<TargetModel> native = lookupTargetModel(c.options.target, "native");
  if (!native)
    return llvm::consumeError(native.takeError());
  if (native->vectorBits > c.target.vectorBits)
    emitRemark(UnknownLoc::get(&c.context)) << "compiled for " << c.target.cpu << "; -cpu=native ("
                                            << native->cpu << ") is faster on this machine";
}

static bool chooseTarget(Compilation &c) {
  if (c.options.target == "hls") {
    c.target.target = "hls"; // its machine is what we build
    return true;
  }
  llvm::StringRef cpu = c.options.cpu.empty() ? "x86-64-v3" : llvm::StringRef(c.options.cpu);
  llvm::Expected<TargetModel> target = lookupTargetModel(c.options.target, cpu);
  if (!target)
    return reportErrors(target.takeError(), c.context), false;
  c.target = std::move(*target);
  c.registry = std::make_unique<KernelRegistry>(
      c.target, c.options.strictConstantTime ? strictTableBytes : 0);
  return true;
}

/// IR after a stage, as text that loads again, up to `schedule`.
static void printModule(ModuleOp module) {
  OpPrintingFlags flags;
  flags.enableDebugInfo();
  module->print(llvm::outs(), flags);
  llvm::outs() << "\n";
}

static bool runStage(const Stage &stage, Compilation &c) {
  TimedRow row(c.options, stage.name);
  return stage.run(c);
}

bool runStages(Compilation &c, llvm::StringRef last) {
  llvm::ArrayRef<Stage> road = stages(c.options.target);
  size_t end = road.size();
  if (!last.empty())
    end = llvm::find_if(road, [&](const Stage &s) { return s.name == last; }) - road.begin() + 1;
  while (c.nextStage < end) { // a text may be past that already
    const Stage &stage = road[c.nextStage++];
    if (!runStage(stage, c))
      return false;
    if (stage.name != c.options.stopAfter)
      continue;
    printModule(c.code ? *c.code : *c.module);
    return true;
  }
  return true;
}

bool beginCompilation(Compilation &c) {
  c.name = c.options.name;
  if (c.name.empty())
    c.name = makeNetworkName(llvm::sys::path::stem(c.options.model));
  return chooseTarget(c) && loadModel(c);
}

bool compile(const CompileOptions &options) {
  MLIRContext context(MLIRContext::Threading::DISABLED);
  prepareContext(context);
  DiagnosticPrinter printer(&context, llvm::sys::path::filename(options.model), options.quiet);
  Compilation c{options, context};
  if (!beginCompilation(c) || !runStages(c))
    return false;
  if (!options.stopAfter.empty())
    return true;
  if (options.target == "hls")
    return emitSilicon(c);
  if (!emitFiles(c))
    return false;
  if (options.cpu.empty())
    remarkOnNative(c);
  return true;
}

} // namespace nnc
