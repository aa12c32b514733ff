//===- Contraction.cpp - conv and matmul as one loop nest ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Contraction.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace nnc {

//===----------------------------------------------------------------------===//
// From the ops
//===----------------------------------------------------------------------===//

/// Strides under `layout`; without one, those of channels-last or row-major order.
static SmallVector<int64_t> stridesOf(RankedTensorType type, plan::LayoutAttr layout,
                                      bool channelsLast = false) {
  if (layout)
    return SmallVector<int64_t>(layout.getStrides());
  SmallVector<int64_t> shape(type.getShape());
  if (channelsLast)
    std::rotate(shape.begin() + 1, shape.begin() + 2, shape.end());
  SmallVector<int64_t> strides(plan::LayoutAttr::rowMajor(type.getContext(), shape).getStrides());
  if (channelsLast)
    std::rotate(strides.begin() + 1, strides.end() - 1, strides.end());
  return strides;
}

/// Elements between neighbours along blocked dimension `dim`'s blocks.
static int64_t blockPitch(plan::LayoutAttr layout, int64_t dim, int64_t size) {
  bool blocked = layout && layout.isBlocked() && layout.getBlocks()[dim] > 1;
  return layout ? layout.getStrides()[dim] * (blocked ? size / layout.getBlocks()[dim] : size) : 0;
}

Contraction Contraction::of(nn::ConvOp conv, plan::LayoutAttr input, plan::LayoutAttr filter) {
  RankedTensorType x = cast<RankedTensorType>(conv.getInput().getType());
  RankedTensorType w = cast<RankedTensorType>(conv.getFilter().getType());
  RankedTensorType y = cast<RankedTensorType>(conv.getResult().getType());
  SmallVector<int64_t> xs = stridesOf(x, input, /*channelsLast=*/true), ws = stridesOf(w, filter);
  int64_t spatial = conv.spatialRank(), group = conv.getGroup(), inChannels = w.getDimSize(1);
  ArrayRef<int64_t> strides = conv.getStrides(), dilations = conv.getDilations(),
                    pads = conv.getPads();
  Contraction c;
  c.columns = y.getDimSize(1) / group;
  c.columnDim = 1;
  c.perGroup = group > 1;
  c.bias = conv.getBias() ? 2 : 0;
  c.outer.push_back({y.getDimSize(0), 0, 1, xs[0], 0});
  if (group > 1)
    c.outer.push_back({group, 1, c.columns, inChannels * xs[1], blockPitch(filter, 0, c.columns)});
  c.rows[0] = {1, -1, 0};
  for (int64_t s = 0; s < spatial; ++s) {
    int64_t d = s + 2, step = strides[s] * xs[d], fromEnd = spatial - 1 - s;
    if (fromEnd < 2)
      c.rows[1 - fromEnd] = {y.getDimSize(d), d, step};
    else
      c.outer.push_back({y.getDimSize(d), d, 1, step, 0});
    c.reduce.push_back({w.getDimSize(d), dilations[s] * xs[d], ws[d]});
    c.lhsOffset -= pads[s] * xs[d];
  }
  c.reduce.push_back({inChannels, xs[1], ws[1]});
  return c;
}

Contraction Contraction::of(nn::MatMulOp matmul, plan::LayoutAttr lhs, plan::LayoutAttr rhs) {
  RankedTensorType a = cast<RankedTensorType>(matmul.getLhs().getType());
  RankedTensorType b = cast<RankedTensorType>(matmul.getRhs().getType());
  RankedTensorType y = cast<RankedTensorType>(matmul.getResult().getType());
  SmallVector<int64_t> as = stridesOf(a, lhs), bs = stridesOf(b, rhs);
  int64_t rank = y.getRank();
  auto batchStride = [&](RankedTensorType type, ArrayRef<int64_t> strides, int64_t d) -> int64_t {
    int64_t own = d - (rank - type.getRank());
    return own < 0 || type.getDimSize(own) == 1 ? 0 : strides[own];
  };
  Contraction c;
  c.columns = y.getDimSize(rank - 1);
  c.columnDim = rank - 1;
  c.bias = matmul.getBias() ? 2 : 0;
  for (int64_t d = 0; d < rank - 2; ++d)
    c.outer.push_back({y.getDimSize(d), d, 1, batchStride(a, as, d), batchStride(b, bs, d)});
  c.rows[0] = {1, -1, 0};
  c.rows[1] = {y.getDimSize(rank - 2), rank - 2, as[a.getRank() - 2]};
  // A batch whose matrices all meet the same rhs is more rows.
  auto sharesRhs = [&](int64_t d) {
    int64_t own = d - (rank - b.getRank());
    return own < 0 || b.getDimSize(own) == 1;
  };
  if (!c.outer.empty() && sharesRhs(rank - 3)) {
    Outer last = c.outer.pop_back_val();
    c.rows[0] = {last.size, last.dim, last.lhs};
  }
  c.reduce.push_back({a.getDimSize(a.getRank() - 1), as[a.getRank() - 1], bs[b.getRank() - 2]});
  return c;
}

