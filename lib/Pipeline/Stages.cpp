//===- Stages.cpp - The road from model to object ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Pipeline/Stages.h"

#include "Compilation.h"
#include "Diagnostics.h"
#include "Silicon.h"
#include "nnc/Fusion/Passes.h"
#include "nnc/Graph/Passes.h"
#include "nnc/Import/Import.h"
#include "nnc/Quantization/Passes.h"
#include "nnc/Schedule/Passes.h"
#include "nnc/Target/CPU/LowerKernels.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;

namespace nnc {

quantization::Profile profileOf(const Compilation &c) {
  auto stated = c.module.get()->getAttrOfType<StringAttr>(quantization::profileAttr);
  llvm::StringRef name = stated ? stated.getValue() : llvm::StringRef(c.options.exact);
  return quantization::findProfile(name).value_or(quantization::Profile::ORT);
}

bool runPasses(ModuleOp module, llvm::function_ref<void(OpPassManager &)> build) {
  PassManager passes(module->getContext(), ModuleOp::getOperationName());
  build(passes);
  return succeeded(passes.run(module));
}

namespace {

bool runImport(Compilation &c) {
  ImportOptions options;
  options.name = c.name;
  options.inputs = c.options.inputs;
  options.outputs = c.options.outputs;
  options.pathsRead = &c.pathsRead;
  llvm::Error error = llvm::Error::success();
  for (const std::string &text : c.options.shapes)
    error = llvm::joinErrors(std::move(error), addShapeOption(text, options));
  for (const std::string &text : c.options.constants)
    error = llvm::joinErrors(std::move(error), addConstOption(text, options));
  if (error)
    return reportErrors(std::move(error), c.context), false;
  c.module = importOnnx(c.options.model, options, c.context);
  if (c.module && !c.options.exact.empty()) // whoever reads the text goes on with it
    c.module.get()->setAttr(quantization::profileAttr,
                            StringAttr::get(&c.context, c.options.exact));
  return static_cast<bool>(c.module);
}

/// To the reference point; `ports` goes before.
bool resolve(Compilation &c, llvm::function_ref<void(OpPassManager &)> ports) {
  quantization::Profile profile = profileOf(c);
  bool good = runPasses(*c.module, [&](OpPassManager &p) {
    ports(p);
    p.addPass(createRecordLivenessPeak()); // the network is still as it was written
    quantization::buildResolution(p, profile);
    graph::buildGraph(p);
  });
  // Whoever reads the text goes on with it.
  c.module.get()->setAttr(quantization::profileAttr, StringAttr::get(&c.context, nameOf(profile)));
  return good;
}

bool runGraph(Compilation &c) {
  return resolve(c, [&](OpPassManager &p) {
    if (c.options.nativeIO)
      p.addNestedPass<func::FuncOp>(quantization::createNativePorts());
  });
}

/// Sums of products of floats are rounded once each: nothing emulates that in reasonable time.
bool refuseFloatContractions(ModuleOp module, const TargetModel &target) {
  bool good = true;
  module.walk([&](Operation *op) {
    if (!op->hasTrait<nn::Contraction>() ||
        isa<IntegerType>(getElementTypeOrSelf(op->getResult(0))))
      return;
    good = false;
    op->emitError() << "multiplies floats, which takes fused multiply-add instructions; -cpu="
                    << target.cpu << " has none: compile for -cpu=x86-64-v3 or newer, or make it "
                    << "integers, as -quantize=int8 does";
  });
  return good;
}

bool runFusion(Compilation &c) {
  if (!c.target.hasFma && !refuseFloatContractions(*c.module, c.target))
    return false;
  return runPasses(*c.module, [&](OpPassManager &p) {
    if (c.target.hasByteDotProduct)
      p.addNestedPass<func::FuncOp>(
          quantization::createStoreUnsigned({/*depthwise=*/c.target.hasBytePermute}));
    if (c.target.hasByteDotProduct || c.target.hasWordPairs)
      p.addNestedPass<func::FuncOp>(
          quantization::createFoldChannels({/*group=*/c.target.hasByteDotProduct ? 4 : 2}));
    p.addNestedPass<func::FuncOp>(quantization::createProveElementwise());
    fusion::buildFusion(p);
    p.addNestedPass<func::FuncOp>(quantization::createProveRequantization());
    p.addNestedPass<func::FuncOp>(quantization::createMarkModerateScales());
  });
}

/// -constant-time=strict: every look-up that is left is a reason.
bool refuseLookUps(ModuleOp module) {
  bool good = true;
  module.walk([&](plan::StepOp step) {
    plan::KernelOp kernel = step.lookupKernel();
    if (!kernel.looksUpByData())
      return;
    good = false;
    step.emitError() << "-constant-time=strict: looks rows up in a table of "
                     << kernel.operandType(0) << " at run time, too long to be read whole ("
                     << strictTableBytes / 1024 << " KiB)";
  });
  return good;
}

bool runSchedule(Compilation &c) {
  c.reference = c.module->clone(); // constants are shared
  return runPasses(*c.module, [&](OpPassManager &p) { buildSchedule(p, *c.registry); }) &&
         (!c.options.strictConstantTime || refuseLookUps(*c.module));
}

bool runKernels(Compilation &c) {
  OwningOpRef<ModuleOp> plan = c.options.debugInfo ? c.module->clone() : OwningOpRef<ModuleOp>();
  if (plan)
    preparePlanText(c, *plan);
  c.code = generateKernels(plan ? *plan : *c.module, *c.registry);
  return static_cast<bool>(c.code);
}

/// MLIR's own passes, whose verifiers are asked once, at the end: after each of
/// them they would take as long as the passes.
bool runLowering(Compilation &c) {
  PassManager passes(c.code->getContext(), ModuleOp::getOperationName());
  passes.enableVerifier(false);
  buildLowerToLLVM(passes, c.options.debugInfo);
  return succeeded(passes.run(*c.code)) && succeeded(mlir::verify(*c.code));
}

/// Stage graph, for hardware: inputs get their formats first, and floats at the edges are noted.
bool runSiliconGraph(Compilation &c) {
  auto network = *c.module->getOps<func::FuncOp>().begin();
  if (!noteInputFormats(c))
    return false;
  auto note = [&](Attribute name, Type type) {
    if (name && isa<FloatType>(getElementTypeOrSelf(type)))
      c.floatPorts.insert(cast<StringAttr>(name).getValue());
  };
  for (unsigned i = 0; i < network.getNumArguments(); ++i)
    note(network.getArgAttr(i, nn::nameAttr), network.getArgumentTypes()[i]);
  for (unsigned i = 0; i < network.getNumResults(); ++i)
    note(network.getResultAttr(i, nn::nameAttr), network.getResultTypes()[i]);
  return resolve(c, [&](OpPassManager &p) {
    p.addNestedPass<func::FuncOp>(quantization::createUnpackPorts());
    p.addNestedPass<func::FuncOp>(quantization::createQuantizeInputs());
    p.addNestedPass<func::FuncOp>(quantization::createNameGrids({profileOf(c)}));
    if (c.options.isSequencer())
      p.addNestedPass<func::FuncOp>(quantization::createSplitAverages());
    // What stays in floats is for stage dataflow to refuse, or to leave off.
    p.addNestedPass<func::FuncOp>(quantization::createNativePorts(
        {/*required=*/false, /*packs=*/false, /*anyRounding=*/true}));
  });
}

constexpr Stage processorRoad[] = {
    {"import", "the ONNX file as nn ops, shapes known", runImport},
    {"quantize", "-quantize: the float network in QDQ form; without it nothing", quantizeNetwork},
    {"graph", "the reference point: primitives, constants folded, operands floored", runGraph},
    {"fusion", "constants, views and groups that become one step each", runFusion},
    {"schedule", "plan: kernels, steps in order, layouts, one packed arena", runSchedule},
    {"kernels", "each kernel as a loop nest in scf, arith and vector", runKernels},
    {"llvm", "the same in the LLVM dialect", runLowering},
};

constexpr Stage siliconRoad[] = {
    {"import", "the ONNX file as nn ops, shapes known", runImport},
    {"quantize", "-quantize: the float network in QDQ form; without it nothing", quantizeNetwork},
    {"graph", "the reference point: integers, constants folded", runSiliconGraph},
    {"dataflow", "flow: engines, widths, and the clock in which each beat comes", runDataflow},
    {"rtl", "modules, registers and memories", runWiring},
};

} // namespace

llvm::ArrayRef<Stage> stages(llvm::StringRef target) {
  if (target == "hls")
    return siliconRoad;
  return processorRoad;
}

std::string importedOperators() { return opsMarkdown(); }

} // namespace nnc
