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
      rhsType(elementOf(group.operand(1))), steps(steps), blockPitch(steps.block) {
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

void ContractionWalk::fetchAhead(const Place &place, int64_t bytes) {
  for (int64_t at = 0; place.ahead && at < bytes; at += e.target().cacheLineBytes)
    e.builder().create<LLVM::Prefetch>(advanceBytes(place.ahead, e.constant(at), 1), /*rw=*/0,
                                       /*hint=*/3, /*cache=*/1);
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
  if (steps.columnsOutside)
    emitColumns(place, nullptr, [&](const Place &block, int64_t columns) {
      emitRows(
          0, block, {}, [&](ArrayRef<int64_t> rows) { enterLoop(rows, columns); },
          [&](const Place &at, ArrayRef<int64_t> rows) { emitTile(at, rows, columns); });
    });
  else
    emitRows(0, place, {}, nullptr, [&](const Place &row, ArrayRef<int64_t> rows) {
      emitColumns(
          row, [&](int64_t columns) { enterLoop(rows, columns); },
          [&](const Place &at, int64_t columns) { emitTile(at, rows, columns); });
    });
}

/// `enter` runs ahead of each loop over the last dimension.
void ContractionWalk::emitRows(int dim, const Place &place, SmallVector<int64_t, 2> rows,
                               Enter<ArrayRef<int64_t>> enter, Body<ArrayRef<int64_t>> body) {
  if (dim == 2)
    return body(place, rows);
  const Contraction::Row &row = c.rows[dim];
  for (const Part &part : balancedParts(row.size, dim == 0 ? steps.rows0 : steps.rows1)) {
    SmallVector<int64_t, 2> taken = rows;
    taken.push_back(part.size);
    if (enter && dim == 1)
      enter(taken);
    e.loop(part.start, part.start + part.size * part.count, part.size, [&](Value i) {
      Place next = place;
      if (row.dim >= 0)
        next.index[row.dim] = addIndex(place.index[row.dim], i);
      next.lhs = advance(place.lhs, lhsType, i, row.lhs);
      if (place.ahead)
        next.ahead = advanceBytes(place.ahead, i,
                                  steps.aheadPerRow * (dim == 0 ? c.rows[1].size : taken[0]));
      emitRows(dim + 1, next, taken, enter, body);
    });
  }
}

void ContractionWalk::emitColumns(const Place &place, Enter<int64_t> enter, Body<int64_t> body) {
  for (const Part &part : blockParts(c.columns, steps.block)) {
    int64_t first = part.start / steps.block;
    if (enter)
      enter(part.size);
    e.loop(first, first + part.count, 1, [&](Value i) {
      Place next = place;
      next.index[c.columnDim] = addIndex(place.index[c.columnDim], e.mul(i, steps.block));
      next.rhs = advance(place.rhs, rhsType, i, blockPitch);
      if (steps.aheadPerRow)
        next.ahead = advance(next.rhs, rhsType, e.constant(1), blockPitch);
      body(next, part.size);
    });
  }
}

} // namespace nnc
