//===- Scan.cpp - Counters that know when beats come -----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Scan.h"
#include "dialects/Flow/FlowOps.h"

using namespace mlir;

namespace nnc::dataflow {

namespace {

/// A counter from 0 to `count - 1`. What counts nothing is no register.
class Counter {
public:
  Counter(Wires &wires, int64_t count, StringRef name) : wires(wires), count(count) {
    width = flow::widthFor(0, count - 1);
    if (count > 1)
      reg = wires.declare(width, 0, name);
    now = count > 1 ? Value(reg) : wires.zero(width);
  }

  Value last() { return count > 1 ? wires.equals(now, count - 1) : wires.constant(1, 1); }

  /// Counts where `step` is set, and begins anew behind the last number or where `restart` is set.
  void run(Value step, Value restart = {}) {
    if (count == 1)
      return;
    Value end = restart ? wires.either(last(), restart) : last();
    Value when = restart ? wires.either(step, restart) : step;
    wires.drive(reg, wires.mux(end, wires.zero(width), wires.add(now, wires.constant(1, width))),
                when);
  }

  Value now;

private:
  Wires &wires;
  int64_t count;
  unsigned width;
  rtl::RegOp reg;
};

/// `start`, `delay` clocks later; one start at a time.
Value emitWait(Wires &wires, Value start, int64_t delay) {
  if (delay == 0)
    return start;
  unsigned width = flow::widthFor(0, delay);
  rtl::RegOp wait = wires.declare(width, 0, "wait");
  Value less = wires.sub(wait, wires.constant(1, width));
  wires.drive(wait, wires.mux(start, wires.constant(delay, width), less),
              wires.either(start, wires.any(wait)));
  return wires.equals(wait, 1);
}

} // namespace

Value emitIndex(Wires &wires, Value beat, int64_t count, StringRef name) {
  Counter counter(wires, count, name);
  counter.run(beat);
  return counter.now;
}

ScanWires emitScan(Wires &wires, Value start, int64_t delay, const Raster &raster,
                   int64_t rowStride, int64_t columnStride) {
  Value go = emitWait(wires, start, delay);
  rtl::RegOp scanning = wires.declare(1, 0, "scanning");
  Value now = wires.either(go, scanning);
  Counter phase(wires, raster.columnPitch, "phase"), column(wires, raster.slots(), "column"),
      row(wires, raster.rows, "row");
  Counter skippedColumns(wires, columnStride, "skipped_columns"),
      skippedRows(wires, rowStride, "skipped_rows");

  Value slot = wires.both(now, wires.equals(phase.now, 0));
  int64_t lastRow = (raster.rows - 1) / rowStride * rowStride;
  int64_t lastColumn = (raster.columns - 1) / columnStride * columnStride;
  Value done = wires.both(
      slot, wires.both(wires.equals(column.now, lastColumn), wires.equals(row.now, lastRow)));
  Value nextColumn = wires.both(now, phase.last());
  Value nextRow = wires.both(nextColumn, column.last());
  phase.run(now, done);
  column.run(nextColumn, done);
  row.run(nextRow, done);
  skippedColumns.run(nextColumn, wires.either(nextRow, done));
  skippedRows.run(nextRow, done);
  wires.drive(scanning, wires.both(now, wires.invert(done)));

  Value inRow = raster.slots() > lastColumn + 1
                    ? wires.compare(rtl::Predicate::ule, column.now,
                                    wires.constant(lastColumn, rtl::widthOf(column.now)))
                    : wires.constant(1, 1);
  Value taken = wires.both(wires.equals(skippedColumns.now, 0), wires.equals(skippedRows.now, 0));
  return {slot, wires.both(slot, wires.both(taken, inRow)), row.now, column.now};
}

} // namespace nnc::dataflow
