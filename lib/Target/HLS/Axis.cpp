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
#include "GraphBuilder.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace nnc::rtl;

namespace nnc::hls {

unsigned axisFrames(const Core &core) {
  return 1 + llvm::divideCeil(axisLatency(core), core.interval());
}

namespace {

/// The results that the core has given and nobody has taken.
class FifoBuilder {
public:
  FifoBuilder(DesignOp design, const Core &core)
      : depth(uint64_t(axisFrames(core)) * core.output.beats), width(core.output.width()),
        name(core.name + "_axis_fifo"),
        memory(OpBuilder::atBlockEnd(&design.getBody().front())
                   .create<RamOp>(design.getLoc(), core.name + "_axis_memory", depth,
                                  IntegerType::get(design.getContext(), width))),
        b(design, name, {{"write", 1}, {"write_data", width}, {"ready", 1}},
          {{"valid", 1}, {"data", width}}) {}

  /// A word comes to the output of the memory as soon as that is free, and stays until it is taken.
  /// What is counted in `stored` was written in an earlier clock, so no word is read while it is
  /// being written.
  RTLModuleOp build() {
    Value write = b.input(), data = b.input(), ready = b.input();
    unsigned bits = llvm::Log2_64_Ceil(depth + 1);
    Value stored = b.reg(bits, "stored"), valid = b.reg(1, "valid_now");
    Value isFree = b.bitOr(b.invert(valid), ready);
    Value read = b.bitAnd(b.differs(stored, 0), isFree, "read");
    b.drive(stored, b.add(stored, b.step(read, bits)), b.bitXor(write, read));
    b.drive(valid, read, isFree);
    GraphBuilder::Counter writeAt = b.counter(depth, "write_at");
    GraphBuilder::Counter readAt = b.counter(depth, "read_at");
    b.advance(writeAt, write);
    b.advance(readAt, read);
    SmallVector<Value> words = b.instance("words", memory,
                                          {{"write_enable", write},
                                           {"write_addr", writeAt.value},
                                           {"write_data", data},
                                           {"read_enable", read},
                                           {"read_addr", readAt.value}});
    b.output({valid, words.front()});
    return b.getModule();
  }

private:
  uint64_t depth;
  unsigned width;
  std::string name;
  RamOp memory;
  GraphBuilder b;
};

/// NAME_axis. No bit of data reaches anything that is built here but the core and the memory.
class AxisBuilder {
public:
  AxisBuilder(DesignOp design, const Core &core, RTLModuleOp inside, RTLModuleOp fifo)
      : core(core), inside(inside), fifo(fifo), name(core.name + "_axis"),
        b(design, name,
          {{"s_axis_tdata", axisWidth(core.input)},
           {"s_axis_tvalid", 1},
           {"s_axis_tlast", 1},
           {"m_axis_tready", 1}},
          {{"s_axis_tready", 1},
           {"m_axis_tdata", axisWidth(core.output)},
           {"m_axis_tvalid", 1},
           {"m_axis_tlast", 1},
           {"frame_error", 1}}) {
    RTLModuleOp module = b.getModule();
    module.setClock("aclk");
    module.setReset("aresetn");
    module.setLowReset(true);
  }

  void build() {
    Value data = b.input(), valid = b.input(), last = b.input(), sinkReady = b.input();
    unsigned frames = axisFrames(core), bits = llvm::Log2_64_Ceil(frames + 1);
    Value owed = b.reg(bits, "frames_owed"); // let in, and not all results have left

    // The door: closed while it is reset, and between frames where there is a reason.
    GraphBuilder::Counter beat = b.counter(core.input.beats, "in_beat");
    Value awake = b.reg(1, "awake"), mayStart = b.differs(owed, frames, "room");
    b.drive(awake, b.constant(1, 1));
    Value rest = core.pause ? b.reg(llvm::Log2_64_Ceil(uint64_t(core.pause) + 1), "rest") : Value();
    if (rest)
      mayStart = b.bitAnd(mayStart, b.equals(rest, 0), "may_start");
    Value ready = b.bitAnd(awake, b.bitOr(mayStart, b.invert(beat.isFirst)), "ready");
    Value take = b.bitAnd(valid, ready, "take");
    b.advance(beat, take);
    if (rest)
      drivePause(rest, b.bitAnd(take, beat.isLast, "take_last"));

    Value error = b.reg(1, "error");
    b.drive(error, b.constant(1, 1), b.bitAnd(take, b.bitXor(last, beat.isLast)));

    SmallVector<Value> results = b.instance(
        "core", inside, {{"in_valid", take}, {"in_data", b.resized(data, core.input.width())}});
    SmallVector<Value> stream = b.instance(
        "fifo", fifo, {{"write", results[0]}, {"write_data", results[1]}, {"ready", sinkReady}});
    Value sent = b.bitAnd(stream[0], sinkReady, "sent");
    GraphBuilder::Counter outBeat = b.counter(core.output.beats, "out_beat");
    b.advance(outBeat, sent);
    Value enters = b.bitAnd(take, beat.isFirst, "frame_enters");
    Value leaves = b.bitAnd(sent, outBeat.isLast, "frame_leaves");
    b.drive(owed, b.add(owed, b.step(leaves, bits)), b.bitXor(enters, leaves));
    b.output(
        {ready, b.resized(stream[1], axisWidth(core.output)), stream[0], outBeat.isLast, error});
  }

private:
  /// From `pause` down to 0 behind the last beat of a frame.
  void drivePause(Value rest, Value takeLast) {
    unsigned width = widthOf(rest);
    Value less = b.add(rest, b.constant(~uint64_t(0), width));
    b.drive(rest, b.mux(takeLast, b.constant(core.pause, width), less),
            b.bitOr(takeLast, b.differs(rest, 0)));
  }

  const Core &core;
  RTLModuleOp inside, fifo;
  std::string name;
  GraphBuilder b;
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
  RTLModuleOp fifo = FifoBuilder(design, core).build();
  AxisBuilder(design, core, inside, fifo).build();
  return success();
}

} // namespace nnc::hls
