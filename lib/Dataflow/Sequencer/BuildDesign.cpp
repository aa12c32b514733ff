//===- BuildDesign.cpp - A program as hardware --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/Sequencer/BuildDesign.h"
#include "Machine.h"

#include "nnc/Support/Printable.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using nnc::rtl::widthOf;

namespace nnc::sequencer {

namespace {

class DesignBuilder {
public:
  DesignBuilder(rtl::Wires &wires, OpBuilder &design, const Program &program,
                const Scaling &scaling, const Schedule &schedule, const DesignOptions &options)
      : m(wires, design, program, scaling, schedule, options), w(wires), program(program) {}

  /// The values of the outputs `out_valid` and `out_data`.
  std::pair<Value, Value> build(Value inValid, Value inData) {
    listLayers();
    unsigned addressWidth = rtl::addressWidth(program.depth);
    writeAddress = w.declare("write_addr", addressWidth, 0);
    Value lastBeat =
        w.named(w.both(inValid, w.equals(writeAddress, program.inputBeats - 1)), "last_beat");
    Value readAddress;
    Taps taps;
    taps.issued = buildSequence(m, lastBeat, readAddress);
    taps.read = m.delayed(taps.issued, "read");
    taps.multiplied = m.delayed(taps.read, "multiplied");
    taps.summed = m.delayed(taps.multiplied, "summed");

    Value writeEnable = w.declare("write", 1), writeData = w.declare("data", elementWidth());
    Value activation = activations(taps.issued, readAddress, writeEnable, writeData);
    Result result = buildRequantizer(m, taps, buildLanes(m, taps, activation));
    Value isOutput = m.perLayer(
        "is_output", result.flags.layer, [](const Layer &l) { return l.toOutput; }, 1);
    Value isStored = w.both(result.flags.valid, w.invert(isOutput));
    w.comment("where results go");
    w.replace(writeEnable, w.either(inValid, isStored));
    w.replace(writeData, w.mux(inValid, extended(inData), w.toSigned(result.data, elementWidth())));
    advance(inValid, lastBeat, result.flags);
    Elements sent = buildHead(m, {w.both(result.flags.valid, isOutput), result.data});
    return {sent.valid, w.toSigned(sent.data, program.outputRange.width())};
  }

private:
  /// What the numbers of layers mean that tables are read by.
  void listLayers() {
    w.comment("A sequencer: one layer after the other on the same parts. Pixels x blocks of each:");
    for (auto [i, layer, times] : llvm::enumerate(program.layers, m.schedule.layers)) {
      std::string results =
          layer.lanes == 1 ? "one result" : "up to " + std::to_string(layer.lanes) + " results";
      std::string nodes = printable(llvm::join(layer.nodes, ", "));
      Interval sums = layer.scales[0].sums;
      for (const Scale &scale : layer.scales)
        sums = sums.hull(scale.sums);
      w.comment("layer " + std::to_string(i) + (nodes.empty() ? "" : ": " + nodes) +
                llvm::formatv(": {0} x {1} of {2} in {3} clocks, of sums from {4} to {5}",
                              layer.pixels(), layer.blocks(), results, layer.taps() + times.stall,
                              sums.least, sums.most)
                    .str());
    }
  }

  unsigned elementWidth() const { return program.elements.width(); }

  Value extended(Value inData) {
    return program.inputRange.least < 0 ? w.toSigned(inData, elementWidth())
                                        : w.toUnsigned(inData, elementWidth());
  }

  Value activations(const Flags &issued, Value readAddress, Value writeEnable, Value writeData) {
    w.comment("activations");
    Value readEnable = w.both(issued.valid, w.invert(issued.padding));
    return m.ram("activations", program.depth, {writeEnable, writeAddress, writeData},
                 {readEnable, readAddress});
  }

  /// Where the layer behind `i` begins to write.
  int64_t nextBase(size_t i) const {
    if (i + 1 == program.layers.size())
      return 0;
    const Layer &next = program.layers[i + 1];
    return next.toOutput ? end(program.layers[i]) : next.base;
  }

  static int64_t end(const Layer &layer) {
    int64_t channels = (layer.blocks() / layer.loops[firstChannel].count) *
                       ((layer.loops[firstChannel].count - 1) * layer.lanes + layer.lastLanes);
    return layer.base + (channels + layer.skip) * layer.pixels();
  }

  /// One address after the other; a jump behind pixels and layers only where there is one.
  void advance(Value inValid, Value lastBeat, const Flags &flags) {
    unsigned width = widthOf(writeAddress);
    std::vector<int64_t> bases, jumps, skips;
    for (auto [i, layer] : llvm::enumerate(program.layers)) {
      bases.push_back(nextBase(i));
      jumps.push_back(i + 1 == program.layers.size() || nextBase(i) != end(layer));
      skips.push_back(layer.skip + 1);
    }
    Value step = w.constant(1, width);
    Value pixelStep = m.perLayer("pixel_step", flags.layer, skips, width);
    if (rtl::Wires::known(pixelStep) != 1)
      step =
          w.mux(w.both(w.both(flags.valid, flags.pixelLast), w.invert(inValid)), pixelStep, step);
    Value next = w.add(writeAddress, step);
    Value jump = w.both(w.both(flags.valid, flags.layerLast),
                        m.perLayer("next_jumps", flags.layer, jumps, 1));
    Value base = m.perLayer("next_base", flags.layer, bases, width);
    next = w.mux(jump, base, next);
    if (const Layer &first = program.layers[0]; !first.toOutput && first.base != program.inputBeats)
      next = w.mux(lastBeat, w.constant(first.base, width), next);
    w.drive(writeAddress, w.named(next, "write_addr_next"), w.either(inValid, flags.valid));
  }

  Machine m;
  rtl::Wires &w;
  const Program &program;
  Value writeAddress;
};

} // namespace

rtl::DesignOp buildDesign(OpBuilder &builder, const Program &program, const Scaling &scaling,
                          const Schedule &schedule, const DesignOptions &options) {
  Location loc = builder.getUnknownLoc();
  auto design = builder.create<rtl::DesignOp>(loc, program.name);
  OpBuilder inDesign(OpBuilder::atBlockEnd(&design.getBody().emplaceBlock()));
  rtl::ModuleBuilder module(design, loc, program.name,
                            {{"in_valid", 1}, {"in_data", program.inputRange.width()}});
  DesignBuilder parts(module.wires(), inDesign, program, scaling, schedule, options);
  auto [valid, data] = parts.build(module.input(0), module.input(1));
  module.finish({{"out_valid", valid}, {"out_data", data}});
  return design;
}

hls::Core coreOf(const Program &program, const Schedule &schedule) {
  hls::Core core;
  core.name = program.name;
  core.input.beats = program.inputBeats;
  core.input.laneBits = program.inputRange.width();
  core.input.isSigned = program.inputRange.least < 0;
  core.output.beats = program.outputBeats;
  core.output.laneBits = program.outputRange.width();
  core.output.isSigned = program.outputRange.least < 0;
  core.latency = program.inputBeats - 1 + schedule.firstResult;
  core.pause = schedule.cycles;
  return core;
}

} // namespace nnc::sequencer