std::optional<Contraction> Contraction::of(Operation *anchor, plan::LayoutAttr lhs,
                                           plan::LayoutAttr rhs) {
  if (auto conv = dyn_cast<nn::ConvOp>(anchor))
    return of(conv, lhs, rhs);
  if (auto matmul = dyn_cast<nn::MatMulOp>(anchor))
    return of(matmul, lhs, rhs);
  return std::nullopt;
}

int64_t Contraction::depth() const {
  int64_t product = 1;
  for (const Reduce &r : reduce)
    product *= r.size + (r.rest ? 1 : 0);
  return product;
}

int64_t Contraction::outerCount() const {
  int64_t product = 1;
  for (const Outer &o : outer)
    product *= o.size;
  return product;
}

void Contraction::groupReduce(int64_t group, bool packed) {
  if (group == 1)
    return;
  if (reduce.size() > 1 && reduce.back().size == 1) // one channel: along the window
    reduce.pop_back();
  Reduce &r = reduce.back();
  r.rest = r.size % group;
  r.size /= group;
  r.lhs *= group;
  if (packed)
    return;
  rowPitch = r.rhs;
  r.rhs *= group;
}

void Contraction::mergeReduce() {
  llvm::erase_if(reduce, [](const Reduce &r) { return r.size == 1 && r.rest == 0; });
  for (size_t i = 0; i + 1 < reduce.size();) {
    const Reduce &outside = reduce[i], &inside = reduce[i + 1];
    if (outside.rest || inside.rest || outside.lhs != inside.size * inside.lhs ||
        outside.rhs != inside.size * inside.rhs) {
      ++i;
      continue;
    }
    reduce[i] = {outside.size * inside.size, inside.lhs, inside.rhs};
    reduce.erase(reduce.begin() + i + 1);
  }
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

void convHalo(nn::ConvOp conv, LayoutNeed &need) {
  auto x = cast<RankedTensorType>(conv.getInput().getType());
  auto w = cast<RankedTensorType>(conv.getFilter().getType());
  auto y = cast<RankedTensorType>(conv.getResult().getType());
  int64_t spatial = conv.spatialRank();
  need.fill = conv.getPadValue();
  need.low.assign(x.getRank(), 0);
  need.high.assign(x.getRank(), 0);
  for (int64_t s = 0; s < spatial; ++s) {
    int64_t d = s + 2, before = conv.getPads()[s];
    int64_t last = (y.getDimSize(d) - 1) * conv.getStrides()[s] +
                   (w.getDimSize(d) - 1) * conv.getDilations()[s];
    need.low[d] = std::max<int64_t>(0, before);
    need.high[d] = std::max<int64_t>(0, last - before - (x.getDimSize(d) - 1));
  }
  if (llvm::all_of(need.low, [](int64_t n) { return n == 0; }) &&
      llvm::all_of(need.high, [](int64_t n) { return n == 0; }))
    need.low.clear(), need.high.clear(), need.fill = 0;
}

/// Strides for dimensions `inside`, innermost first, inside blocks along `blocked`. The first of
/// them comes in groups, which are innermost.
static plan::LayoutAttr packed(RankedTensorType type, int64_t blocked, ArrayRef<int64_t> inside,
                               ArrayRef<int64_t> outside, int64_t block, int64_t group) {
  int64_t rank = type.getRank(), stride = block * group;
  SmallVector<int64_t> strides(rank, 0), blocks(rank, 1), blockStrides(rank, 0);
  blocks[inside.front()] = group;
  blockStrides[inside.front()] = group > 1 ? 1 : 0;
  for (int64_t d : inside) {
    strides[d] = stride;
    stride *= llvm::divideCeil(type.getDimSize(d), blocks[d]);
  }
  strides[blocked] = stride;
  blocks[blocked] = block;
  blockStrides[blocked] = group;
  stride *= llvm::divideCeil(type.getDimSize(blocked), block);
  for (int64_t d : outside) {
    strides[d] = stride;
    stride *= type.getDimSize(d);
  }
  return plan::LayoutAttr::get(type.getContext(), strides, {}, {}, blocks, blockStrides);
}

plan::LayoutAttr packedFilter(RankedTensorType type, int64_t block, int64_t group) {
  SmallVector<int64_t> inside = {1};
  for (int64_t d = type.getRank() - 1; d >= 2; --d)
    inside.push_back(d);
  if (type.getDimSize(1) == 1) // the last window dimension is the innermost that is walked
    std::rotate(inside.begin(), inside.begin() + 1, inside.end());
  return packed(type, 0, inside, {}, block, group);
}

plan::LayoutAttr packedMatrix(RankedTensorType type, int64_t block, int64_t group) {
  SmallVector<int64_t> outside;
  for (int64_t d = type.getRank() - 3; d >= 0; --d)
    outside.push_back(d);
  return packed(type, type.getRank() - 1, {type.getRank() - 2}, outside, block, group);
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

SmallVector<ColumnVector> columnVectors(int64_t columns, const TargetModel &target) {
  SmallVector<ColumnVector> vectors;
  int64_t lanes = target.lanes();
  for (int64_t at = 0; at < columns; at += lanes) {
    int64_t active = std::min(lanes, columns - at);
    int64_t width = std::max<int64_t>(4, llvm::PowerOf2Ceil(active));
    vectors.push_back({at, std::min(width, lanes), active});
  }
  return vectors;
}

/// Most cache lines that the rows of a tile need at once in one set of the first cache.
static int64_t linesPerSet(const Contraction &c, const TargetModel &target, int64_t rows0,
                           int64_t rows1) {
  int64_t lineBytes = target.cacheLineBytes, setCount = target.l1WayBytes / lineBytes;
  llvm::DenseMap<int64_t, llvm::SmallDenseSet<int64_t, 32>> sets;
  size_t most = 0;
  for (int64_t i = 0; i < rows0; ++i)
    for (int64_t j = 0; j < rows1; ++j) {
      int64_t line = (i * c.rows[0].lhs + j * c.rows[1].lhs) * c.lhsBytes / lineBytes;
      auto &lines = sets[line % setCount];
      lines.insert(line);
      most = std::max<size_t>(most, lines.size());
    }
  return most;
}

/// Cycles of one tile: `rows0` x `rows1` rows and all products of `columns` columns.
static double tileCycles(const Contraction &c, const TargetModel &target, int64_t rows0,
                         int64_t rows1, int64_t columns) {
  int64_t rows = rows0 * rows1, ways = target.l1DataBytes / target.l1WayBytes;
  auto vectors = columnVectors(columns, target);
  double multiplies = 0, loads = 0, count = vectors.size();
  int64_t lanes = 0;
  for (const ColumnVector &v : vectors) {
    // Each width has its own broadcasts.
    loads += v.lanes != lanes ? rows * 0.5 : 0.0;
    lanes = v.lanes;
    double share = target.isDoublePumped && v.lanes < target.lanes() ? 0.5 : 1.0;
    multiplies += rows * share / target.fmaPerCycle;
    loads += 1.0 / target.loadsPerCycle;
  }
  double issue = (rows * (count + 1) + count + 3) / target.instructionsPerCycle;
  double step = std::max({multiplies, loads, issue, double(target.fmaLatencyCycles)});
  // What the first cache does not hold comes from the next one, mostly in the
  // shadow of the multiplications.
  double perColumn = c.stepBytes;
  bool panelFits = perColumn * c.depth() * columns <= 0.5 * target.l1DataBytes;
  double fetched = panelFits ? 0.0 : perColumn * columns;
  step = std::max(step, fetched / target.l2BytesBesideWork) + 0.005 * (fetched + 4.0 * rows);
  // Rows that drive each other out of the cache are fetched again and again.
  if (int64_t lines = linesPerSet(c, target, rows0, rows1); lines >= ways)
    step += 8.0 * rows;
  else if (lines >= ways / 2)
    step *= lines == ways - 1 ? 1.04 : 1.015;
  double runs = c.reduce.size() > 1 ? double(c.reduce.front().size) : 1.0;
  return c.depth() * step + runs * 12 + rows * count * 3 + 20;
}

SmallVector<Part, 2> balancedParts(int64_t total, int64_t most) {
  SmallVector<Part, 2> parts;
  int64_t count = llvm::divideCeil(total, most),
          size = llvm::divideCeil(total, std::max<int64_t>(1, count));
  int64_t smaller = count * size - total, first = (count - smaller) * size;
  if (count > smaller)
    parts.push_back({0, size, count - smaller});
  if (smaller)
    parts.push_back({first, size - 1, smaller});
  return parts;
}

SmallVector<Part, 2> blockParts(int64_t total, int64_t size) {
  SmallVector<Part, 2> parts;
  if (total / size)
    parts.push_back({0, size, total / size});
  if (total % size)
    parts.push_back({total - total % size, total % size, 1});
  return parts;
}

double sumOverTiles(const Contraction &c, const RegisterTile &tile,
                    function_ref<double(int64_t, int64_t, int64_t)> cycles) {
  double total = 0;
  for (const Part &rows0 : balancedParts(c.rows[0].size, tile.rows0))
    for (const Part &rows1 : balancedParts(c.rows[1].size, tile.rows1))
      for (const Part &columns : blockParts(c.columns, tile.block))
        total += double(rows0.count) * rows1.count * columns.count *
                 cycles(rows0.size, rows1.size, columns.size);
  return total;
}

/// All tiles of blocks of `block` columns with `rows0` x `rows1` rows each.
static double allCycles(const Contraction &c, const TargetModel &target, const RegisterTile &tile) {
  double total = sumOverTiles(c, tile, [&](int64_t rows0, int64_t rows1, int64_t columns) {
    return tileCycles(c, target, rows0, rows1, columns);
  });
  // Large tiles and remainders are text; they must pay.
  double vectors = columnVectors(std::min(tile.block, c.columns), target).size();
  size_t variants = balancedParts(c.rows[0].size, tile.rows0).size() *
                    balancedParts(c.rows[1].size, tile.rows1).size() *
                    blockParts(c.columns, tile.block).size();
  total *= 1.0 + 0.001 * tile.rows0 * tile.rows1 * vectors;
  total *= 1.0 + 0.01 * variants;
  return total * c.outerCount();
}

/// Groups must not share a block.
SmallVector<int64_t> blockSizes(const Contraction &c, const TargetModel &target, int64_t most) {
  int64_t lanes = target.lanes();
  SmallVector<int64_t> sizes;
  if (c.perGroup) {
    for (int64_t parts = 1; sizes.size() < 4 && parts <= c.columns; ++parts)
      if (c.columns % parts == 0 && c.columns / parts <= most)
        sizes.push_back(c.columns / parts);
    return sizes;
  }
  int64_t needed = columnVectors(c.columns, target).back().offset +
                   columnVectors(c.columns, target).back().lanes;
  for (int64_t block = lanes; block < std::min(needed, most + 1); block += lanes)
    sizes.push_back(block);
  if (needed <= most)
    sizes.push_back(needed);
  return sizes;
}

RegisterTile chooseTile(const Contraction &c, const TargetModel &target, int64_t block) {
  RegisterTile best;
  int64_t registers = target.vectorRegisters - (target.vectorRegisters > 16 ? 1 : 0);
  int64_t widest = (target.vectorRegisters / 4) * target.lanes();
  for (int64_t size : block ? SmallVector<int64_t>{block} : blockSizes(c, target, widest)) {
    int64_t vectors = columnVectors(std::min(size, c.columns), target).size();
    // More rows than that hide no latency; they only ask for more cache lines.
    int64_t most = std::clamp<int64_t>((registers - 1 - vectors) / vectors, 1, 16);
    for (int64_t rows1 = 1; rows1 <= std::min(most, c.rows[1].size); ++rows1)
      for (int64_t rows0 = 1; rows0 * rows1 <= most && rows0 <= c.rows[0].size; ++rows0) {
        RegisterTile tile{rows0, rows1, size, 0};
        tile.cycles = allCycles(c, target, tile);
        if (best.block == 0 || tile.cycles < best.cycles)
          best = tile;
      }
  }
  return best;
}

bool columnsOutside(const Contraction &c, const RegisterTile &tile, const TargetModel &t) {
  auto fetch = [&](double bytes, double of) {
    double perCycle = of <= 0.6 * t.l2Bytes ? t.l2BytesPerCycle : t.memoryBytesPerCycle;
    return of <= 0.6 * t.l1DataBytes ? 0.0 : bytes / perCycle;
  };
  double depth = c.depth() * c.stepBytes, rows = c.rows[0].size * c.rows[1].size;
  double blocks = llvm::divideCeil(c.columns, tile.block), tiles = rows / (tile.rows0 * tile.rows1);
  double panel = depth * tile.block, weights = depth * c.columns;
  // A window's rows overlap: what is read from memory is about the input itself.
  double window =
      c.reduce.empty()
          ? 1.0
          : std::max<double>(1, double(c.depth()) / std::max<int64_t>(1, c.reduce.back().size));
  double input = rows * depth / window;
  double outside = blocks * fetch(input, input) + tiles * blocks * fetch(panel, panel);
  double inside = tiles * fetch(weights, weights) + fetch(input, input);
  return outside <= inside;
}

} // namespace nnc
