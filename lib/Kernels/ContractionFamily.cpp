//===- ContractionFamily.cpp - conv and matmul in register tiles ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lanes and tiles run over results, so each accumulator sees its products in
// the order of NumericSpec section 3 whatever tile is chosen:
//
//     for blocks of columns, for rows            (or the other way round)
//       acc[row][column vector] = bias
//       for reduce                                one broadcast per row,
//         acc += lhs[row] * rhs[column vector]    one load per column vector
//       epilogue, store
//
// A step of the reduction is one product of floats, or a group of products of integers.
//
//===----------------------------------------------------------------------===//
#include "ContractionTile.h"
#include "ContractionWalk.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

namespace nnc {
namespace {

class ContractionEmitter : ContractionWalk {
public:
  ContractionEmitter(const AnchoredGroup &group, plan::KernelOp kernel, const ContractionTile &tile,
                     const Contraction &c, ValueRange pointers, KernelEmitter &e);
  void emit();

private:
  void emitRun(const Run &run, const TileSize &size, PlaceAt at) override;
  void emitTile(const Place &place, const TileSize &size);
  SmallVector<Value> start(const Place &place, ArrayRef<ColumnVector> vectors, int64_t count);
  SmallVector<Value> reduceFrom(size_t depth, const Place &at, ValueRange accumulators);
  SmallVector<Value> step(const Place &at, ValueRange accumulators, int64_t taken);
  void finish(const Place &place, ArrayRef<Value> accumulators);
  void finishInLoop(const Place &place, ArrayRef<Value> accumulators);
  SmallVector<int64_t> delta(size_t row, const ColumnVector &v) const;

  Epilogue epilogue;
  MultiplyAccumulate mac;
  ContractionTile tile;
  bool packed;

