//===- DescribeHardware.cpp - Engines as facts for reports ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "DescribeHardware.h"
#include "Describe.h"
#include "Silicon.h"
#include "dialects/NN/NNOps.h"
#include "nnc/Dataflow/Sequencer/BuildDesign.h"
#include "nnc/Target/HLS/Area.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace llvm;
using mlir::Operation;
using mlir::Value;

namespace nnc {

//===----------------------------------------------------------------------===//
// Unrolled
//===----------------------------------------------------------------------===//

static std::string product(ArrayRef<int64_t> numbers) {
  return join(map_range(numbers, [](int64_t n) { return std::to_string(n); }), " x ");
}

static std::string textOf(flow::StreamType type) {
  std::string text = std::to_string(type.getLanes()) + " x " + std::to_string(type.laneWidth()) +
                     (type.isSigned() ? " bits, signed" : " bits");
  return type.getRaster().empty() ? text : text + ", " + product(type.getRaster()) + " beats";
}

static std::string kindOf(Operation *op) {
  auto lanes = [](Value value) { return cast<flow::StreamType>(value.getType()).getLanes(); };
  return TypeSwitch<Operation *, std::string>(op)
      .Case([&](flow::MatrixOp op) {
        return "matrix " + product({lanes(op.getInput()), lanes(op.getResult())});
      })
      .Case([&](flow::WindowOp op) { return "window " + product(op.getKernel()); })
      .Case([&](flow::TableOp) { return "table"; })
      .Case([&](flow::ReduceOp op) {
        return op.getKind() == flow::ReduceKind::Sum ? "sum of all beats" : "greatest of all beats";
      })
      .Case([&](flow::DelayOp op) { return "delay of " + std::to_string(op.getLatency()); })
      .Default([](Operation *op) { return op->getName().stripDialect().str(); });
}

/// The clocks of a stream's first and last beat.
static std::pair<int64_t, int64_t> clocksOf(Value value) {
  Operation *op = value.getDefiningOp();
  auto schedule = op->getAttrOfType<mlir::DenseI64ArrayAttr>("schedule").asArrayRef();
  int64_t last = schedule.front();
  for (auto [extent, pitch] :
       zip_equal(cast<flow::StreamType>(value.getType()).getRaster(), schedule.drop_front()))
    last += (extent - 1) * pitch;
  return {schedule.front(), last};
}

static std::string layerOf(Operation *op) { return join(nn::nodeNames(op->getLoc()), ", "); }

void describeEngines(flow::NetworkOp network, HardwareFacts &facts) {
  DenseMap<Operation *, unsigned> boxes;
  auto sourcesOf = [&](Operation *op) {
    std::vector<unsigned> sources;
    for (Value operand : op->getOperands())
      sources.push_back(boxes.lookup(operand.getDefiningOp()));
    return sources;
  };
  for (Operation &op : network.getBlock()) {
    boxes[&op] = facts.blocks.size();
    if (auto input = dyn_cast<flow::InputOp>(op)) {
      facts.blocks.push_back({input.getName().str(), textOf(input.getType()), {}});
      continue;
    }
    if (isa<flow::OutputOp>(op)) {
      facts.blocks.push_back({"output", "", sourcesOf(&op)});
      continue;
    }
    Value result = op.getResult(0);
    std::string layer = layerOf(&op), kind = kindOf(&op);
    facts.blocks.push_back({layer.empty() ? kind : kind + ": " + layer,
                            textOf(cast<flow::StreamType>(result.getType())), sourcesOf(&op)});
    if (isa<flow::LanesOp>(op)) // wires
      continue;
    auto [first, lastOperand] = clocksOf(op.getOperand(0));
    auto [firstResult, last] = clocksOf(result);
    facts.engines.push_back({layer, kind, first, last, firstResult, lastOperand - first + 1});
  }
}

//===----------------------------------------------------------------------===//
// Sequencer
//===----------------------------------------------------------------------===//

/// What ends the network behind the requantizer; empty: nothing does.
static std::string nameOf(const sequencer::Head &head) {
  switch (head.kind) {
  case sequencer::Head::Kind::None:
    return "";
  case sequencer::Head::Kind::ArgMax:
    return "argmax";
  case sequencer::Head::Kind::Softmax:
    return "softmax";
  }
  llvm_unreachable("unknown head");
}

static std::vector<BlockFacts> partsOf(const sequencer::Program &program, const hls::Core &core) {
  auto sized = [](size_t count, StringRef what, unsigned bits) {
    return (std::to_string(count) + what + " of " + std::to_string(bits) + " bits").str();
  };
  size_t weights = 0, scales = 0;
  for (const sequencer::Layer &layer : program.layers) {
    weights += layer.weights.size();
    scales += layer.scales.size();
  }
  enum Box : unsigned { Input, Sequence, Activations, Weights, Lanes, Scales, Requantizer };
  std::vector<BlockFacts> parts = {
      {"input", sized(core.input.beats, " beats", core.input.width()), {}},
      {"sequence", "counters for " + std::to_string(program.layers.size()) + " layers", {}},
      {"activations",
       sized(program.depth, " words", program.elements.width()),
       {Input, Sequence, Requantizer}},
      {"weights", std::to_string(weights), {Sequence}},
      {"lanes", std::to_string(program.lanes) + " that multiply and add", {Activations, Weights}},
      {"scales", std::to_string(scales), {Sequence}},
      {"requantizer", "one for all lanes", {Lanes, Scales}}};
  unsigned last = Requantizer;
  if (std::string head = nameOf(program.head); !head.empty()) {
    parts.push_back({head, "of " + std::to_string(program.head.size) + " elements", {last}});
    ++last;
  }
  parts.push_back({"output", sized(core.output.beats, " beats", core.output.width()), {last}});
  return parts;
}

void describeMachine(const sequencer::Program &program, const sequencer::Schedule &schedule,
                     const hls::Core &core, HardwareFacts &facts) {
  facts.blocks = partsOf(program, core);
  auto latency = int64_t(core.latency);
  int64_t begin = latency - schedule.firstResult; // the frame's first tap
  for (auto [layer, times] : zip_equal(program.layers, schedule.layers)) {
    int64_t blocks = layer.blocks() * layer.pixels(), first = begin + times.start;
    int64_t busy = (layer.taps() + times.stall) * blocks - times.stall;
    facts.engines.push_back(
        {join(layer.nodes, ", "),
         std::to_string(blocks) + " blocks of " + std::to_string(layer.taps()) + " taps", first,
         first + busy - 1 + schedule.stages.written,
         first + layer.taps() - 1 + schedule.stages.written, busy});
  }
  if (std::string head = nameOf(program.head); !head.empty()) {
    int64_t first = begin + schedule.headStart, end = begin + schedule.cycles;
    facts.engines.push_back({"", head, first, end, latency, end - first + 1});
  }
}

/// When a sequencer's frame comes and its results leave, behind registers at the ports if there are
/// some.
static void addBusTurns(const Compilation &c, HardwareFacts &facts) {
  const hls::Core &core = c.silicon->core;
  int64_t beats = core.input.beats, first = core.latency;
  int64_t last =
      int64_t(core.interval()) - 1 + c.options.registerInputs() + c.options.registerOutputs();
  facts.engines.insert(facts.engines.begin(), {"", "input", 0, beats - 1, 0, beats});
  facts.engines.push_back({"", "output", first, last, first, last - first + 1});
}

//===----------------------------------------------------------------------===//
// The whole
//===----------------------------------------------------------------------===//

static AreaFacts factsOf(const hls::Area &area) { return {area.lut, area.ff, area.bram, area.dsp}; }

static std::string textOf(const hls::Bus &bus) {
  return std::to_string(bus.beats) + (bus.beats == 1 ? " beat" : " beats") + " of " +
         std::to_string(bus.lanes) + " x " + std::to_string(bus.laneBits) + " bits" +
         (bus.isSigned ? ", signed" : "");
}

/// Layers in the order of the network, then what is no layer's.
static std::vector<LayerFacts> layersOf(const HardwareFacts &facts,
                                        const hls::AreaEstimate &estimate) {
  std::vector<LayerFacts> layers;
  auto layerCalled = [&](const std::string &name) -> LayerFacts & {
    auto at = find_if(layers, [&](const LayerFacts &layer) { return layer.name == name; });
    return at != layers.end() ? *at : layers.emplace_back(LayerFacts{name, {}, {}});
  };
  for (const EngineFacts &engine : facts.engines)
    if (!engine.layer.empty())
      layerCalled(engine.layer).engines.push_back(engine);
  std::string others =
      facts.style == "sequencer" ? "the machine, which all layers share" : "what is no layer's";
  for (const hls::PartArea &part : estimate.parts)
    layerCalled(part.part.empty() ? others : part.part).area = factsOf(part.area);
  return layers;
}

void describeDesign(Compilation &c) {
  HardwareFacts &facts = c.silicon->hardware;
  const hls::Core &core = c.silicon->core;
  facts.style = c.options.style;
  facts.busIn = textOf(core.input);
  facts.busOut = textOf(core.output);
  facts.latency = core.latency;
  facts.interval = core.interval();
  facts.macs = countMacs(c.reference.get());
  if (c.options.isSequencer())
    addBusTurns(c, facts);
  auto design = *c.module->getOps<rtl::DesignOp>().begin();
  hls::AreaEstimate estimate = hls::estimateArea(design.lookupSymbol<rtl::RTLModuleOp>(c.name));
  facts.area = factsOf(estimate.total);
  facts.layers = layersOf(facts, estimate);
}

} // namespace nnc
