//===- WindowModule.cpp - Line buffers -------------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A memory as long as a row holds, for each column, what the rows before had there. With each beat,
// and in the places of padding behind rows and frames, a column of it goes into the window, and
// comes back a row further. Where the window reaches over an edge, counters put the fill in its
// place; behind the last row the next frame may have begun already.
//
//===----------------------------------------------------------------------===//
#include "EngineBuilder.h"
#include "RasterModules.h"

using namespace mlir;

namespace nnc::dataflow {

namespace {

class WindowBuilder {
public:
  WindowBuilder(flow::WindowOp op, rtl::DesignOp design, const Raster &timing)
      : op(op), design(design), timing(timing), type(op.getInput().getType()), rank(op.rank()),
        module(design, op.getLoc(), "window", {{"beat", 1}, {"x", type.width()}}, true),
        wires(module.wires()) {}

  rtl::RTLModuleOp run() {
    Value beat = module.input(0);
    Value index = emitIndex(wires, beat, type.beats(), "index");
    Value first = wires.both(beat, wires.equals(index, 0));
    // Positions as if strides were 1.
    Raster positions = timing;
    positions.rows = (rowsOut() - 1) * stride(0) + 1;
    positions.columns = (columnsOut() - 1) * stride(1) + 1;
    if (rank == 1) // no other row waits for the place
      positions.rowPitch = std::max(timing.rowPitch, positions.columns * timing.columnPitch);
    ScanWires scan =
        emitScan(wires, first, ahead(0) * timing.rowPitch + ahead(1) * timing.columnPitch,
                 positions, stride(0), stride(1));
    Value moves = wires.either(beat, scan.slot);
    fillColumn(beat, scan, moves);
    fillWindow(wires.reg(moves, 0));
    mask(scan);
    SmallVector<Value> lanes;
    for (int64_t i = 0; i < kernel(0); ++i)
      for (int64_t j = 0; j < kernel(1); ++j)
        lanes.push_back(tap(i, j));
    return module.finish(
        {{"y_beat", wires.named(wires.reg(scan.beat, 0), "beat_late")}, {"y", wires.join(lanes)}});
  }

private:
  /// Attributes by dimension of a raster with two; one dimension is columns.
  int64_t at(ArrayRef<int64_t> values, unsigned dim, int64_t otherwise) const {
    return rank == 2 ? values[dim] : dim == 1 ? values[0] : otherwise;
  }
  int64_t kernel(unsigned dim) { return at(op.getKernel(), dim, 1); }
  int64_t stride(unsigned dim) { return at(op.getStrides(), dim, 1); }
  int64_t dilation(unsigned dim) { return at(op.getDilations(), dim, 1); }
  int64_t pad(unsigned dim) { return at(op.getPads().take_front(rank), dim, 0); }
  int64_t reach(unsigned dim) {
    return rank == 2 ? op.reachInside(dim) : dim == 1 ? op.reachInside(0) : 1;
  }
  /// How far the newest element is ahead of the position.
  int64_t ahead(unsigned dim) { return reach(dim) - 1 - pad(dim); }
  int64_t rowsOut() { return at(op.getType().getRaster(), 0, 1); }
  int64_t columnsOut() { return at(op.getType().getRaster(), 1, 1); }

  /// The newest column, its lowest row first: what comes in, under what the memory holds.
  void fillColumn(Value beat, const ScanWires &scan, Value moves) {
    Value newest = wires.named(wires.reg(module.input(1)), "newest");
    int64_t older = reach(0) - 1;
    column.push_back(newest);
    if (older == 0)
      return;
    // The column's place: counted by beats, and by the scan where none come.
    Value counted = emitIndex(wires, beat, timing.columns, "beat_column");
    Value followed = emitFollower(scan);
    unsigned width = rtl::widthOf(followed);
    Value place = wires.mux(beat, wires.resize(counted, width, false), followed);
    Value inRow = timing.slots() == timing.columns
                      ? moves
                      : wires.both(moves, wires.compare(rtl::Predicate::ult, place,
                                                        wires.constant(timing.columns, width)));
    unsigned bits = type.width() * older;
    Value rows = emitLine(inRow, place, bits, newest);
    for (int64_t row = 0; row < older; ++row)
      column.push_back(wires.extract(rows, row * type.width(), type.width()));
  }

