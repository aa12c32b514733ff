//===- SiliconStages.cpp - From integers to modules --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "DescribeHardware.h"
#include "Silicon.h"
#include "dialects/NN/ElementTypes.h"
#include "dialects/RTL/Names.h"
#include "dialects/RTL/RTLOps.h"
#include "nnc/Dataflow/Passes.h"
#include "nnc/Dataflow/Sequencer/BuildDesign.h"
#include "nnc/Dataflow/Sequencer/BuildProgram.h"
#include "nnc/Quantization/Inputs.h"
#include "nnc/Quantization/Passes.h"
#include "nnc/Support/CIdentifier.h"
#include "nnc/Target/HLS/Axis.h"
#include "nnc/Target/HLS/Passes.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace nnc {

static func::FuncOp networkOf(ModuleOp module) { return *module.getOps<func::FuncOp>().begin(); }

//===----------------------------------------------------------------------===//
// -input-format
//===----------------------------------------------------------------------===//

namespace {

struct InputFormat {
  std::string name;
  int64_t bits, fraction;
};

/// NAME:BITS.FRACTION; the name may hold colons.
std::optional<InputFormat> parseFormat(llvm::StringRef text) {
  auto [name, numbers] = text.rsplit(':');
  auto [bits, fraction] = numbers.split('.');
  InputFormat format{name.str(), 0, 0};
  if (name.empty() || bits.getAsInteger(10, format.bits) ||
      fraction.getAsInteger(10, format.fraction) || format.bits < 1 || format.bits > 16 ||
      format.fraction < 0 || format.fraction > 64)
    return std::nullopt;
  return format;
}

StringRef inputName(func::FuncOp network, BlockArgument argument) {
  auto name = network.getArgAttrOfType<StringAttr>(argument.getArgNumber(), nn::nameAttr);
  return name ? name.getValue() : StringRef();
}

} // namespace

bool noteInputFormats(Compilation &c) {
  func::FuncOp network = networkOf(*c.module);
  bool good = true;
  auto fail = [&](const llvm::Twine &why) {
    emitError(UnknownLoc::get(&c.context)) << why;
    good = false;
  };
  for (const std::string &text : c.options.inputFormats) {
    std::optional<InputFormat> format = parseFormat(text);
    if (!format) {
      fail("-input-format=" + text + ": expected NAME:BITS.FRACTION with 1 to 16 bits, as x:8.4");
      continue;
    }
    auto named = llvm::find_if(network.getArguments(), [&](BlockArgument argument) {
      return inputName(network, argument) == format->name;
    });
    if (named == network.getArguments().end()) {
      auto names = llvm::map_range(network.getArguments(), [&](BlockArgument argument) {
        return "'" + inputName(network, argument).str() + "'";
      });
      fail("-input-format=" + text + ": the network has no input '" + format->name + "', it has " +
           llvm::join(names, ", "));
      continue;
    }
    if (!getElementTypeOrSelf(*named).isF32())
      fail("-input-format=" + text + ": input '" + format->name + "' is not float32");
    network.setArgAttr(named->getArgNumber(), quantization::formatAttr,
                       DenseI64ArrayAttr::get(&c.context, {format->bits, format->fraction}));
  }
  return good;
}

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

/// Modules are called after the network, and nothing in Verilog may have a port's name beside it.
static bool isName(Compilation &c) {
  static constexpr StringLiteral ports[] = {rtl::clockName, rtl::resetName, rtl::lowResetName,
                                            "in_valid",     "in_data",      "out_valid",
                                            "out_data"};
  std::string problem = rtl::nameProblem(c.name);
  if (problem.empty() && llvm::is_contained(ports, c.name))
    problem = "is the name of a port";
  if (!problem.empty())
    emitError(UnknownLoc::get(&c.context))
        << "'" << c.name << "' " << problem << "; choose another one by -name=";
  return problem.empty();
}

static bool inputsAreIntegers(Compilation &c) {
  func::FuncOp network = networkOf(*c.module);
  bool good = true;
  for (BlockArgument argument : network.getArguments()) {
    if (isa<IntegerType>(getElementTypeOrSelf(argument)))
      continue;
    StringRef name = inputName(network, argument);
    emitError(argument.getLoc()) << "input '" << name
                                 << "' comes as floats, and hardware takes integers: "
                                 << quantization::whyFloats(argument)
                                 << "; let the network quantize it first, or say -input-format="
                                 << name << ":BITS.FRACTION";
    good = false;
  }
  return good;
}

/// Sums wrap in int32. Hardware has as many bits as it needs, and would not.
static bool sumsFit(Compilation &c) {
  bool good = true;
  networkOf(*c.module).walk([&](Operation *op) {
    auto sums = op->getAttrOfType<DenseElementsAttr>(nn::partialSumsAttr);
    if (!sums)
      return;
    int64_t least = sums.getValues<int64_t>()[0], most = sums.getValues<int64_t>()[1];
    if (least >= INT32_MIN && most <= INT32_MAX)
      return;
    op->emitError("sums can reach ") << least << " to " << most
                                     << ", beyond int32 they wrap, which hardware does not do: use "
                                        "fewer bits, or smaller biases";
    good = false;
  });
  return good;
}

