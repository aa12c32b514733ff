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
#include "Contraction.h"
#include "FloatMath.h"
#include "nnc/Kernels/KernelFamily.h"

using namespace mlir;

namespace nnc {
namespace {

/// Longest row of a window that is written out; longer ones are loops.
constexpr int64_t longestRow = 32;
/// Most taps that are written out; larger windows loop over their rows.
constexpr int64_t mostTaps = 32;

/// A depthwise convolution over one or two spatial dimensions; one-dimensional
/// ones have a single row.
struct Depthwise {
  int64_t batch, channels, rows, columns; ///< of the result
  int64_t windowRows, windowColumns;
  int64_t rowStep, columnStep; ///< strides
  int64_t rowDilation, columnDilation;
  int64_t rowPad, columnPad;
  int64_t rowDim, columnDim; ///< of the tensors; rowDim -1: none
  bool bias;

  static std::optional<Depthwise> match(Operation *anchor) {
    auto conv = dyn_cast<nn::ConvOp>(anchor);
    if (!conv || conv.spatialRank() > 2)
      return std::nullopt;
    auto y = cast<RankedTensorType>(conv.getResult().getType());
    auto w = cast<RankedTensorType>(conv.getFilter().getType());
    int64_t group = conv.getGroup(), last = conv.spatialRank() - 1;
    if (w.getDimSize(1) != 1 || y.getDimSize(1) != group)
      return std::nullopt;
    Depthwise d;
    d.batch = y.getDimSize(0);
    d.channels = group;
    d.rowDim = last == 1 ? 2 : -1;
    d.columnDim = 2 + last;
    d.rows = last == 1 ? y.getDimSize(2) : 1;
    d.columns = y.getDimSize(d.columnDim);
    d.windowRows = last == 1 ? w.getDimSize(2) : 1;
    d.windowColumns = w.getDimSize(d.columnDim);
    auto pick = [&](ArrayRef<int64_t> list, int64_t none) { return last == 1 ? list[0] : none; };
    d.rowStep = pick(conv.getStrides(), 1);
    d.columnStep = conv.getStrides()[last];
    d.rowDilation = pick(conv.getDilations(), 1);
    d.columnDilation = conv.getDilations()[last];
    d.rowPad = pick(conv.getPads(), 0);
    d.columnPad = conv.getPads()[last];
    d.bias = static_cast<bool>(conv.getBias());
    return d;
  }

  int64_t taps() const { return windowRows * windowColumns; }
};

/// Pixels per tile: as many as registers hold, and dividing the row if some number does.
int64_t choosePixels(const Depthwise &d, const TargetModel &target) {
  int64_t most = target.vectorRegisters > 16 ? 14 : 8;
  most = std::max<int64_t>(2, std::min(most, 256 / std::max<int64_t>(1, std::min(d.taps(), mostTaps))));
  int64_t best = 1;
  double least = 1e300;
  for (int64_t pixels = 1; pixels <= std::min(most, d.columns); ++pixels) {
    auto cost = [&](int64_t n) {
      double loads = ((n - 1) * d.columnStep + d.windowColumns) * d.windowRows + d.taps();
      return n ? std::max(double(n * d.taps()), loads / target.loadsPerCycle) + 0.25 * loads + 4 * n + 12 : 0.0;
    };
    double total = d.columns / pixels * cost(pixels) + cost(d.columns % pixels);
    if (total < least)
      least = total, best = pixels;
  }
  return best;
}

class DepthwiseEmitter {
public:
  DepthwiseEmitter(const AnchoredGroup &group, const Depthwise &d, plan::KernelOp kernel, ValueRange pointers,
                   KernelEmitter &e);
  void emit();

private:
  struct Place {
    SmallVector<Value> index; ///< of the result
    Value input;              ///< at the first tap of the first pixel, channel 0
  };
  void emitPixels(const Place &row, int64_t first, int64_t count, int64_t pixels);
  void emitChannels(const Place &place, int64_t pixels);
  void emitTile(const Place &place, Value channel, Value block, int64_t pixels, int64_t lanes, int64_t active);
  SmallVector<Value> start(Value channel, int64_t pixels);
  SmallVector<Value> windowRow(Value input, Value weights, ValueRange sums);
  SmallVector<Value> windowRowInLoop(Value input, Value weights, ValueRange sums);
  Value loadInput(Value input, int64_t column) {
    return e.loadVector(input, f32, e.constant(column * columnStride), lanes, active);
  }
  Value loadWeight(Value weights, int64_t column) {
    return e.loadVector(weights, f32, e.constant(column * weightColumn), lanes, packed ? lanes : active);
  }
  Value advance(Value pointer, Value index, int64_t stride) { return e.pointer(pointer, f32, e.mul(index, stride)); }

