//===- DepthwiseFamily.cpp - Convolution with one filter per channel -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Vectors run over channels. A tile is one vector of channels times some
// neighbouring pixels of a row: each vector of the input that a window row
// touches is loaded once and feeds every pixel whose window it is in.
//
//===----------------------------------------------------------------------===//
#include "DepthwiseQuads.h"
#include "TileReader.h"
#include "nnc/Kernels/KernelFamily.h"

using namespace mlir;

namespace nnc {
namespace {

/// Four taps at once, see QuadWindow.
constexpr StringLiteral quadsAlgorithm = "depthwise.quads";
/// Longest row of a window that is written out; longer ones are loops.
constexpr int64_t longestRow = 32;
/// Most taps that are written out; larger windows loop over their rows.
constexpr int64_t mostTaps = 32;
/// Most rows, and most columns, of a tile.
constexpr int64_t mostPixels = 16;
constexpr StringLiteral tileRows = "rows", tileColumns = "columns";

/// Cycles of one tile of one vector of channels.
double tileCycles(const Depthwise &d, const TargetModel &target, int64_t rows, int64_t columns) {
  double pixels = double(rows) * columns;
  double inputs = double((rows - 1) * d.rowStep + d.windowRows) *
                  ((columns - 1) * d.columnStep + d.windowColumns);
  double multiplies = pixels * d.taps() / target.fmaPerCycle;
  double loads = (inputs + d.taps()) / target.loadsPerCycle;
  // What neighbouring tiles share has left the first cache when they come to it.
  double fetch = (inputs + 2 * pixels) * target.lanes() * 4 / target.l2BytesBesideStores;
  return std::max({multiplies, loads, fetch}) + 0.1 * (multiplies + loads + fetch) + 3 * pixels +
         12;
}

PixelTile chooseTile(const Depthwise &d, const TargetModel &target) {
  int64_t registers = target.vectorRegisters, taps = std::min(d.taps(), mostTaps);
  int64_t most = registers > 16 ? 16 : 8;
  most = std::max<int64_t>(2, std::min(most, 256 / std::max<int64_t>(1, taps)));
  PixelTile best;
  for (int64_t rows = 1; rows <= std::min(most, d.rows); ++rows)
    for (int64_t columns = 1; columns <= std::min(most, d.columns) && rows * columns <= most;
         ++columns) {
      // Rows share their weights only while these stay in registers.
      if (rows > 1 && (d.taps() > mostTaps || rows * columns + d.taps() + 1 > registers))
        continue;
      PixelTile tile{rows, columns, 0};
      auto rowParts = balancedParts(d.rows, rows), columnParts = balancedParts(d.columns, columns);
      for (const Part &r : rowParts)
        for (const Part &c : columnParts)
          tile.cycles += double(r.count) * c.count * tileCycles(d, target, r.size, c.size);
      // Each part is one more copy of the code.
      tile.cycles *= 1.0 + 0.03 * (rowParts.size() * columnParts.size());
      if (best.cycles == 0 || tile.cycles < best.cycles)
        best = tile;
    }
  return best;
}

class DepthwiseEmitter {
public:
  DepthwiseEmitter(const AnchoredGroup &group, const Depthwise &d, plan::KernelOp kernel,
                   PixelTile tile, int64_t block, ValueRange pointers, KernelEmitter &e);
  void emit();

private:
  struct Place {
    SmallVector<Value> index; ///< of the result
    Value input;              ///< at the first tap of the first pixel, channel 0
  };
  void emitRows(const Place &image, const Part &rows);
  void emitColumns(const Place &row, int64_t rows, const Part &columns);
  void emitChannels(const Place &place, PixelTile tile);
  void emitTile(const Place &place, Value channel, Value block, PixelTile tile);
  SmallVector<Value> start(Value channel, int64_t pixels);
  SmallVector<Value> window(Value input, Value weights, PixelTile tile, ValueRange sums);
  SmallVector<Value> windowRow(Value input, Value weights, ValueRange sums);
  SmallVector<Value> windowRowInLoop(Value input, Value weights, ValueRange sums);
  Value loadInput(Value input, int64_t column) {
    return mac.loadVector(input, e.constant(column * columnStride), lanes, active);
  }
  Value loadWeight(Value weights, int64_t column) {
    return mac.loadWeights(weights, e.constant(column * weightColumn), lanes,
                           packed ? lanes : active);
  }
  Value advance(Value pointer, Type element, Value index, int64_t stride) {
    return e.pointer(pointer, element, e.mul(index, stride));
  }

