//===- LoadModel.cpp - ONNX or the IR of an earlier stop -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Compilation.h"
#include "dialects/NN/ElementTypes.h"
#include "nnc/Fusion/Passes.h"
#include "nnc/Pipeline/Stages.h"
#include "nnc/Quantization/Passes.h"
#include "nnc/Schedule/Passes.h"
#include "nnc/Support/Json.h"
#include "nnc/Target/CPU/LowerKernels.h"

#include "dialects/Flow/FlowOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;

namespace nnc {

void prepareContext(MLIRContext &context) {
  context.printOpOnDiagnostic(false); // the user has nodes, not ops
  loadCodeDialects(context);
  context.loadDialect<nn::NNDialect, plan::PlanDialect, func::FuncDialect, flow::FlowDialect,
                      rtl::RTLDialect>();
}

//===----------------------------------------------------------------------===//
// What a text must hold
//===----------------------------------------------------------------------===//

static LogicalResult refuse(Operation *op, const llvm::Twine &why) {
  return op->emitError() << why
                         << "; a network is one func.func of nn ops, or plan.kernels and one "
                            "plan.program: what -stop-after=import to schedule print";
}

/// Kernels and LLVM IR are for other tools to read.
static LogicalResult checkOp(Operation *op) {
  bool isKnown = isa<ModuleOp, func::FuncOp, func::ReturnOp>(op) ||
                 isa_and_present<nn::NNDialect, plan::PlanDialect>(op->getDialect());
  if (!isKnown)
    return refuse(op, "'" + op->getName().getStringRef() + "' is no op of a network");
  if (isa<func::FuncOp, plan::KernelOp, plan::ProgramOp>(op) &&
      !isa_and_present<ModuleOp>(op->getParentOp()))
    return refuse(op, "'" + op->getName().getStringRef() + "' stands inside of another op");
  return success();
}

/// Sizes that the importer takes: larger ones overflow, or ask for all memory there is.
static LogicalResult checkTensor(Type type, Operation *owner) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return isa<plan::BufferType>(type) ? success()
                                       : refuse(owner, "'" + owner->getName().getStringRef() +
                                                           "' has a value that is no tensor");
  Type element = tensor.getElementType();
  if (!nn::findElementType(element))
    return owner->emitError() << "a tensor of " << element << " is not supported ("
                              << nn::elementTypeList() << " are)";
  std::string problem = nn::shapeProblem(tensor.getShape());
  if (!problem.empty())
    return owner->emitError() << "a tensor " << problem;
  return success();
}

static LogicalResult checkNumber(int64_t number, Operation *owner) {
  if (number >= -nn::maxElements && number <= nn::maxElements)
    return success();
  return owner->emitError() << "the number " << number << " is no size that is supported";
}

/// Attributes of nn ops count elements; the plan checks its own, which are bytes.
static LogicalResult checkNumbers(Operation *op) {
  if (!isa_and_present<nn::NNDialect>(op->getDialect()))
    return success();
  for (NamedAttribute entry : op->getAttrDictionary()) {
    auto number = dyn_cast<IntegerAttr>(entry.getValue());
    if (number && (number.getValue().getSignificantBits() > 64 ||
                   failed(checkNumber(number.getValue().getSExtValue(), op))))
      return failure();
    if (auto list = dyn_cast<DenseI64ArrayAttr>(entry.getValue()))
      for (int64_t n : list.asArrayRef())
        if (failed(checkNumber(n, op)))
          return failure();
  }
  return success();
}