  const AnchoredGroup &group;
  const Depthwise &d;
  ValueRange pointers;
  KernelEmitter &e;
  Epilogue epilogue;
  Type f32;
  bool packed;
  int64_t block, blockPitch;                      ///< channels of a block of weights
  int64_t batchStride, rowStride, columnStride;   ///< of the input
  int64_t weightRow, weightColumn;                ///< strides of the weights
  int64_t lanes = 0, active = 0;                  ///< of the tile being emitted
};

DepthwiseEmitter::DepthwiseEmitter(const AnchoredGroup &group, const Depthwise &d, plan::KernelOp kernel,
                                   ValueRange pointers, KernelEmitter &e)
    : group(group), d(d), pointers(pointers), e(e), epilogue(group, kernel, pointers, 1, e),
      f32(e.builder().getF32Type()), packed(kernel.getAlgorithm().ends_with(".packed")),
      block(cast<IntegerAttr>(kernel.getTile().get("block")).getInt()) {
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
  Value base = e.pointer(pointers[group.operand(0).getArgNumber()], f32,
                         e.constant(-d.rowPad * rowStride - d.columnPad * columnStride));
  int64_t pixels = choosePixels(d, e.target());
  e.loop(0, d.batch, 1, [&](Value n) {
    Value image = advance(base, n, batchStride);
    e.loop(0, d.rows, 1, [&](Value row) {
      Place place{SmallVector<Value>(group.type().getRank()), image};
      place.index[0] = n;
      if (d.rowDim >= 0) {
        place.index[d.rowDim] = row;
        place.input = advance(image, row, d.rowStep * rowStride);
      }
      emitPixels(place, 0, d.columns / pixels, pixels);
      if (int64_t rest = d.columns % pixels)
        emitPixels(place, d.columns - rest, 1, rest);
    });
  });
}

void DepthwiseEmitter::emitPixels(const Place &row, int64_t first, int64_t count, int64_t pixels) {
  e.loop(first, first + count * pixels, pixels, [&](Value column) {
    Place place = row;
    place.index[d.columnDim] = column;
    place.input = advance(row.input, column, d.columnStep * columnStride);
    emitChannels(place, pixels);
  });
}

void DepthwiseEmitter::emitChannels(const Place &place, int64_t pixels) {
  int64_t whole = d.channels / block;
  e.loop(0, whole, 1, [&](Value i) { emitTile(place, e.mul(i, block), i, pixels, block, block); });
  if (int64_t rest = d.channels % block) {
    ColumnVector v = columnVectors(rest, e.target()).front();
    emitTile(place, e.constant(whole * block), e.constant(whole), pixels, std::min(v.lanes, block), rest);
  }
}

void DepthwiseEmitter::emitTile(const Place &place, Value channel, Value blockIndex, int64_t pixels, int64_t lanes,
                                int64_t active) {
  this->lanes = lanes;
  this->active = active;
  Value input = e.pointer(place.input, f32, channel);
  Value weights = advance(pointers[group.operand(1).getArgNumber()], blockIndex, blockPitch);
  SmallVector<Value> sums = start(channel, pixels);
  auto row = [&](Value r, ValueRange carried) {
    Value x = advance(input, r, d.rowDilation * rowStride), w = advance(weights, r, weightRow);
    return d.windowColumns > longestRow ? windowRowInLoop(x, w, carried) : windowRow(x, w, carried);
  };
  if (d.taps() > mostTaps && d.windowRows > 1)
    sums = SmallVector<Value>(e.loop(e.constant(0), e.constant(d.windowRows), 1, sums, row));
  else
    for (int64_t r = 0; r < d.windowRows; ++r)
      sums = row(e.constant(r), sums);
  SmallVector<Value> index = place.index;
  index[1] = channel;
  epilogue.moveTo(index);
  for (int64_t pixel = 0; pixel < pixels; ++pixel) {
    SmallVector<int64_t> delta(group.type().getRank(), 0);
    delta[d.columnDim] = pixel;
    epilogue.finish(sums[pixel], delta, active);
  }
}

SmallVector<Value> DepthwiseEmitter::start(Value channel, int64_t pixels) {
  Value first = e.splat(e.vectorType(f32, lanes), 0.0);
  if (d.bias)
    first = e.loadVector(pointers[group.operand(2).getArgNumber()], f32, channel, lanes, active);
  return SmallVector<Value>(pixels, first);
}

/// One row of the window for all pixels, by columns of the input: those of a
/// pixel come in ascending order.
SmallVector<Value> DepthwiseEmitter::windowRow(Value input, Value weights, ValueRange sums) {
  SmallVector<Value> next(sums), taps;
  for (int64_t tap = 0; tap < d.windowColumns; ++tap)
    taps.push_back(loadWeight(weights, tap));
  FloatMath m(e, e.vectorType(f32, lanes));
  int64_t pixels = next.size();
  int64_t columns = (pixels - 1) * d.columnStep + (d.windowColumns - 1) * d.columnDilation + 1;
  for (int64_t column = 0; column < columns; ++column) {
    Value x;
    for (int64_t pixel = 0; pixel < pixels; ++pixel) {
      int64_t distance = column - pixel * d.columnStep, tap = distance / d.columnDilation;
      if (distance < 0 || distance % d.columnDilation || tap >= d.windowColumns)
        continue;
      if (!x)
        x = loadInput(input, column);
      next[pixel] = m.fma(x, taps[tap], next[pixel]);
    }
  }
  return next;
}

SmallVector<Value> DepthwiseEmitter::windowRowInLoop(Value input, Value weights, ValueRange sums) {
  FloatMath m(e, e.vectorType(f32, lanes));
  auto body = [&](Value tap, ValueRange carried) {
    Value x = advance(input, tap, d.columnDilation * columnStride), w = loadWeight(advance(weights, tap, weightColumn), 0);
    SmallVector<Value> next;
    for (auto [pixel, sum] : llvm::enumerate(carried))
      next.push_back(m.fma(loadInput(x, pixel * d.columnStep), w, sum));
    return next;
  };
  return SmallVector<Value>(e.loop(e.constant(0), e.constant(d.windowColumns), 1, sums, body));
}

//===----------------------------------------------------------------------===//
// The family
//===----------------------------------------------------------------------===//

class DepthwiseFamily : public KernelFamily {
public:
  StringRef name() const override { return "depthwise"; }

