//===- Session.cpp - A network that runs in several ways -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Pipeline/Session.h"

#include "Compilation.h"
#include "CompiledFolder.h"
#include "Diagnostics.h"
#include "NativeNetwork.h"
#include "Oracle.h"
#include "VerilogNetwork.h"
#include "nnc/Interpreter/Interpreter.h"
#include "nnc/Pipeline/Compile.h"
#include "nnc/Pipeline/Judge.h"
#include "nnc/Support/CIdentifier.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace nnc {

struct Session::State {
  CompileOptions options;
  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  DiagnosticPrinter printer;
  Compilation c;
  std::vector<Port> inputs, outputs;
  std::unique_ptr<State> imported; ///< the same model, before stage graph
  std::string folder;              ///< temporary, with the shared library
  std::optional<NativeNetwork> native;
  std::string verilogFolder; ///< temporary, with the Verilog
  std::unique_ptr<VerilogNetwork> verilog;
  bool isBroken = false; ///< a stage gave up: what it left is no network

  explicit State(CompileOptions o)
      : options(std::move(o)),
        printer(&context, sys::path::filename(options.model), /*quiet=*/true), c{options, context} {
    prepareContext(context);
  }
  ~State() {
    for (const std::string &temporary : {folder, verilogFolder})
      if (!temporary.empty())
        sys::fs::remove_directories(temporary);
  }
};

/// Everything that the caller left open is decided here: one shared library, nothing printed.
static CompileOptions quietly(CompileOptions options) {
  if (options.name.empty())
    options.name = makeNetworkName(sys::path::stem(options.model));
  options.quiet = true;
  options.emit = {"so"};
  return options;
}

Session::Session(CompileOptions options)
    : state(std::make_unique<State>(quietly(std::move(options)))) {}
Session::~Session() = default;

mlir::MLIRContext &Session::context() { return state->context; }
const std::vector<Port> &Session::inputs() const { return state->inputs; }
const std::vector<Port> &Session::outputs() const { return state->outputs; }

bool Session::load() {
  Compilation &c = state->c;
  if (isManifest(state->options.model))
    return describesVerilog(state->options.model) ? loadCompiledVerilog() : loadCompiled();
  // Hardware leaves floats at the edges off: its integers are what it is compared with.
  bool isHardware = state->options.target == "hls";
  if (!beginCompilation(c) || !runStages(c, isHardware ? "dataflow" : "graph"))
    return false;
  if (isHardware)
    c.module = std::move(c.reference);
  state->inputs = inputPorts(c);
  state->outputs = outputPorts(c);
  return true;
}

bool Session::loadCompiled() {
  Expected<CompiledNetwork> network = readCompiled(state->options.model, state->context);
  if (!network)
    return reportErrors(network.takeError(), state->context), false;
  state->inputs = network->inputs;
  state->outputs = network->outputs;
  Expected<NativeNetwork> native =
      NativeNetwork::load(network->library, network->name, network->outputs, network->arenaBytes);
  if (!native)
    return reportErrors(native.takeError(), state->context), false;
  state->native = std::move(*native);
  return true;
}

bool Session::loadCompiledVerilog() {
  Expected<CompiledVerilog> network = readCompiledVerilog(state->options.model, state->context);
  if (!network)
    return reportErrors(network.takeError(), state->context), false;
  state->inputs = network->inputs;
  state->outputs = network->outputs;
  auto verilog = VerilogNetwork::build(std::move(*network));
  if (!verilog)
    return reportErrors(verilog.takeError(), state->context), false;
  state->verilog = std::move(*verilog);
  return true;
}

static Error needsModel() {
  return createStringError("compiled code runs as what it is; any other way needs the model");
}

Expected<std::vector<Tensor>> Session::run(Way way, ArrayRef<Tensor> inputs) {
  switch (way) {
  case Way::Interpreter:
    return interpret(inputs);
  case Way::Native:
    return runNative(inputs);
  case Way::Verilog:
    return runVerilog(inputs);
  }
  llvm_unreachable("all ways are above");
}

Expected<std::vector<Tensor>> Session::interpret(ArrayRef<Tensor> inputs) {
  if (state->isBroken)
    return createStringError("the network cannot be compiled");
  if (isManifest(state->options.model))
    return needsModel();
  return interpretNetwork(state->c, inputs);
}

