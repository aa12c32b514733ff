//===- Axis.cpp - A core behind AXI4-Stream -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A core can't be stopped, a consumer may stop at any time. So a frame is let in
// only if the memory behind the core has room for all of its results: nothing but
// the door waits, and the core takes as long as ever. The room is counted in
// frames, from the first beat that enters to the last result that leaves.
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/HLS/Axis.h"
#include "dialects/RTL/Wires.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace nnc::rtl;

namespace nnc::hls {

unsigned axisFrames(const Core &core) {
  return 1 + llvm::divideCeil(axisLatency(core), core.interval());
}

namespace {

Value differs(Wires &w, Value number, int64_t from) {
  return w.compare(Predicate::ne, number, w.constant(from, widthOf(number)));
}

/// A number of two bits or more that goes up by 1, or down where `down` is set.
Value stepped(Wires &w, Value number, Value down) {
  return w.add(number, w.join({w.one(), w.toSigned(down, widthOf(number) - 1)}));
}

/// The results that the core has given and nobody has taken. A word comes to the output of the
/// memory as soon as that is free, and stays until it is taken. What is counted in `stored` was
/// written in an earlier clock, so no word is read while it is being written.
RTLModuleOp buildFifo(DesignOp design, const Core &core) {
  uint64_t depth = uint64_t(axisFrames(core)) * core.output.beats;
  unsigned width = core.output.width();
  auto memory = OpBuilder::atBlockEnd(&design.getBody().front())
                    .create<RamOp>(design.getLoc(), core.name + "_axis_memory", depth,
                                   IntegerType::get(design.getContext(), width));
  ModuleBuilder module(design, design.getLoc(), core.name + "_axis_fifo",
                       {{"write", 1}, {"write_data", width}, {"ready", 1}});
  Wires &w = module.wires();
  Value write = module.input(0), data = module.input(1), ready = module.input(2);
  Value stored = w.declare("stored", llvm::Log2_64_Ceil(depth + 1), 0);
  Value valid = w.declare("valid_now", 1, 0);
  Value isFree = w.either(w.invert(valid), ready);
  Value read = w.named(w.both(differs(w, stored, 0), isFree), "read");
  w.drive(stored, stepped(w, stored, read), w.differ(write, read));
  w.drive(valid, read, isFree);
  Counter writeAt(w, "write_at", depth), readAt(w, "read_at", depth);
  writeAt.run(write);
  readAt.run(read);
  SmallVector<Value> words = w.instance("words", memory,
                                        {{"write_enable", write},
                                         {"write_addr", writeAt.now},
                                         {"write_data", data},
                                         {"read_enable", read},
                                         {"read_addr", readAt.now}});
  return module.finish({{"valid", valid}, {"data", words.front()}});
}

/// NAME_axis. No bit of data reaches anything that is built here but the core and the memory.
class AxisBuilder {
public:
  AxisBuilder(DesignOp design, const Core &core)
      : core(core), module(design, design.getLoc(), core.name + "_axis",
                           {{"s_axis_tdata", axisWidth(core.input)},
                            {"s_axis_tvalid", 1},
                            {"s_axis_tlast", 1},
                            {"m_axis_tready", 1}}),
        w(module.wires()) {}