/// What the builders of `style` have to know of the network's integers.
static bool findForms(ModuleOp module, bool forSequencer) {
  return runPasses(module, [&](OpPassManager &p) {
    p.addNestedPass<func::FuncOp>(quantization::createProveElementwise());
    p.addNestedPass<func::FuncOp>(quantization::createProveRequantization());
    p.addNestedPass<func::FuncOp>(
        quantization::createFindThresholds({/*keepsScales=*/forSequencer}));
    p.addNestedPass<func::FuncOp>(quantization::createTabulateIslands());
  });
}

/// Says, behind the reasons why the chosen style cannot, whether the other one has an engine for
/// each layer.
static bool refuseStyle(Compilation &c) {
  bool toSequencer = !c.options.isSequencer();
  auto isMapped = [&] {
    OwningOpRef<ModuleOp> copy(c.reference->clone());
    ScopedDiagnosticHandler silent(&c.context, [](Diagnostic &) { return success(); });
    if (!findForms(*copy, toSequencer))
      return false;
    if (toSequencer)
      return succeeded(sequencer::buildProgram(networkOf(*copy), c.name, /*lanes=*/1));
    return runPasses(*copy, [&](OpPassManager &p) {
      p.addPass(dataflow::createBuildFlow({c.options.pipeline}));
    });
  };
  if (isMapped())
    emitRemark(UnknownLoc::get(&c.context))
        << "-style=" << (toSequencer ? "sequencer" : "unrolled") << " has an engine for each layer";
  return false;
}

bool runDataflow(Compilation &c) {
  if (!isName(c))
    return false;
  networkOf(*c.module).setSymName(c.name);
  bool good = runPasses(*c.module, [&](OpPassManager &p) {
    p.addNestedPass<func::FuncOp>(quantization::createSplitFloats());
  });
  if (!good || !inputsAreIntegers(c))
    return false;
  c.reference =
      c.module->clone(); // with its floats, which the answers come from; constants are shared
  if (!findForms(*c.module, c.options.isSequencer()) || !sumsFit(c))
    return false;
  if (c.options.isSequencer())
    return true; // its program is no IR: stage rtl makes it
  good = runPasses(*c.module, [&](OpPassManager &p) {
    p.addPass(dataflow::createBuildFlow({c.options.pipeline}));
    p.addPass(dataflow::createGenerateModules());
    p.addPass(dataflow::createScheduleStreams());
  });
  return good || refuseStyle(c);
}

/// A port of the reference network on the bus.
static void describePort(const Compilation &c, hls::PortTensor &port, DictionaryAttr attributes,
                         RankedTensorType type, llvm::StringSet<> &taken) {
  auto name = attributes ? attributes.getAs<StringAttr>(nn::nameAttr) : StringAttr();
  port.name = name ? name.str() : "tensor";
  port.cName = makeUniqueCIdentifier(port.name, taken);
  port.shape.assign(type.getShape().begin(), type.getShape().end());
  if (auto scale = attributes ? attributes.getAs<FloatAttr>(nn::scaleAttr) : FloatAttr()) {
    port.scale = scale.getValueAsDouble();
    if (auto zero = attributes.getAs<IntegerAttr>(nn::zeroPointAttr))
      port.zeroPoint = zero.getInt();
  }
  if (auto mode = attributes ? attributes.getAs<StringAttr>(nn::roundingAttr) : StringAttr())
    port.rounding = *nn::symbolizeRoundingMode(mode.getValue());
  if (auto nodes = attributes ? attributes.getAs<ArrayAttr>(nn::leftToCallerAttr) : ArrayAttr())
    for (StringAttr node : nodes.getAsRange<StringAttr>())
      port.leftToCaller.push_back(node.str());
  const nn::ElementType *element = nn::findElementType(type.getElementType());
  port.dtype = port.scale && c.floatPorts.contains(port.name) ? "float32"
               : element                                      ? element->name.str()
                                                              : "int32";
}

/// Says what integers an input has, which the core relies on.
static void limit(const hls::Bus &bus, hls::PortTensor &input, int64_t least, int64_t most) {
  if (least > bus.least() || most < bus.most())
    input.range = {least, most};
}

/// Names, types and scales of the tensors on both buses, which are the network's arguments and
/// results.
static void describePorts(const Compilation &c, hls::Core &core) {
  func::FuncOp network = networkOf(*c.reference);
  llvm::StringSet<> taken;
  auto describe = [&](hls::Bus &bus, auto attributesOf, TypeRange types) {
    for (auto [i, tensor, type] : llvm::enumerate(bus.tensors, types))
      describePort(c, tensor, attributesOf(i), cast<RankedTensorType>(type), taken);
  };
  describe(
      core.input, [&](unsigned i) { return network.getArgAttrDict(i); },
      network.getArgumentTypes());
  describe(
      core.output, [&](unsigned i) { return network.getResultAttrDict(i); },
      network.getResultTypes());
}