//===----------------------------------------------------------------------===//
// Native code
//===----------------------------------------------------------------------===//

static Error makeFolder(std::string &path) {
  SmallString<128> folder;
  if (std::error_code code = sys::fs::createUniqueDirectory("nn-run", folder))
    return createStringError(code, "cannot make a temporary folder");
  path = folder.str().str();
  return Error::success();
}

Error Session::compileNative() {
  if (state->native)
    return Error::success();
  if (state->isBroken)
    return createStringError("the network cannot be compiled");
  if (Error error = makeFolder(state->folder))
    return error;
  state->options.outputFolder = state->folder;
  Compilation &c = state->c;
  if (!runStages(c) || !emitFiles(c)) {
    state->isBroken = true;
    return createStringError("the network cannot be compiled");
  }
  plan::ProgramOp program = *c.module->getOps<plan::ProgramOp>().begin();
  Expected<NativeNetwork> native = NativeNetwork::load(
      state->folder + "/lib" + c.name + ".so", c.name, state->outputs, program.getArenaBytes());
  if (!native)
    return native.takeError();
  state->native = std::move(*native);
  return Error::success();
}

Expected<std::vector<Tensor>> Session::runNative(ArrayRef<Tensor> inputs) {
  if (Error error = compileNative())
    return std::move(error);
  return state->native->run(inputs);
}

//===----------------------------------------------------------------------===//
// Verilog
//===----------------------------------------------------------------------===//

/// Error: an output is more than its integers and one scale: nodes are left to the caller, or
/// channels have scales of their own.
static Error checkComplete(const CompiledVerilog &network, ArrayRef<Port> outputs) {
  constexpr StringLiteral instead = "; -io=native runs and compares its integers";
  for (const hls::PortTensor &tensor : network.core.output.tensors)
    if (!tensor.leftToCaller.empty())
      return createStringError("'" + tensor.name + "' leaves before " +
                               join(tensor.leftToCaller, ", ") + ", left to the caller" + instead);
  for (auto [port, output] : zip_equal(network.outputs, outputs))
    if (output.type.getElementType().isF32() && !port.type.getElementType().isF32())
      return createStringError("'" + output.name + "' leaves as integers of several scales" +
                               instead);
  return Error::success();
}

/// What nn-compile writes for the target, once more from the model.
Error Session::compileVerilog() {
  if (state->verilog)
    return Error::success();
  if (isManifest(state->options.model))
    return needsModel();
  if (Error error = makeFolder(state->verilogFolder))
    return error;
  CompileOptions options = state->options;
  options.target = "hls";
  options.cpu.clear();
  options.emit.clear();
  options.outputFolder = state->verilogFolder;
  if (!compile(options))
    return createStringError("the network cannot be compiled");
  Expected<CompiledVerilog> network =
      readCompiledVerilog(state->verilogFolder + "/" + options.name + ".json", state->context);
  if (!network)
    return network.takeError();
  if (state->options.target == "hls") { // ports are the integers on the bus
    network->inputs = state->inputs;
    network->outputs = state->outputs;
  } else if (Error error = checkComplete(*network, state->outputs)) {
    return error;
  }
  auto verilog = VerilogNetwork::build(std::move(*network));
  if (!verilog)
    return verilog.takeError();
  state->verilog = std::move(*verilog);
  return Error::success();
}

Expected<std::vector<Tensor>> Session::runVerilog(ArrayRef<Tensor> inputs) {
  if (Error error = compileVerilog())
    return std::move(error);
  return state->verilog->run(inputs);
}

//===----------------------------------------------------------------------===//
// Step by step
//===----------------------------------------------------------------------===//

/// The tensor of `type` whose origin is at `base`, out of its layout.
static Tensor gather(const char *base, mlir::RankedTensorType type, plan::LayoutAttr layout) {
  Tensor tensor(type);
  int64_t size = tensor.getElementSize(), count = tensor.getNumElements();
  SmallVector<int64_t> index(type.getRank(), 0);
  for (int64_t i = 0; i < count; ++i) {
    std::copy_n(base + layout.elementOffset(index) * size, size,
                tensor.mutableBytes().data() + i * size);
    for (int64_t d = type.getRank(); d-- > 0;) {
      if (++index[d] < type.getDimSize(d))
        break;
      index[d] = 0;
    }
  }
  return tensor;
}

