//===- RasterModules.cpp - Reductions, collections, delays -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "RasterModules.h"
#include "EngineBuilder.h"

using namespace mlir;

namespace nnc::dataflow {

rtl::RTLModuleOp buildReduce(flow::ReduceOp op, rtl::DesignOp design) {
  flow::StreamType in = op.getInput().getType(), out = op.getType();
  EngineBuilder module(design, op.getLoc(), stringifyReduceKind(op.getKind()),
                       {{"beat", 1}, {"x", in.width()}}, true);
  rtl::Wires &wires = module.wires();
  Value beat = module.input(0);
  Value index = emitIndex(wires, beat, in.beats(), "index");
  Value first = wires.equals(index, 0), last = wires.equals(index, in.beats() - 1);
  unsigned width = out.laneWidth();
  SmallVector<Value> results;
  for (auto [lane, x] : llvm::enumerate(unpack(wires, module.input(1), in.getLanes()))) {
    Value wide = wires.resize(x, width, in.isSigned());
    Value held = wires.declare("held", width, 0);
    Value joined =
        op.getKind() == flow::ReduceKind::Sum
            ? wires.add(held, wide)
            : wires.mux(wires.compare(in.isSigned() ? rtl::Predicate::sgt : rtl::Predicate::ugt,
                                      held, wide),
                        held, wide);
    wires.drive(held, wires.mux(first, wide, joined), beat);
    results.push_back(held);
  }
  Value done = wires.named(wires.reg(wires.both(beat, last), 0), "done");
  return module.finish({{"y_beat", done}, {"y", wires.join(results)}});
}

rtl::RTLModuleOp buildCollect(flow::CollectOp op, rtl::DesignOp design) {
  flow::StreamType in = op.getInput().getType();
  EngineBuilder module(design, op.getLoc(), "collect", {{"beat", 1}, {"x", in.width()}}, true);
  rtl::Wires &wires = module.wires();
  Value beat = module.input(0), x = module.input(1);
  Value index = emitIndex(wires, beat, in.beats(), "index");
  unsigned before = in.width() * (in.beats() - 1);
  Value all = x;
  if (before) {
    Value held = wires.declare("held", before, 0);
    all = wires.join({held, x});
    wires.drive(held, wires.extract(all, in.width(), before), beat);
  }
  return module.finish(
      {{"y_beat", wires.both(beat, wires.equals(index, in.beats() - 1))}, {"y", all}});
}

/// Delays up to this many clocks are registers.
static constexpr int64_t maxRegisterDelay = 3;

/// Pulses are counted anew rather than moved through more registers than this, if one frame waits
/// at a time.
static constexpr int64_t maxPulseDelay = 32;

rtl::RTLModuleOp buildDelay(flow::DelayOp op, rtl::DesignOp design, const Raster &timing) {
  flow::StreamType in = op.getInput().getType();
  int64_t latency = op.getLatency(), depth = op.getDepth();
  EngineBuilder module(design, op.getLoc(), "delay", {{"beat", 1}, {"x", in.width()}}, true);
  rtl::Wires &wires = module.wires();
  Value beat = module.input(0), x = module.input(1);
  if (latency <= maxRegisterDelay || depth == 1) {
    Value late = depth == 1 && latency > maxRegisterDelay ? Value() : wires.later(x, latency);
    Value lateBeat = wires.later(beat, latency, 0);
    if (!late) { // one at a time
      Value held = wires.declare("held", in.width(), 0);
      wires.drive(held, x, beat);
      late = held;
    }
    return module.finish({{"y_beat", lateBeat}, {"y", late}});
  }
  Value early;
  if (latency - 1 <= maxPulseDelay || latency > timing.rows * timing.rowPitch) {
    early = wires.later(beat, latency - 1, 0);
  } else {
    Value first = wires.both(beat, wires.equals(emitIndex(wires, beat, in.beats(), "index"), 0));
    early = emitScan(wires, first, latency - 1, timing, 1, 1).beat;
  }
  auto ram = buildMemory(design, op.getLoc(), "beats", depth, in.width());
  Value read = wires.enabled(early), write = wires.enabled(beat);
  Value late = instantiate(wires, ram, "beats",
                           {write, emitIndex(wires, beat, depth, "write_at"), x, read,
                            emitIndex(wires, early, depth, "read_at")})
                   .front();
  return module.finish({{"y_beat", wires.reg(early, 0)}, {"y", late}});
}

} // namespace nnc::dataflow
