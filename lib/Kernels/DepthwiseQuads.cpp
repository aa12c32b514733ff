//===- DepthwiseQuads.cpp - Windows of bytes, four taps at once -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "DepthwiseQuads.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <map>
#include <set>

using namespace mlir;

namespace nnc {

/// Columns that one gathered vector holds.
constexpr int64_t quad = 4;

//===----------------------------------------------------------------------===//
// Which vectors a window reads
//===----------------------------------------------------------------------===//

/// Where the first vector of a window that begins at `column` begins, columns counted from the
/// tile's first. Neighbouring windows share it as long as they fit in, or overlap in four.
static int64_t firstVector(const Depthwise &d, int64_t column) {
  int64_t grid = d.columnStep > 2 ? 1 : d.windowColumns <= 3 ? 2 : quad;
  return column - column % grid;
}

/// The vectors that pixel `pixel` of a row reads.
static SmallVector<int64_t> vectorsOf(const Depthwise &d, int64_t pixel) {
  int64_t begin = pixel * d.columnStep;
  SmallVector<int64_t> starts;
  for (int64_t at = firstVector(d, begin); at < begin + d.windowColumns; at += quad)
    starts.push_back(at);
  return starts;
}

int64_t QuadWindow::columnsBehind(const Depthwise &d) {
  int64_t most = 0;
  for (int64_t pixel = 0; pixel < quad; ++pixel) {
    int64_t end = pixel * d.columnStep + d.windowColumns;
    most = std::max(most, vectorsOf(d, pixel).back() + quad - end);
  }
  return most;
}

bool QuadWindow::applies(const Depthwise &d, Type input, Type filter, const TargetModel &target) {
  // Larger windows (the mean of an image) would be all weights.
  bool isSmall = d.windowColumns > 1 && d.windowColumns <= 2 * quad && d.taps() <= 64;
  return target.hasBytePermute && isSmall && d.columnDilation == 1 &&
         MultiplyAccumulate::choose(input, filter, target, MultiplyAccumulate::Neighbours::Both) ==
             MultiplyAccumulate::Form::Quads;
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

/// Instructions of a tile of one vector of channels.
static double tileInstructions(const Depthwise &d, int64_t rows, int64_t columns) {
  std::set<int64_t> vectors;
  int64_t products = 0;
  for (int64_t pixel = 0; pixel < columns; ++pixel)
    for (int64_t start : vectorsOf(d, pixel)) {
      vectors.insert(start);
      products += d.windowRows;
    }
  double inputRows = (rows - 1) * d.rowStep + (d.windowRows - 1) * d.rowDilation + 1;
  double read = std::min<double>(inputRows, double(rows) * d.windowRows);
  return read * vectors.size() * 5 + double(rows) * products + 8.0 * rows * columns + 12;
}

PixelTile QuadWindow::chooseTile(const Depthwise &d, const TargetModel &target) {
  constexpr int64_t mostPixels = 16; // with the weights they fill the registers
  PixelTile best;
  for (int64_t rows = 1; rows <= std::min<int64_t>(4, d.rows); ++rows)
    for (int64_t columns = 1; columns <= std::min<int64_t>(8, d.columns); ++columns) {
      if (rows * columns > mostPixels)
        continue;
      PixelTile tile{rows, columns, 0};
      auto rowParts = balancedParts(d.rows, rows), columnParts = balancedParts(d.columns, columns);
      for (const Part &r : rowParts)
        for (const Part &c : columnParts)
          tile.cycles += double(r.count) * c.count * tileInstructions(d, r.size, c.size) / 2;
      tile.cycles *= 1.0 + 0.03 * (rowParts.size() * columnParts.size());
      if (best.cycles == 0 || tile.cycles < best.cycles)
        best = tile;
    }
  return best;
}

//===----------------------------------------------------------------------===//
// One tile
//===----------------------------------------------------------------------===//

/// Four columns from `column` on, transposed.
Value QuadWindow::gather(Value row, int64_t column, int64_t lanes, int64_t active) {
  ImplicitLocOpBuilder &b = e.builder();
  Type byte = b.getIntegerType(8);
  auto load = [&](int64_t at) {
    return e.loadVector(row, byte, e.constant((column + at) * strides.inputColumn), lanes, active);
  };
  auto join = [&](Value low, Value high) -> Value {
    int64_t count = 2 * cast<VectorType>(low.getType()).getNumElements();
    return b.create<vector::ShuffleOp>(low, high, llvm::to_vector(llvm::seq<int64_t>(0, count)));
  };
  Value low = join(load(0), load(1)), high = join(load(2), load(3));
  SmallVector<int64_t> order;
  for (int64_t lane = 0; lane < lanes; ++lane)
    for (int64_t at = 0; at < quad; ++at)
      order.push_back(at * lanes + lane);
  Value bytes = b.create<vector::ShuffleOp>(low, high, order);
  return b.create<LLVM::BitcastOp>(VectorType::get(lanes, b.getI32Type()), bytes);
}

/// The weights of window row `row` for columns `first` to `first` + 3 of the window; 0 outside of
/// it.
Value QuadWindow::tapsFrom(Value weights, int64_t row, int64_t first, int64_t lanes) {
  ImplicitLocOpBuilder &b = e.builder();
  Type type = VectorType::get(lanes, b.getI32Type());
  Value taps;
  for (int64_t group = 0; group * quad < d.windowColumns; ++group) {
    int64_t shift = group * quad - first;
    if (std::abs(shift) >= quad)
      continue;
    int64_t offset = row * strides.weightRow + group * strides.weightGroup;
    Value w = mac.loadWeights(weights, e.constant(offset), lanes, lanes);
    if (shift > 0)
      w = b.create<arith::ShLIOp>(w, e.splatInteger(type, 8 * shift));
    if (shift < 0)
      w = b.create<arith::ShRUIOp>(w, e.splatInteger(type, -8 * shift));
    taps = taps ? b.create<arith::OrIOp>(taps, w).getResult() : w;
  }
  return taps;
}

SmallVector<Value> QuadWindow::accumulate(Value input, Value weights, PixelTile tile,
                                          ValueRange sums, int64_t lanes, int64_t active) {
  SmallVector<Value> next(sums);
  std::map<std::pair<int64_t, int64_t>, Value> taps; // by window row and first column
  int64_t rows = (tile.rows - 1) * d.rowStep + (d.windowRows - 1) * d.rowDilation + 1;
  for (int64_t row = 0; row < rows; ++row) {
    std::map<int64_t, Value> vectors; // by first column
    Value rowInput = e.pointer(input, e.builder().getI8Type(), e.constant(row * strides.inputRow));
    for (int64_t pixel = 0; pixel < tile.rows * tile.columns; ++pixel) {
      int64_t column = pixel % tile.columns;
      int64_t window = tapOf(row, pixel / tile.columns, d.rowStep, d.rowDilation, d.windowRows);
      if (window < 0)
        continue;
      for (int64_t start : vectorsOf(d, column)) {
        Value &x = vectors[start];
        if (!x)
          x = gather(rowInput, start, lanes, active);
        int64_t first = start - column * d.columnStep;
        Value &w = taps[{window, first}];
        if (!w)
          w = tapsFrom(weights, window, first, lanes);
        next[pixel] = mac.accumulate(x, w, next[pixel]);
      }
    }
  }
  return next;
}

} // namespace nnc