/// What step number `i` wrote, out of the arena or the outputs.
static Tensor writtenBy(plan::StepOp step, unsigned result, const char *arena,
                        ArrayRef<Tensor> outputs) {
  plan::KernelOp kernel = step.lookupKernel();
  mlir::Operation *buffer = step.getWrites()[result].getDefiningOp();
  const char *base = nullptr;
  if (auto slot = mlir::dyn_cast<plan::SlotOp>(buffer))
    base = arena + slot.getOffset();
  else
    base = outputs[mlir::cast<plan::OutputOp>(buffer).getIndex()].bytes().data();
  return gather(base + step.getWriteOffsets()[result], kernel.resultType(result),
                kernel.resultLayout(result));
}

static std::string describeStep(plan::StepOp step, size_t number) {
  std::string nodes;
  for (mlir::Attribute node : step.getNodes())
    nodes += " '" + mlir::cast<mlir::StringAttr>(node).getValue().str() + "'";
  return ("step " + Twine(number) + " (" + step.getKernel() + ", nodes" + nodes + ")").str();
}

Expected<std::string> Session::firstDifference(ArrayRef<Tensor> inputs) {
  if (isManifest(state->options.model))
    return needsModel();
  if (Error error = compileNative())
    return std::move(error);
  plan::ProgramOp program = *state->c.module->getOps<plan::ProgramOp>().begin();
  std::vector<Tensor> outputs = state->native->makeOutputs();
  std::string found;
  size_t number = 0;
  Error failed = Error::success();
  auto observe = [&](plan::StepOp step, ArrayRef<Tensor> results) {
    if (!failed)
      failed = state->native->runSteps(inputs, outputs, number, number + 1);
    for (auto [i, expected] : enumerate(results)) {
      if (failed || !found.empty())
        break;
      Tensor got = writtenBy(step, i, state->native->arena(), outputs);
      if (!interpreter::bitEqual(got, expected))
        found = describeStep(step, number) + ": " + describeDifference(got, expected);
    }
    ++number;
  };
  Expected<std::vector<Tensor>> all = interpreter::evaluate(program, inputs, observe);
  if (!all)
    return joinErrors(all.takeError(), std::move(failed));
  if (failed)
    return std::move(failed);
  return found;
}

//===----------------------------------------------------------------------===//
// Layer by layer
//===----------------------------------------------------------------------===//

Error Session::loadImported() {
  if (state->imported)
    return Error::success();
  auto imported = std::make_unique<State>(state->options);
  if (!beginCompilation(imported->c) || !runStages(imported->c, "import"))
    return createStringError("the network cannot be imported");
  if (!imported->c.module->getOps<plan::ProgramOp>().empty())
    return createStringError("a plan no longer has the layers of its network");
  imported->inputs = inputPorts(imported->c);
  state->imported = std::move(imported);
  return Error::success();
}

Expected<std::vector<Layer>> Session::layers(ArrayRef<Tensor> inputs) {
  if (isManifest(state->options.model))
    return needsModel();
  if (Error error = loadImported())
    return std::move(error);
  std::vector<Tensor> own; // types belong to a context
  for (auto [value, from, to] : zip_equal(inputs, state->inputs, state->imported->inputs)) {
    Expected<Tensor> tensor = convert(value, from, to);
    if (!tensor)
      return tensor.takeError();
    own.push_back(std::move(*tensor));
  }
  MapVector<StringRef, Tensor> computed; // the last result of a node counts
  auto observe = [&](mlir::Value v, const Tensor &tensor) {
    if (!v.getDefiningOp() || isa<nn::ConstantOp>(v.getDefiningOp()) ||
        !tensor.getElementType().isF32())
      return;
    for (StringRef node : nn::nodeNames(v.getLoc()))
      computed[node] = tensor;
  };
  auto network = *state->imported->c.module->getOps<mlir::func::FuncOp>().begin();
  Expected<std::vector<Tensor>> all = interpreter::evaluate(network, own, observe);
  if (!all)
    return all.takeError();
  std::vector<Layer> layers;
  for (auto &[node, value] : computed)
    layers.push_back({node.str(), value});
  return layers;
}

} // namespace nnc