  void build(RTLModuleOp inside, RTLModuleOp fifo) {
    Value data = module.input(0), valid = module.input(1), last = module.input(2),
          sinkReady = module.input(3);
    unsigned frames = axisFrames(core);
    // Let in, and not all results have left.
    Value owed = w.declare("frames_owed", llvm::Log2_64_Ceil(frames + 1), 0);

    // The door: closed while it is reset, and between frames where there is a reason.
    Counter beat(w, "in_beat", core.input.beats);
    Value awake = w.declare("awake", 1, 0);
    w.drive(awake, w.one());
    Value mayStart = w.named(differs(w, owed, frames), "room"), rest;
    if (core.pause) {
      rest = w.declare("rest", llvm::Log2_64_Ceil(uint64_t(core.pause) + 1), 0);
      mayStart = w.named(w.both(mayStart, w.equals(rest, 0)), "may_start");
    }
    Value isOpen = w.both(awake, w.either(mayStart, w.invert(beat.isFirst)));
    Value ready = w.named(isOpen, "ready");
    Value take = w.named(w.both(valid, ready), "take");
    beat.run(take);
    if (rest)
      drivePause(rest, w.named(w.both(take, beat.isLast), "take_last"));

    Value error = w.declare("error", 1, 0);
    w.drive(error, w.one(), w.both(take, w.differ(last, beat.isLast)));

    SmallVector<Value> results = w.instance(
        "core", inside, {{"in_valid", take}, {"in_data", w.toUnsigned(data, core.input.width())}});
    SmallVector<Value> stream = w.instance(
        "fifo", fifo, {{"write", results[0]}, {"write_data", results[1]}, {"ready", sinkReady}});
    Value sent = w.named(w.both(stream[0], sinkReady), "sent");
    Counter outBeat(w, "out_beat", core.output.beats);
    outBeat.run(sent);
    Value enters = w.named(w.both(take, beat.isFirst), "frame_enters");
    Value leaves = w.named(w.both(sent, outBeat.isLast), "frame_leaves");
    w.drive(owed, stepped(w, owed, leaves), w.differ(enters, leaves));
    RTLModuleOp axis =
        module.finish({{"s_axis_tready", ready},
                       {"m_axis_tdata", w.toUnsigned(stream[1], axisWidth(core.output))},
                       {"m_axis_tvalid", stream[0]},
                       {"m_axis_tlast", outBeat.isLast},
                       {"frame_error", error}});
    axis.setClock("aclk");
    axis.setReset("aresetn");
    axis.setLowReset(true);
  }

private:
  /// From `pause` down to 0 behind the last beat of a frame.
  void drivePause(Value rest, Value takeLast) {
    unsigned width = widthOf(rest);
    Value less = w.add(rest, w.constant(-1, width));
    w.drive(rest, w.mux(takeLast, w.constant(core.pause, width), less),
            w.either(takeLast, differs(w, rest, 0)));
  }

  const Core &core;
  ModuleBuilder module;
  Wires &w;
};

/// NAME, if it has the ports that `core` says.
RTLModuleOp findCore(DesignOp design, const Core &core) {
  auto module = design.lookupSymbol<RTLModuleOp>(core.name);
  if (!module) {
    design.emitError() << "holds no module '" << core.name << "'";
    return {};
  }
  Signature ports = signatureOf(module);
  auto are = [](ArrayRef<Port> given, StringRef valid, StringRef data, unsigned width) {
    return given.size() == 2 && given[0].name == valid && widthOf(given[0].type) == 1 &&
           given[1].name == data && widthOf(given[1].type) == width;
  };
  if (are(ports.inputs, "in_valid", "in_data", core.input.width()) &&
      are(ports.outputs, "out_valid", "out_data", core.output.width()))
    return module;
  module.emitError() << "is no core: its ports are not in_valid, in_data of " << core.input.width()
                     << " bits, out_valid, out_data of " << core.output.width() << " bits";
  return {};
}

} // namespace

LogicalResult addAxis(DesignOp design, const Core &core) {
  RTLModuleOp inside = findCore(design, core);
  if (!inside)
    return failure();
  if (uint64_t(axisFrames(core)) * core.output.beats > uint64_t(maxMemoryDepth) ||
      std::max(axisWidth(core.input), axisWidth(core.output)) > maxWidth)
    return design.emitError() << "has frames that are too large for a stream: " << axisFrames(core)
                              << " of " << core.output.beats << " results of "
                              << core.output.width() << " bits";
  RTLModuleOp fifo = buildFifo(design, core);
  AxisBuilder(design, core).build(inside, fifo);
  return success();
}

} // namespace nnc::hls