  const AnchoredGroup &group;
  const Depthwise &d;
  ValueRange pointers;
  KernelEmitter &e;
  Epilogue epilogue;
  Type inputType, weightType;
  bool quads; ///< four taps at once
  MultiplyAccumulate mac;
  bool packed;
  int64_t block, blockPitch;                    ///< channels of a block of weights
  int64_t batchStride, rowStride, columnStride; ///< of the input
  int64_t weightRow, weightColumn;              ///< strides of the weights
  PixelTile pixels;
  int64_t lanes = 0, active = 0; ///< of the tile being emitted
};

DepthwiseEmitter::DepthwiseEmitter(const AnchoredGroup &group, const Depthwise &d,
                                   plan::KernelOp kernel, PixelTile tile, int64_t block,
                                   ValueRange pointers, KernelEmitter &e)
    : group(group), d(d), pointers(pointers), e(e), epilogue(group, kernel, pointers, 1, e),
      inputType(getElementTypeOrSelf(group.operand(0).getType())),
      weightType(getElementTypeOrSelf(group.operand(1).getType())),
      quads(kernel.getAlgorithm() == quadsAlgorithm),
      mac(MultiplyAccumulate::choose(inputType, weightType, e.target(),
                                     quads ? MultiplyAccumulate::Neighbours::Both
                                           : MultiplyAccumulate::Neighbours::None),
          inputType, weightType, e),
      packed(quads || isPacked(kernel)), block(block), pixels(tile) {
  plan::LayoutAttr input = kernel.operandLayout(group.operand(0).getArgNumber());
  plan::LayoutAttr filter = kernel.operandLayout(group.operand(1).getArgNumber());
  batchStride = input.getStrides()[0];
  rowStride = d.rowDim >= 0 ? input.getStrides()[d.rowDim] : 0;
  columnStride = input.getStrides()[d.columnDim];
  weightRow = d.rowDim >= 0 ? filter.getStrides()[d.rowDim] : 0;
  weightColumn = filter.getStrides()[d.columnDim];
  blockPitch = packed ? filter.getStrides()[0] : block;
}

void DepthwiseEmitter::emit() {
  if (group.type().getNumElements() == 0)
    return;
  epilogue.fillHalos();
  Value base = e.pointer(pointers[group.operand(0).getArgNumber()], inputType,
                         e.constant(-d.rowPad * rowStride - d.columnPad * columnStride));
  e.loop(0, d.batch, 1, [&](Value n) {
    Place place{SmallVector<Value>(group.type().getRank()),
                advance(base, inputType, n, batchStride)};
    place.index[0] = n;
    for (const Part &part : balancedParts(d.rows, pixels.rows))
      emitRows(place, part);
  });
}

void DepthwiseEmitter::emitRows(const Place &image, const Part &rows) {
  e.loop(rows.start, rows.start + rows.count * rows.size, rows.size, [&](Value row) {
    Place place = image;
    if (d.rowDim >= 0) {
      place.index[d.rowDim] = row;
      place.input = advance(image.input, inputType, row, d.rowStep * rowStride);
    }
    for (const Part &part : balancedParts(d.columns, pixels.columns))
      emitColumns(place, rows.size, part);
  });
}

void DepthwiseEmitter::emitColumns(const Place &row, int64_t rows, const Part &columns) {
  e.loop(columns.start, columns.start + columns.count * columns.size, columns.size,
         [&](Value column) {
           Place place = row;
           place.index[d.columnDim] = column;
           place.input = advance(row.input, inputType, column, d.columnStep * columnStride);
           emitChannels(place, {rows, columns.size, 0});
         });
}

void DepthwiseEmitter::emitChannels(const Place &place, PixelTile tile) {
  int64_t whole = d.channels / block;
  lanes = active = block;
  e.loop(0, whole, 1, [&](Value i) { emitTile(place, e.mul(i, block), i, tile); });
  if (int64_t rest = d.channels % block) {
    lanes = std::min(columnVectors(rest, e.target()).front().lanes, block);
    active = rest;
    emitTile(place, e.constant(whole * block), e.constant(whole), tile);
  }
}

void DepthwiseEmitter::emitTile(const Place &place, Value channel, Value blockIndex,
                                PixelTile tile) {
  Value input = e.pointer(place.input, inputType, channel);
  Value weights =
      advance(pointers[group.operand(1).getArgNumber()], weightType, blockIndex, blockPitch);
  SmallVector<Value> sums = start(channel, tile.rows * tile.columns);
  if (quads) {
    QuadWindow window(d, {rowStride, columnStride, weightRow, weightColumn}, mac, e);
    sums = window.accumulate(input, weights, tile, sums, lanes, active);
  } else if (tile.rows > 1) {
    sums = window(input, weights, tile, sums);
  } else {
    auto row = [&](Value r, ValueRange carried) {
      Value x = advance(input, inputType, r, d.rowDilation * rowStride),
            w = advance(weights, weightType, r, weightRow);
      return d.windowColumns > longestRow ? windowRowInLoop(x, w, carried)
                                          : windowRow(x, w, carried);
    };
    if (d.taps() > mostTaps && d.windowRows > 1)
      sums = SmallVector<Value>(e.loop(e.constant(0), e.constant(d.windowRows), 1, sums, row));
    else
      for (int64_t r = 0; r < d.windowRows; ++r)
        sums = row(e.constant(r), sums);
  }
  SmallVector<Value> index = place.index;
  index[1] = channel;
  epilogue.moveTo(index);
  SmallVector<Epilogue::Part> parts;
  for (auto [pixel, sum] : llvm::enumerate(sums)) {
    SmallVector<int64_t> delta(group.type().getRank(), 0);
    delta[d.columnDim] = pixel % tile.columns;
    if (d.rowDim >= 0)
      delta[d.rowDim] = pixel / tile.columns;
    parts.push_back({sum, delta, active});
  }
  epilogue.finish(parts);
}

SmallVector<Value> DepthwiseEmitter::start(Value channel, int64_t pixels) {
  Type sum = mac.accumulator();
  Value first = e.splat(e.vectorType(sum, lanes), 0.0);
  if (d.bias)
    first = e.loadVector(pointers[group.operand(2).getArgNumber()], sum, channel, lanes, active);
  return SmallVector<Value>(pixels, first);
}

/// The whole window for several rows of pixels, by rows and columns of the
/// input: what a pixel takes comes in row-major order.
SmallVector<Value> DepthwiseEmitter::window(Value input, Value weights, PixelTile tile,
                                            ValueRange sums) {
  SmallVector<Value> next(sums), taps;
  for (int64_t r = 0; r < d.windowRows; ++r)
    for (int64_t tap = 0; tap < d.windowColumns; ++tap)
      taps.push_back(loadWeight(advance(weights, weightType, e.constant(r), weightRow), tap));
  int64_t rows = (tile.rows - 1) * d.rowStep + (d.windowRows - 1) * d.rowDilation + 1;
  int64_t columns =
      (tile.columns - 1) * d.columnStep + (d.windowColumns - 1) * d.columnDilation + 1;
  for (int64_t row = 0; row < rows; ++row)
    for (int64_t column = 0; column < columns; ++column) {
      Value x;
      for (int64_t pixel = 0; pixel < tile.rows * tile.columns; ++pixel) {
        int64_t r = tapOf(row, pixel / tile.columns, d.rowStep, d.rowDilation, d.windowRows);
        int64_t tap =
            tapOf(column, pixel % tile.columns, d.columnStep, d.columnDilation, d.windowColumns);
        if (r < 0 || tap < 0)
          continue;
        if (!x)
          x = loadInput(advance(input, inputType, e.constant(row), rowStride), column);
        next[pixel] = mac.accumulate(x, taps[r * d.windowColumns + tap], next[pixel]);
      }
    }
  return next;
}

/// One row of the window for all pixels, by columns of the input: those of a
/// pixel come in ascending order.
SmallVector<Value> DepthwiseEmitter::windowRow(Value input, Value weights, ValueRange sums) {
  SmallVector<Value> next(sums), taps;
  for (int64_t tap = 0; tap < d.windowColumns; ++tap)
    taps.push_back(loadWeight(weights, tap));
  int64_t pixels = next.size();
  int64_t columns = (pixels - 1) * d.columnStep + (d.windowColumns - 1) * d.columnDilation + 1;
  for (int64_t column = 0; column < columns; ++column) {
    Value x;
    for (int64_t pixel = 0; pixel < pixels; ++pixel) {
      int64_t tap = tapOf(column, pixel, d.columnStep, d.columnDilation, d.windowColumns);
      if (tap < 0)
        continue;
      if (!x)
        x = loadInput(input, column);
      next[pixel] = mac.accumulate(x, taps[tap], next[pixel]);
    }
  }
  return next;
}

SmallVector<Value> DepthwiseEmitter::windowRowInLoop(Value input, Value weights, ValueRange sums) {
  auto body = [&](Value tap, ValueRange carried) {
    Value x = advance(input, inputType, tap, d.columnDilation * columnStride),
          w = loadWeight(advance(weights, weightType, tap, weightColumn), 0);
    SmallVector<Value> next;
    for (auto [pixel, sum] : llvm::enumerate(carried))
      next.push_back(mac.accumulate(loadInput(x, pixel * d.columnStep), w, sum));
    return next;
  };
  return SmallVector<Value>(e.loop(e.constant(0), e.constant(d.windowColumns), 1, sums, body));
}

//===----------------------------------------------------------------------===//
// The family
//===----------------------------------------------------------------------===//

class DepthwiseFamily : public AnchoredFamily {
public:
  StringRef name() const override { return "depthwise"; }