  void candidates(nn::FusedOp fused, const TargetModel &target, std::vector<Candidate> &out) const override {
    auto group = AnchoredGroup::match(fused.getBody().front());
    auto d = group ? Depthwise::match(group->anchor) : std::nullopt;
    if (!d || d->channels == 0)
      return;
    BlockArgument input = group->operand(0), filter = group->operand(1);
    if (input == filter || group->usedByRest(filter))
      return;
    auto conv = cast<nn::ConvOp>(group->anchor);
    bool constant = isConstantOperand(fused.getInputs()[filter.getArgNumber()]);
    int64_t block = columnVectors(d->channels, target).front().lanes;
    Candidate candidate = group->candidate(1);
    LayoutNeed &inputNeed = candidate.operands[input.getArgNumber()];
    convHalo(conv, inputNeed);
    inputNeed.unitDim = 1;
    LayoutNeed &filterNeed = candidate.operands[filter.getArgNumber()];
    if (constant)
      filterNeed.packed = packedFilter(cast<RankedTensorType>(filter.getType()), block);
    else
      filterNeed.unitDim = 0;
    if (d->bias)
      candidate.operands[group->operand(2).getArgNumber()].unitDim = 0;
    candidate.algorithm = constant ? "depthwise.packed" : "depthwise.streamed";
    Builder b(fused.getContext());
    int64_t pixels = choosePixels(*d, target);
    candidate.tile = b.getDictionaryAttr({b.getNamedAttr("block", b.getI64IntegerAttr(block)),
                                          b.getNamedAttr("pixels", b.getI64IntegerAttr(pixels))});
    double vectors = double(d->batch) * d->rows * d->columns * llvm::divideCeil(d->channels, block);
    candidate.cycles = vectors * (d->taps() * 1.2 / target.fmaPerCycle + 6);
    out.push_back(std::move(candidate));
  }

  LogicalResult generate(plan::KernelOp kernel, ValueRange pointers, KernelEmitter &emitter) const override {
    auto group = AnchoredGroup::match(kernel.getBlock());
    auto d = group ? Depthwise::match(group->anchor) : std::nullopt;
    if (!d)
      return kernel.emitError("holds no convolution with one filter per channel");
    DepthwiseEmitter(*group, *d, kernel, pointers, emitter).emit();
    return success();
  }
};

} // namespace

std::unique_ptr<KernelFamily> createDepthwiseFamily() { return std::make_unique<DepthwiseFamily>(); }

} // namespace nnc