static std::vector<uint32_t> orderOf(Attribute attribute) {
  ArrayRef<int32_t> order = cast<DenseI32ArrayAttr>(attribute).asArrayRef();
  return {order.begin(), order.end()};
}

/// A bus that takes streams side by side.
static hls::Bus busOf(ArrayRef<flow::StreamType> types) {
  flow::BusRange range = flow::busRangeOf(types);
  hls::Bus bus;
  bus.beats = types.front().beats();
  bus.lanes = 0;
  for (flow::StreamType type : types)
    bus.lanes += type.getLanes();
  bus.laneBits = flow::widthFor(range.least, range.most);
  bus.isSigned = range.least < 0;
  bus.tensors.resize(types.size());
  return bus;
}

static bool wireUnrolled(Compilation &c) {
  auto network = *c.module->getOps<flow::NetworkOp>().begin();
  SmallVector<flow::StreamType> inputs, outputs;
  hls::Core core;
  for (auto input : network.getBlock().getOps<flow::InputOp>())
    inputs.push_back(input.getType());
  for (Value value : network.getOutputs().getValues())
    outputs.push_back(cast<flow::StreamType>(value.getType()));
  core.name = c.name;
  core.input = busOf(inputs);
  core.output = busOf(outputs);
  for (auto [i, input] : llvm::enumerate(network.getBlock().getOps<flow::InputOp>())) {
    core.input.tensors[i].order = orderOf(input->getAttr(flow::orderAttr));
    limit(core.input, core.input.tensors[i], input.getType().getLeast(), input.getType().getMost());
  }
  describeEngines(network, c.silicon->hardware);
  auto orders = cast<ArrayAttr>(network.getOutputs()->getAttr(flow::orderAttr));
  for (auto [tensor, order] : llvm::zip_equal(core.output.tensors, orders))
    tensor.order = orderOf(order);
  if (!runPasses(*c.module, [](OpPassManager &p) { p.addPass(dataflow::createWireNetwork()); }))
    return false;
  core.latency = *network.getLatency();
  core.pause = *network.getInterval() - core.input.beats;
  describePorts(c, core);
  c.silicon->core = std::move(core);
  return true;
}

static bool wireSequencer(Compilation &c) {
  FailureOr<sequencer::Program> program =
      sequencer::buildProgram(networkOf(*c.module), c.name, c.options.lanes);
  if (failed(program))
    return refuseStyle(c);
  sequencer::Scaling scaling = sequencer::balancedScaling(*program);
  sequencer::Schedule schedule = sequencer::schedule(*program, scaling);
  networkOf(*c.module).erase();
  OpBuilder builder = OpBuilder::atBlockEnd(c.module->getBody());
  sequencer::buildDesign(builder, *program, scaling, schedule, {});
  hls::Core core = sequencer::coreOf(*program, schedule);
  auto fill = [](hls::Bus &bus, const std::vector<sequencer::PortTensor> &tensors) {
    bus.tensors.resize(tensors.size());
    for (auto [tensor, from] : llvm::zip_equal(bus.tensors, tensors))
      tensor.order = from.order;
  };
  fill(core.input, program->inputs);
  fill(core.output, program->outputs);
  for (auto [tensor, from] : llvm::zip_equal(core.input.tensors, program->inputs))
    limit(core.input, tensor, from.range.least, from.range.most);
  c.silicon->hardware.formula = sequencer::formula(*program, schedule);
  describeMachine(*program, schedule, core, c.silicon->hardware);
  describePorts(c, core);
  c.silicon->core = std::move(core);
  return true;
}

/// Registers at the core's ports, each of which takes a clock.
static bool registerPorts(Compilation &c) {
  hls::RegisterPortsOptions where{c.options.registerInputs(), c.options.registerOutputs()};
  unsigned clocks = where.inputs + where.outputs;
  c.silicon->core.latency += clocks;
  for (EngineFacts &engine : c.silicon->hardware.engines) {
    engine.first += where.inputs;
    engine.firstResult += where.inputs;
    engine.last += where.inputs;
  }
  if (clocks && !c.silicon->hardware.formula.empty())
    c.silicon->hardware.formula += " + " + std::to_string(clocks) + " at the ports";
  return runPasses(*c.module, [&](OpPassManager &p) {
    p.addNestedPass<rtl::DesignOp>(hls::createRegisterPorts(where));
  });
}

bool runWiring(Compilation &c) {
  c.silicon = std::make_unique<SiliconFacts>();
  if (!(c.options.isSequencer() ? wireSequencer(c) : wireUnrolled(c)))
    return false;
  auto design = *c.module->getOps<rtl::DesignOp>().begin();
  if (!registerPorts(c) || failed(hls::addAxis(design, c.silicon->core)))
    return false;
  return runPasses(*c.module, [](OpPassManager &p) {
    p.addPass(createCanonicalizerPass());
    p.addPass(createCSEPass());
  });
}

} // namespace nnc