  void candidates(nn::FusedOp fused, const TargetModel &target,
                  std::vector<Candidate> &out) const override {
    auto group = AnchoredGroup::match(fused.getBody().front());
    auto d = group ? Depthwise::match(group->anchor) : std::nullopt;
    if (!d || d->channels == 0)
      return;
    BlockArgument input = group->operand(0), filter = group->operand(1);
    if (input == filter || group->usedByRest(filter))
      return;
    auto conv = cast<nn::ConvOp>(group->anchor);
    bool constant = isConstantOperand(fused.getInputs()[filter.getArgNumber()]);
    auto element = [](Value v) { return getElementTypeOrSelf(v.getType()); };
    bool quads = constant && QuadWindow::applies(*d, element(input), element(filter), target);
    int64_t block = columnVectors(d->channels, target).front().lanes;
    Candidate candidate = group->candidate(1);
    LayoutNeed &inputNeed = candidate.operands[input.getArgNumber()];
    convHalo(conv, inputNeed);
    inputNeed.unitDim = 1;
    if (quads)
      readBehind(inputNeed, conv, QuadWindow::columnsBehind(*d));
    LayoutNeed &filterNeed = candidate.operands[filter.getArgNumber()];
    if (constant)
      filterNeed.packed =
          packedFilter(cast<RankedTensorType>(filter.getType()), block, quads ? 4 : 1);
    else
      filterNeed.unitDim = 0;
    if (d->bias)
      candidate.operands[group->operand(2).getArgNumber()].unitDim = 0;
    candidate.algorithm = quads      ? quadsAlgorithm.str()
                          : constant ? "depthwise.packed"
                                     : "depthwise.streamed";
    Builder b(fused.getContext());
    PixelTile tile = quads ? QuadWindow::chooseTile(*d, target) : chooseTile(*d, target);
    candidate.tile =
        b.getDictionaryAttr({b.getNamedAttr(tileBlock, b.getI64IntegerAttr(block)),
                             b.getNamedAttr(tileColumns, b.getI64IntegerAttr(tile.columns)),
                             b.getNamedAttr(tileRows, b.getI64IntegerAttr(tile.rows))});
    candidate.cycles = double(d->batch) * llvm::divideCeil(d->channels, block) * tile.cycles;
    out.push_back(std::move(candidate));
  }