static LogicalResult checkOps(ModuleOp module) {
  WalkResult result = module->walk<WalkOrder::PreOrder>([](Operation *op) {
    bool good = succeeded(checkOp(op)) && succeeded(checkNumbers(op));
    for (Type type : op->getResultTypes())
      good = good && succeeded(checkTensor(type, op));
    for (Region &region : op->getRegions())
      for (Type type : region.getArgumentTypes())
        good = good && succeeded(checkTensor(type, op));
    return good ? WalkResult::advance() : WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

static LogicalResult checkFunction(func::FuncOp function) {
  if (function.isExternal() || !function.getBody().hasOneBlock())
    return refuse(function, "'" + function.getSymName() + "' is no straight line of ops");
  if (function.getNumResults() == 0)
    return refuse(function, "'" + function.getSymName() + "' has no outputs");
  for (Type type : function.getArgumentTypes())
    if (!isa<RankedTensorType>(type))
      return refuse(function, "an input is no tensor");
  return success();
}

/// One function, or one program with its kernels.
static LogicalResult checkNetwork(ModuleOp module) {
  if (failed(checkOps(module)))
    return failure();
  auto functions = llvm::to_vector(module.getOps<func::FuncOp>());
  auto programs = llvm::to_vector(module.getOps<plan::ProgramOp>());
  bool isPlan = programs.size() == 1 && functions.empty();
  bool isFunction = functions.size() == 1 && programs.empty();
  for (Operation &op : *module.getBody())
    if (!isPlan && isFunction && !isa<func::FuncOp>(op))
      return refuse(&op, "'" + op.getName().getStringRef() + "' stands beside a function");
  if (!isPlan && !isFunction)
    return refuse(module, "the text holds " + llvm::Twine(functions.size()) + " functions and " +
                              llvm::Twine(programs.size()) + " programs");
  return isPlan ? success() : checkFunction(functions.front());
}

//===----------------------------------------------------------------------===//
// Where compilation goes on
//===----------------------------------------------------------------------===//

/// The last stage whose result `module` can be: each leaves its own ops.
static llvm::StringRef detectStage(ModuleOp module) {
  if (!module.getOps<plan::ProgramOp>().empty())
    return "schedule";
  bool fused = module.walk([](nn::FusedOp) { return WalkResult::interrupt(); }).wasInterrupted();
  return fused ? "fusion" : "import";
}

/// The contract of the stage that `module` claims to come from: a text may have been edited.
static LogicalResult checkContract(ModuleOp module, llvm::StringRef stage,
                                   const KernelChooser &chooser) {
  PassManager passes(module->getContext(), ModuleOp::getOperationName());
  if (stage == "schedule") {
    passes.addPass(createVerifyPlan(chooser));
  } else if (stage == "fusion") {
    passes.addNestedPass<func::FuncOp>(fusion::createVerifyFusion());
    // What it states as proved is proved again, or forgotten: pairs of bytes are looked at before
    // groups are made.
    module.walk([](Operation *op) {
      op->removeAttr(nn::bilinearAttr);
      op->removeAttr(nn::obstacleAttr);
    });
    passes.addNestedPass<func::FuncOp>(quantization::createProveRequantization());
    passes.addNestedPass<func::FuncOp>(quantization::createMarkModerateScales());
  }
  return passes.run(module);
}

/// The text under the name of its file alone: locations must not tell where on which machine it is.
static OwningOpRef<ModuleOp> parseText(llvm::StringRef path, MLIRContext &context) {
  auto file = llvm::MemoryBuffer::getFile(path);
  if (!file) {
    emitError(UnknownLoc::get(&context)) << "cannot read the model: " << file.getError().message();
    return nullptr;
  }
  if (isNestedDeeper((*file)->getBuffer(), 4096)) { // MLIR's parser recurses
    emitError(UnknownLoc::get(&context)) << "the text is nested too deeply to be a network";
    return nullptr;
  }
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(
      llvm::MemoryBuffer::getMemBuffer((*file)->getBuffer(), llvm::sys::path::filename(path)),
      llvm::SMLoc());
  return parseSourceFile<ModuleOp>(sources, ParserConfig(&context));
}

/// What a text past stage graph is rounded like cannot be chosen any more.
static LogicalResult checkProfile(const Compilation &c, llvm::StringRef done) {
  Attribute attribute = c.module.get()->getAttr(quantization::profileAttr);
  auto stated = dyn_cast_or_null<StringAttr>(attribute);
  if (attribute && (!stated || !quantization::findProfile(stated.getValue())))
    return refuse(*c.module, "'" + quantization::profileAttr + "' names no profile of -exact");
  llvm::StringRef resolved = stated ? stated.getValue() : done == "import" ? "" : "ort";
  if (c.options.exact.empty() || resolved.empty() || resolved == c.options.exact)
    return success();
  return emitError(UnknownLoc::get(&c.context))
         << "-exact=" << c.options.exact << ": the text is rounded as in " << resolved
         << " already; compile the model that it was made from";
}

bool loadModel(Compilation &c) {
  if (!c.options.modelIsText())
    return true; // ONNX: read by the stage `import`
  c.module = parseText(c.options.model, c.context);
  if (!c.module || failed(checkNetwork(*c.module)))
    return false;
  llvm::StringRef done = detectStage(*c.module);
  if (c.options.target == "hls" && done != "import") {
    emitError(UnknownLoc::get(&c.context))
        << "the text is made for a processor; -target=hls takes a network up to -stop-after=graph";
    return false;
  }
  if (failed(checkContract(*c.module, done, *c.registry)) || failed(checkProfile(c, done)))
    return false;
  for (const Stage &stage : stages(c.options.target).drop_front(c.nextStage)) {
    ++c.nextStage;
    if (stage.name == c.options.stopAfter) {
      emitError(UnknownLoc::get(&c.context))
          << "the text is past -stop-after=" << c.options.stopAfter << " already";
      return false;
    }
    if (stage.name == done)
      break;
  }
  if (!c.options.quantize.empty() && done != "import") {
    emitError(UnknownLoc::get(&c.context))
        << "-quantize takes a network as -stop-after=import prints it; the text is past that";
    return false;
  }
  return true;
}

} // namespace nnc