  // The tile that is being emitted.
  int64_t perStep = 0; ///< bytes of the next block that each step of the reduction fetches
  SmallVector<std::array<int64_t, 2>> tileRows; ///< distances of its rows
  SmallVector<ColumnVector> vectors;
};

ContractionEmitter::ContractionEmitter(const AnchoredGroup &group, plan::KernelOp kernel,
                                       const ContractionTile &tile, const Contraction &c,
                                       ValueRange pointers, KernelEmitter &e)
    : ContractionWalk(group, kernel, c,
                      {tile.block, tile.rows0, tile.rows1, tile.columnsOutside,
                       tile.prefetch ? bytesAheadPerRow(c, tile.block) : 0},
                      isPacked(kernel), pointers, e),
      epilogue(group, kernel, pointers, c.columnDim, e),
      mac(formOf(group.anchor, e.target(), isPacked(kernel)), lhsType, rhsType, e), tile(tile),
      packed(isPacked(kernel)) {}

void ContractionEmitter::emit() {
  if (group.type().getNumElements() == 0)
    return;
  epilogue.fillHalos();
  emitTiles();
}

//===----------------------------------------------------------------------===//
// One tile
//===----------------------------------------------------------------------===//

SmallVector<int64_t> ContractionEmitter::delta(size_t row, const ColumnVector &v) const {
  SmallVector<int64_t> d(group.type().getRank(), 0);
  for (int i : {0, 1})
    if (c.rows[i].dim >= 0)
      d[c.rows[i].dim] += tileRows[row][i];
  d[c.columnDim] += v.offset;
  return d;
}

void ContractionEmitter::emitRun(const Run &run, const TileSize &size, PlaceAt at) {
  e.loop(run.from, run.end(), run.step, [&](Value i) { emitTile(at(i), size); });
}

void ContractionEmitter::emitTile(const Place &place, const TileSize &size) {
  tileRows.clear();
  for (int64_t i = 0; i < size.rows[0]; ++i)
    for (int64_t j = 0; j < size.rows[1]; ++j)
      tileRows.push_back({i, j});
  vectors = columnVectors(size.columns, e.target());
  SmallVector<Value> accumulators = start(place, vectors, tileRows.size());
  perStep = aheadPerStep(tileRows.size());
  accumulators = reduceFrom(0, place, accumulators);
  // Only accumulators of the result's own type can wait where it will be.
  bool canPark = elementOf(group.body->getTerminator()->getOperand(0)) == mac.accumulator();
  if (group.isLong() && canPark)
    finishInLoop(place, accumulators);
  else
    finish(place, accumulators);
}

/// The bias, or +0, for each row.
SmallVector<Value> ContractionEmitter::start(const Place &place, ArrayRef<ColumnVector> vectors,
                                             int64_t count) {
  SmallVector<Value> first;
  for (const ColumnVector &v : vectors) {
    Type sum = mac.accumulator();
    if (!c.bias) {
      first.push_back(e.splat(e.vectorType(sum, v.lanes), 0.0));
      continue;
    }
    Value column = place.index[c.columnDim] ? place.index[c.columnDim] : e.constant(0);
    Value base = e.pointer(pointers[group.operand(c.bias).getArgNumber()], sum, column);
    first.push_back(e.loadVector(base, sum, e.constant(v.offset), v.lanes, v.active));
  }
  SmallVector<Value> all;
  for (int64_t row = 0; row < count; ++row)
    all.append(first);
  return all;
}

/// Short inner loops (few channels) are written out.
static bool isWrittenOut(const Contraction &c, size_t depth) {
  return depth + 1 == c.reduce.size() && c.reduce[depth].size <= 4;
}

SmallVector<Value> ContractionEmitter::reduceFrom(size_t depth, const Place &place,
                                                  ValueRange accumulators) {
  if (depth == c.reduce.size())
    return step(place, accumulators, mac.group());
  const Contraction::Reduce &r = c.reduce[depth];
  auto moved = [&](Value k) { return along(depth, place, k, perStep); };
  auto at = [&](Value k, ValueRange carried) { return reduceFrom(depth + 1, moved(k), carried); };
  SmallVector<Value> values(accumulators);
  if (isWrittenOut(c, depth))
    for (int64_t k = 0; k < r.size; ++k)
      values = at(e.constant(k), values);
  else
    values = SmallVector<Value>(e.loop(e.constant(0), e.constant(r.size), 1, values, at));
  return r.rest ? step(moved(e.constant(r.size)), values, r.rest) : values;
}

/// One element or group of the reduction, the first `taken` of it: each row's times each column
/// vector.
SmallVector<Value> ContractionEmitter::step(const Place &at, ValueRange accumulators,
                                            int64_t taken) {
  fetchAhead(at, perStep, Cache::First);
  SmallVector<Value> weights, next;
  for (const ColumnVector &v : vectors) {
    if (!packed && mac.group() > 1) {
      weights.push_back(
          mac.loadRows(at.rhs, e.constant(v.offset), c.rowPitch, taken, v.lanes, v.active));
      continue;
    }
    bool whole = packed && v.offset + v.lanes <= tile.block;
    weights.push_back(mac.loadWeights(at.rhs, e.constant(v.offset * mac.group()), v.lanes,
                                      whole ? v.lanes : v.active));
  }
  for (auto [row, distance] : llvm::enumerate(tileRows)) {
    Value offset = e.constant(distance[0] * c.rows[0].lhs + distance[1] * c.rows[1].lhs);
    llvm::DenseMap<int64_t, Value> broadcasts; // by lanes
    for (auto [i, w] : llvm::enumerate(weights)) {
      Value &x = broadcasts[vectors[i].lanes];
      if (!x)
        x = mac.broadcast(at.lhs, offset, taken, vectors[i].lanes);
      next.push_back(mac.accumulate(x, w, accumulators[row * weights.size() + i]));
    }
  }
  return next;
}

void ContractionEmitter::finish(const Place &place, ArrayRef<Value> accumulators) {
  epilogue.moveTo(place.index);
  SmallVector<Epilogue::Part> parts;
  for (size_t row = 0; row < tileRows.size(); ++row)
    for (auto [i, v] : llvm::enumerate(vectors))
      parts.push_back({accumulators[row * vectors.size() + i], delta(row, v), v.active});
  epilogue.finish(parts);
}

/// A long epilogue once, in a loop over the rows, which wait in the result.
void ContractionEmitter::finishInLoop(const Place &place, ArrayRef<Value> accumulators) {
  epilogue.moveTo(place.index);
  for (size_t row = 0; row < tileRows.size(); ++row)
    for (auto [i, v] : llvm::enumerate(vectors))
      epilogue.park(accumulators[row * vectors.size() + i], delta(row, v), v.active);
  int64_t rows0 = tileRows.back()[0] + 1, rows1 = tileRows.back()[1] + 1;
  tileRows.assign({{0, 0}});
  e.loop(0, rows0, 1, [&](Value i) {
    e.loop(0, rows1, 1, [&](Value j) {
      Place row = place;
      for (auto [dim, value] : {std::pair(c.rows[0].dim, i), std::pair(c.rows[1].dim, j)})
        if (dim >= 0)
          row.index[dim] = addIndex(place.index[dim], value);
      epilogue.moveTo(row.index);
      for (const ColumnVector &v : vectors) {
        Value x = epilogue.unpark(e.vectorType(mac.accumulator(), v.lanes), delta(0, v), v.active);
        epilogue.finish(Epilogue::Part{x, delta(0, v), v.active});
      }
    });
  });
}

//===----------------------------------------------------------------------===//
// The family
//===----------------------------------------------------------------------===//

/// Floats with M = 1 have four accumulators by the numeric spec: the dense family's.
bool isDense(Operation *anchor) {
  if (!isa<FloatType>(elementOf(anchor->getOperand(0))))
    return false;
  auto matmul = dyn_cast<nn::MatMulOp>(anchor);
  auto lhs = matmul ? cast<RankedTensorType>(matmul.getLhs().getType()) : RankedTensorType();
  return matmul && lhs.getDimSize(lhs.getRank() - 2) == 1;
}

class ContractionFamily : public AnchoredFamily {
public:
  StringRef name() const override { return "contraction"; }
  void candidates(nn::FusedOp group, const TargetModel &target,
                  std::vector<Candidate> &out) const override;
  DictionaryAttr completeTile(plan::KernelOp kernel, const TargetModel &target) const override;
  LogicalResult generate(plan::KernelOp kernel, ValueRange pointers,
                         KernelEmitter &emitter) const override;
};

void ContractionFamily::candidates(nn::FusedOp fused, const TargetModel &target,
                                   std::vector<Candidate> &out) const {
  auto group = matchContraction(fused);
  if (!group || isDense(group->anchor))
    return;
  bool packed = canPack(*group, fused);
  int64_t taken = MultiplyAccumulate::groupOf(formOf(group->anchor, target, packed));
  Contraction c = contractionOf(group->anchor, taken, packed);
  RegisterTile tile =
      group->type().getNumElements() ? chooseTile(c, target) : RegisterTile{1, 1, 4, 1};
  Candidate candidate = contractionCandidate(*group, c, taken, tile.block, packed);
  candidate.algorithm = packed ? "contraction.packed" : "contraction.streamed";
  candidate.cycles = tile.cycles;
  out.push_back(std::move(candidate));
}

DictionaryAttr ContractionFamily::completeTile(plan::KernelOp kernel,
                                               const TargetModel &target) const {
  return chooseContractionTile(*AnchoredGroup::match(kernel.getBlock()), kernel, target);
}

LogicalResult ContractionFamily::generate(plan::KernelOp kernel, ValueRange pointers,
                                          KernelEmitter &emitter) const {
  auto group = AnchoredGroup::match(kernel.getBlock());
  if (!group || !isa<nn::ConvOp, nn::MatMulOp>(group->anchor))
    return kernel.emitError("holds no contraction that this kernel family can compute");
  auto tile = readContractionTile(*group, kernel, emitter.target());
  if (failed(tile))
    return failure();
  Contraction c = contractionOf(*group, kernel, takenBy(*group, kernel, emitter.target()));
  ContractionEmitter(*group, kernel, *tile, c, pointers, emitter).emit();
  return success();
}

} // namespace

std::unique_ptr<KernelFamily> createContractionFamily() {
  return std::make_unique<ContractionFamily>();
}

} // namespace nnc