  /// So many more columns behind the input.
  static void readBehind(LayoutNeed &need, nn::ConvOp conv, int64_t columns) {
    auto x = cast<RankedTensorType>(conv.getInput().getType());
    auto y = cast<RankedTensorType>(conv.getResult().getType());
    int64_t last = conv.spatialRank() - 1, d = last + 2;
    int64_t window = cast<RankedTensorType>(conv.getFilter().getType()).getDimSize(d);
    int64_t end = (y.getDimSize(d) - 1) * conv.getStrides()[last] + window - conv.getPads()[last];
    int64_t behind = std::max<int64_t>(0, end + columns - x.getDimSize(d));
    if (behind == 0)
      return;
    need.fill = conv.getPadValue();
    need.low.resize(x.getRank(), 0);
    need.high.resize(x.getRank(), 0);
    need.high[d] = std::max(need.high[d], behind);
  }

  LogicalResult generate(plan::KernelOp kernel, ValueRange pointers,
                         KernelEmitter &emitter) const override {
    auto group = AnchoredGroup::match(kernel.getBlock());
    auto d = group ? Depthwise::match(group->anchor) : std::nullopt;
    if (!d)
      return kernel.emitError("holds no convolution with one filter per channel");
    TileReader tile(kernel);
    // Rows share their weights only where these stay in registers.
    PixelTile pixels{tile.number(tileRows, d->taps() > mostTaps ? 1 : mostPixels),
                     tile.number(tileColumns, mostPixels)};
    int64_t block = tile.number(tileBlock, emitter.lanes());
    if (failed(tile.finish()))
      return failure();
    BlockArgument filter = group->operand(1);
    bool quads = kernel.getAlgorithm() == quadsAlgorithm;
    if ((quads || isPacked(kernel)) &&
        failed(checkPacking(
            kernel, filter,
            packedFilter(cast<RankedTensorType>(filter.getType()), block, quads ? 4 : 1))))
      return failure();
    DepthwiseEmitter(*group, *d, kernel, pixels, block, pointers, emitter).emit();
    return success();
  }
};

} // namespace

std::unique_ptr<KernelFamily> createDepthwiseFamily() {
  return std::make_unique<DepthwiseFamily>();
}

} // namespace nnc
