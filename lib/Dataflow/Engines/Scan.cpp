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

/// `start`, `delay` clocks later; one start at a time.
Value emitWait(rtl::Wires &wires, Value start, int64_t delay) {
  if (delay == 0)
    return start;
  unsigned width = flow::widthFor(0, delay);
  Value wait = wires.declare("wait", width, 0);
  Value less = wires.sub(wait, wires.constant(1, width));
  wires.drive(wait, wires.mux(start, wires.constant(delay, width), less),
              wires.either(start, wires.any(wait)));
  return wires.equals(wait, 1);
}

} // namespace

Value emitIndex(rtl::Wires &wires, Value beat, int64_t count, StringRef name) {
  rtl::Counter counter(wires, name, count);
  counter.run(beat);
  return counter.now;
}

ScanWires emitScan(rtl::Wires &wires, Value start, int64_t delay, const Raster &raster,
                   int64_t rowStride, int64_t columnStride) {
  Value go = emitWait(wires, start, delay);
  Value scanning = wires.declare("scanning", 1, 0);
  Value now = wires.either(go, scanning);
  rtl::Counter phase(wires, "phase", raster.columnPitch), column(wires, "column", raster.slots()),
      row(wires, "row", raster.rows);
  rtl::Counter skippedColumns(wires, "skipped_columns", columnStride),
      skippedRows(wires, "skipped_rows", rowStride);

  Value slot = wires.both(now, phase.isFirst);
  int64_t lastRow = (raster.rows - 1) / rowStride * rowStride;
  int64_t lastColumn = (raster.columns - 1) / columnStride * columnStride;
  Value done = wires.both(
      slot, wires.both(wires.equals(column.now, lastColumn), wires.equals(row.now, lastRow)));
  Value nextColumn = wires.both(now, phase.isLast);
  Value nextRow = wires.both(nextColumn, column.isLast);
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
  Value taken = wires.both(skippedColumns.isFirst, skippedRows.isFirst);
  return {slot, wires.both(slot, wires.both(taken, inRow)), row.now, column.now};
}

} // namespace nnc::dataflow
