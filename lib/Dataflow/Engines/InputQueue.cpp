//===- InputQueue.cpp - Frames that come too early -------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "InputQueue.h"
#include "EngineBuilder.h"
#include "Scan.h"

using namespace mlir;

namespace nnc::dataflow {

namespace {

/// Beats that wait: their number, and the one that is next. It is read a clock before.
class Waiting {
public:
  Waiting(rtl::Wires &wires, rtl::DesignOp design, unsigned width, int64_t depth)
      : wires(wires), design(design), width(width), depth(depth) {
    count = wires.declare("waiting", flow::widthFor(0, depth), 0);
    ready = wires.declare("next_is_read", 1, 0);
  }

  Value none() { return wires.invert(wires.either(ready, wires.any(count))); }

  /// Adds `data` where `push` is set, takes the next one where `pop` is; gives that one.
  Value run(Value push, Value data, Value pop) {
    Value read = wires.both(wires.any(count), wires.either(pop, wires.invert(ready)));
    Value up = wires.add(count, wires.constant(1, rtl::widthOf(count)));
    Value down = wires.sub(count, wires.constant(1, rtl::widthOf(count)));
    wires.drive(count, wires.mux(push, up, down), wires.differ(push, read));
    wires.drive(ready, wires.either(read, wires.both(ready, wires.invert(pop))));
    rtl::RamOp ram = buildMemory(design, wires.location(), "early", depth, width);
    return instantiate(wires, ram, "early",
                       {push, emitIndex(wires, push, depth, "write_at"), data, read,
                        emitIndex(wires, read, depth, "read_at")})
        .front();
  }

  Value count, ready; ///< in the memory; and behind it

private:
  rtl::Wires &wires;
  rtl::DesignOp design;
  unsigned width;
  int64_t depth;
};

} // namespace

rtl::RTLModuleOp buildInputQueue(rtl::DesignOp design, Location loc, unsigned width,
                                 const FrameGaps &gaps) {
  EngineBuilder module(design, loc, "input", {{"in_valid", 1}, {"in_data", width}}, false);
  rtl::Wires &wires = module.wires();
  Value inValid = module.input(0), inData = module.input(1);
  auto finish = [&](Value beat, Value x, Value inFrame) {
    return module.finish(
        {{"beat", beat}, {"x", x}, {"advance", wires.either(beat, wires.invert(inFrame))}});
  };
  Value inFrame = wires.declare("in_frame", 1, 0);
  auto drive = [&](Value beat) {
    Value last = wires.equals(emitIndex(wires, beat, gaps.beats, "beat_index"), gaps.beats - 1);
    wires.drive(inFrame, wires.invert(last), beat);
  };
  int64_t depth = gaps.settle - gaps.next + 4;
  if (gaps.settle <= gaps.next) { // whoever keeps the interval is never early
    drive(inValid);
    return finish(inValid, inData, inFrame);
  }
  // Clocks without a beat behind a frame, up to `settle`.
  unsigned bits = flow::widthFor(0, gaps.settle);
  Value gap = wires.declare("gap", bits, gaps.settle);
  Value settled = wires.equals(gap, gaps.settle);
  Value allowed = wires.either(inFrame, wires.either(wires.equals(gap, gaps.next), settled));
  Waiting waiting(wires, design, width, depth);
  Value none = waiting.none();
  Value beat =
      wires.named(wires.both(allowed, wires.mux(none, inValid, Value(waiting.ready))), "beat");
  Value push = wires.both(inValid, wires.invert(wires.both(none, allowed)));
  Value next = waiting.run(push, inData, wires.both(beat, waiting.ready));
  drive(beat);
  wires.drive(gap, wires.mux(beat, wires.zero(bits), wires.add(gap, wires.constant(1, bits))),
              wires.either(beat, wires.invert(settled)));
  return finish(beat, wires.mux(none, inData, next), inFrame);
}

} // namespace nnc::dataflow