  /// The newest element's column while the scan runs.
  Value emitFollower(const ScanWires &scan) {
    int64_t slots = timing.slots(), begin = ahead(1) % slots;
    unsigned width = flow::widthFor(0, std::max<int64_t>(slots - 1, 1));
    Value at = wires.resize(scan.column, width + 1, false);
    Value moved = wires.add(at, wires.constant(begin, width + 1));
    Value wrapped = wires.sub(moved, wires.constant(slots, width + 1));
    Value over = wires.compare(rtl::Predicate::uge, moved, wires.constant(slots, width + 1));
    return wires.extract(wires.mux(over, wrapped, moved), 0, width);
  }

  /// Rows of a column, read a clock after `access`; then the newest is added and the oldest goes.
  Value emitLine(Value access, Value place, unsigned bits, Value newest) {
    auto moved = [&](Value rows) { return wires.extract(wires.join({newest, rows}), 0, bits); };
    Value late = wires.reg(access, 0);
    if (timing.columns == 1) {
      Value line = wires.declare("line", bits, 0);
      wires.drive(line, moved(line), late);
      return line;
    }
    auto ram = buildMemory(design, op.getLoc(), "lines", timing.columns, bits);
    unsigned width = rtl::addressWidth(timing.columns);
    Value address = wires.resize(place, width, false);
    // What is written is read a moment before, so the memory is its own source.
    Value unknown = wires.declare("unknown", bits, 0);
    Value rows = instantiate(wires, ram, "lines",
                             {wires.enabled(late), wires.reg(address), moved(unknown),
                              wires.enabled(access), address})
                     .front();
    wires.replace(unknown, rows);
    return rows;
  }

  /// The columns before the newest one.
  void fillWindow(Value moves) {
    for (Value element : column) {
      SmallVector<Value> history{element};
      for (int64_t back = 1; back < reach(1); ++back) {
        Value reg = wires.declare("window", type.width(), 0);
        wires.drive(reg, history.back(), moves);
        history.push_back(reg);
      }
      window.push_back(std::move(history));
    }
  }

  /// Which rows and columns of the window are inside of the raster, a clock after the scan.
  void mask(const ScanWires &scan) {
    Value counters[] = {scan.row, scan.column};
    int64_t sizes[] = {timing.rows, timing.columns}, outs[] = {rowsOut(), columnsOut()};
    for (unsigned dim : {0u, 1u})
      for (int64_t i = 0; i < kernel(dim); ++i) {
        int64_t shift = i * dilation(dim) - pad(dim), last = (outs[dim] - 1) * stride(dim);
        unsigned width = rtl::widthOf(counters[dim]);
        Value in;
        auto require = [&](rtl::Predicate predicate, int64_t bound) {
          Value holds;
          if (bound <= 0 || bound >> width) // known whatever the counter holds
            holds = wires.constant((predicate == rtl::Predicate::ult) == (bound > 0), 1);
          else
            holds = wires.compare(predicate, counters[dim], wires.constant(bound, width));
          in = in ? wires.both(in, holds) : holds;
        };
        if (shift < 0)
          require(rtl::Predicate::uge, -shift);
        if (last + shift >= sizes[dim])
          require(rtl::Predicate::ult, sizes[dim] - shift);
        inside[dim].push_back(in ? wires.named(wires.reg(in), dim ? "column_inside" : "row_inside")
                                 : Value());
      }
  }

  Value tap(int64_t i, int64_t j) {
    unsigned lanes = type.getLanes(), width = op.getType().laneWidth();
    SmallVector<Value> fill(lanes, wires.constant(op.getFill(), width));
    int64_t row = reach(0) - 1 - i * dilation(0), column = reach(1) - 1 - j * dilation(1);
    if (row < 0 || column < 0)
      return wires.join(fill);
    Value element = window[row][column];
    SmallVector<Value> parts;
    for (Value lane : unpack(wires, element, lanes))
      parts.push_back(wires.resize(lane, width, type.isSigned()));
    Value all = wires.join(parts);
    Value in = inside[0][i];
    if (Value inRow = inside[1][j])
      in = in ? wires.both(in, inRow) : inRow;
    if (!in)
      return all;
    return wires.mux(in, all, wires.join(fill));
  }

  flow::WindowOp op;
  rtl::DesignOp design;
  Raster timing;
  flow::StreamType type;
  unsigned rank;
  EngineBuilder module;
  rtl::Wires &wires;
  SmallVector<Value> column;              ///< the newest row first
  SmallVector<SmallVector<Value>> window; ///< by row as in `column`, the newest column first
  SmallVector<Value> inside[2];           ///< by row or column of the kernel; null: always
};

} // namespace

rtl::RTLModuleOp buildWindow(flow::WindowOp op, rtl::DesignOp design, const Raster &timing) {
  return WindowBuilder(op, design, timing).run();
}

} // namespace nnc::dataflow
