//===- ContractionWalk.cpp - The loops around the tiles of a contraction ---------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ContractionWalk.h"

#include "ContractionTile.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

namespace nnc {

ContractionWalk::ContractionWalk(const AnchoredGroup &group, plan::KernelOp kernel,
                                 const Contraction &c, const Steps &steps, bool packed,
                                 ValueRange pointers, KernelEmitter &e)
    : group(group), pointers(pointers), e(e), c(c), lhsType(elementOf(group.operand(0))),
      rhsType(elementOf(group.operand(1))), steps(steps), blockPitch(steps.block),
      order(steps.columnsOutside ? std::array{Columns, Rows0, Rows1}
                                 : std::array{Rows0, Rows1, Columns}) {
  plan::LayoutAttr rhs = kernel.operandLayout(group.operand(1).getArgNumber());
  if (packed)
    blockPitch = rhs.getStrides()[isa<nn::ConvOp>(group.anchor) ? 0 : rhs.getRank() - 1];
}

Value ContractionWalk::advance(Value pointer, Type element, Value index, int64_t stride) {
  return stride ? e.pointer(pointer, element, e.mul(index, stride)) : pointer;
}

Value ContractionWalk::advanceBytes(Value pointer, Value index, int64_t stride) {
  return e.pointer(pointer, e.builder().getI8Type(), e.mul(index, stride));
}

Value ContractionWalk::addIndex(Value index, Value by) { return index ? e.add(index, by) : by; }

ContractionWalk::Place ContractionWalk::along(size_t dim, const Place &place, Value k,
                                              int64_t aheadPerStep) {
  const Contraction::Reduce &r = c.reduce[dim];
  int64_t stepElements = steps.block * c.stepBytes / nn::elementByteSize(rhsType);
  Place next = place;
  next.lhs = advance(place.lhs, lhsType, k, r.lhs);
  next.rhs = advance(place.rhs, rhsType, k, r.rhs);
  if (place.ahead)
    next.ahead = advanceBytes(place.ahead, k, r.rhs / stepElements * aheadPerStep);
  return next;
}

int64_t ContractionWalk::aheadPerStep(int64_t rows) const {
  return llvm::divideCeil(steps.aheadPerRow * rows, std::max<int64_t>(1, c.depth()));
}

void ContractionWalk::fetchAhead(const Place &place, int64_t bytes, Cache into) {
  for (int64_t at = 0; place.ahead && at < bytes; at += e.target().cacheLineBytes)
    e.builder().create<LLVM::Prefetch>(advanceBytes(place.ahead, e.constant(at), 1), /*rw=*/0,
                                       /*hint=*/into == Cache::First ? 3 : 2, /*cache=*/1);
}

void ContractionWalk::emitTiles() {
  Place place;
  place.index.resize(group.type().getRank());
  place.lhs =
      e.pointer(pointers[group.operand(0).getArgNumber()], lhsType, e.constant(c.lhsOffset));
  place.rhs = pointers[group.operand(1).getArgNumber()];
  emitOuter(0, place);
}

void ContractionWalk::emitOuter(size_t depth, const Place &place) {
  if (depth < c.outer.size()) {
    const Contraction::Outer &o = c.outer[depth];
    e.loop(0, o.size, 1, [&](Value i) {
      Place next = place;
      next.index[o.dim] = addIndex(place.index[o.dim], e.mul(i, o.step));
      next.lhs = advance(place.lhs, lhsType, i, o.lhs);
      next.rhs = advance(place.rhs, rhsType, i, o.rhs);
      emitOuter(depth + 1, next);
    });
    return;
  }
  emitLevel(0, place, {});
}

SmallVector<Part, 2> ContractionWalk::partsOf(unsigned level) const {
  switch (order[level]) {
  case Rows0:
    return balancedParts(c.rows[0].size, steps.rows0);
  case Rows1:
    return balancedParts(c.rows[1].size, steps.rows1);
  case Columns:
    return blockParts(c.columns, steps.block);
  }
  llvm_unreachable("all dimensions are listed");
}

/// Is there but one tile along all dimensions from `level` on?
bool ContractionWalk::isOneTile(unsigned level) const {
  for (; level < order.size(); ++level)
    if (SmallVector<Part, 2> parts = partsOf(level); parts.size() != 1 || parts[0].count != 1)
      return false;
  return true;
}

std::optional<ContractionWalk::TileSize> ContractionWalk::onlySize() const {
  TileSize size;
  for (unsigned level = 0; level < order.size(); ++level) {
    SmallVector<Part, 2> parts = partsOf(level);
    if (parts.size() != 1)
      return std::nullopt;
    setSize(size, level, parts.front());
  }
  return size;
}

void ContractionWalk::setSize(TileSize &size, unsigned level, const Part &part) const {
  (order[level] == Columns ? size.columns : size.rows[order[level]]) = part.size;
}

ContractionWalk::Place ContractionWalk::moved(unsigned level, const Place &place, Value i,
                                              const TileSize &size) {
  Place next = place;
  if (order[level] == Columns) {
    Value block = i;
    next.index[c.columnDim] = addIndex(place.index[c.columnDim], e.mul(block, steps.block));
    next.rhs = advance(place.rhs, rhsType, block, blockPitch);
    if (steps.aheadPerRow)
      next.ahead = advance(next.rhs, rhsType, e.constant(1), blockPitch);
    return next;
  }
  const Contraction::Row &row = c.rows[order[level]];
  if (row.dim >= 0)
    next.index[row.dim] = addIndex(place.index[row.dim], i);
  next.lhs = advance(place.lhs, lhsType, i, row.lhs);
  int64_t rowsInside = order[level] == Rows0 ? c.rows[1].size : size.rows[0];
  if (place.ahead)
    next.ahead = advanceBytes(place.ahead, i, steps.aheadPerRow * rowsInside);
  return next;
}

void ContractionWalk::emitLevel(unsigned level, const Place &place, TileSize size) {
  bool isColumns = order[level] == Columns;
  for (const Part &part : partsOf(level)) {
    setSize(size, level, part);
    int64_t step = isColumns ? 1 : part.size,
            from = isColumns ? part.start / steps.block : part.start;
    Run run{from, step, part.count};
    if (!isOneTile(level + 1)) {
      e.loop(run.from, run.end(), run.step,
             [&](Value i) { emitLevel(level + 1, moved(level, place, i, size), size); });
      continue;
    }
    for (unsigned inner = level + 1; inner < order.size(); ++inner)
      setSize(size, inner, partsOf(inner).front());
    emitRun(run, size, [&](Value i) {
      Place at = moved(level, place, i, size);
      for (unsigned inner = level + 1; inner < order.size(); ++inner)
        at = moved(inner, at, e.constant(0), size);
      return at;
    });
  }
}

} // namespace nnc
