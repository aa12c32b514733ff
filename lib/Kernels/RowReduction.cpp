//===- RowReduction.cpp - Sums and maxima in the order of the spec -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FloatMath.h"
#include "RowEmitter.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <limits>

using namespace mlir;

namespace nnc {

static constexpr int64_t partials = 32;
/// Rows up to this length are unrolled where each lane is a row of its own.
static constexpr int64_t unrolledElements = 128;

Value RowEmitter::neutral(Operation *op, Type type) {
  Type element = getElementTypeOrSelf(type);
  if (!isa<nn::ReduceMaxOp>(op))
    return emitter.splat(type, 0.0);
  if (element.isF32())
    return emitter.splat(type, -std::numeric_limits<double>::infinity());
  return emitter.splatInteger(type, llvm::minIntN(element.getIntOrFloatBitWidth()));
}

Value RowEmitter::combine(Operation *op, Value partial, Value x) {
  ImplicitLocOpBuilder &b = emitter.builder();
  bool isFloat = getElementTypeOrSelf(x.getType()).isF32();
  if (isa<nn::ReduceMaxOp>(op)) {
    Value greater =
        isFloat ? b.create<arith::CmpFOp>(arith::CmpFPredicate::OGT, x, partial).getResult()
                : b.create<arith::CmpIOp>(arith::CmpIPredicate::sgt, x, partial).getResult();
    return b.create<arith::SelectOp>(greater, x, partial);
  }
  return isFloat ? b.create<arith::AddFOp>(partial, x).getResult()
                 : b.create<arith::AddIOp>(partial, x).getResult();
}

/// p[j] with p[j + h] for h = half the lanes down to 1.
Value RowEmitter::halve(Operation *op, Value vector) {
  ImplicitLocOpBuilder &b = emitter.builder();
  for (int64_t h = cast<VectorType>(vector.getType()).getNumElements() / 2; h >= 1; h /= 2) {
    Value low = b.create<vector::ExtractStridedSliceOp>(vector, ArrayRef<int64_t>{0},
                                                        ArrayRef<int64_t>{h}, ArrayRef<int64_t>{1});
    Value high = b.create<vector::ExtractStridedSliceOp>(
        vector, ArrayRef<int64_t>{h}, ArrayRef<int64_t>{h}, ArrayRef<int64_t>{1});
    vector = combine(op, low, high);
  }
  return b.create<vector::ExtractOp>(vector, 0);
}

/// The operand of a reduction at a place, floored if it is a float sum.
Value RowEmitter::readOperand(Operation *op, const RowPlace &place) {
  DenseMap<Value, Value> known;
  Value x = rowValue(op->getOperand(0), place, known);
  if (isa<nn::ReduceMaxOp>(op) || !getElementTypeOrSelf(x.getType()).isF32())
    return x;
  return FloatMath(emitter, x.getType()).floor(x, 0x1p-100);
}

Value RowEmitter::reduce(Operation *op) {
  int64_t elements = group.rowElements();
  Value sum = lanesAlongRow ? reduceAlongRow(op, elements) : reduceAcrossRows(op, elements);
  if (!isa<nn::ReduceMeanOp>(op))
    return sum;
  FloatMath m(emitter, sum.getType());
  float reciprocal = 1.0f / static_cast<float>(elements);
  if (elements <= (int64_t(1) << 24)) // exact as float, so one rounding
    return m.floorResult(m.mul(sum, m.number(reciprocal)));
  return m.floorResult(
      m.mul(sum, m.number(static_cast<float>(1.0 / static_cast<double>(elements)))));
}

Value RowEmitter::reduceAlongRow(Operation *op, int64_t elements) {
  ImplicitLocOpBuilder &b = emitter.builder();
  int64_t lanes = emitter.lanes(), vectors = partials / lanes,
          whole = elements / partials * partials;
  Type type =
      VectorType::get(lanes, cast<RankedTensorType>(op->getOperand(0).getType()).getElementType());
  SmallVector<Value> sums(vectors, neutral(op, type));
  auto chunk = [&](Value at, ValueRange carried) {
    SmallVector<Value> next(carried);
    for (int64_t v = 0; v < vectors; ++v)
      next[v] = combine(op, carried[v], readOperand(op, {emitter.add(at, v * lanes), lanes}));
    return next;
  };
  if (whole > 0)
    sums = llvm::to_vector(
        emitter.loop(emitter.constant(0), emitter.constant(whole), partials, sums, chunk));
  for (int64_t v = 0; v < vectors; ++v) {
    int64_t active = std::clamp<int64_t>(elements - whole - v * lanes, 0, lanes);
    if (active == 0)
      break;
    Value next =
        combine(op, sums[v], readOperand(op, {emitter.constant(whole + v * lanes), active}));
    if (active < lanes) { // lanes past the end keep their partial
      SmallVector<bool> bits(lanes, false);
      std::fill_n(bits.begin(), active, true);
      Value mask = b.create<arith::ConstantOp>(
          DenseElementsAttr::get(VectorType::get(lanes, b.getI1Type()), bits));
      next = b.create<arith::SelectOp>(mask, next, sums[v]);
    }
    sums[v] = next;
  }
  for (int64_t h = vectors / 2; h >= 1; h /= 2)
    for (int64_t v = 0; v < h; ++v)
      sums[v] = combine(op, sums[v], sums[v + h]);
  return halve(op, sums[0]);
}

/// p[first], p[first + 32], … in order, as far as the row reaches.
void RowEmitter::unrollPartials(Operation *op, int64_t elements, std::vector<Value> &sums) {
  for (int64_t i = 0; i < elements; ++i) {
    Value x = readOperand(op, {emitter.constant(i), 1});
    Value &sum = sums[i % partials];
    sum = combine(op, sum ? sum : neutral(op, x.getType()), x);
  }
}

void RowEmitter::loopPartials(Operation *op, int64_t elements, std::vector<Value> &sums) {
  Type type = VectorType::get(row->lanes,
                              cast<RankedTensorType>(op->getOperand(0).getType()).getElementType());
  int64_t whole = elements / partials * partials;
  SmallVector<Value> init(partials, neutral(op, type));
  auto chunk = [&](Value at, ValueRange carried) {
    SmallVector<Value> next(carried);
    for (int64_t j = 0; j < partials; ++j)
      next[j] = combine(op, carried[j], readOperand(op, {emitter.add(at, j), 1}));
    return next;
  };
  ValueRange looped =
      emitter.loop(emitter.constant(0), emitter.constant(whole), partials, init, chunk);
  sums.assign(looped.begin(), looped.end());
  for (int64_t i = whole; i < elements; ++i)
    sums[i % partials] = combine(op, sums[i % partials], readOperand(op, {emitter.constant(i), 1}));
}

/// Each lane is a row. Partials without elements are neutral and left out.
Value RowEmitter::reduceAcrossRows(Operation *op, int64_t elements) {
  std::vector<Value> sums(partials);
  if (elements <= unrolledElements)
    unrollPartials(op, elements, sums);
  else
    loopPartials(op, elements, sums);
  for (int64_t h = partials / 2; h >= 1; h /= 2)
    for (int64_t j = 0; j < h; ++j)
      if (sums[j + h])
        sums[j] = combine(op, sums[j], sums[j + h]);
  Type type = VectorType::get(row->lanes,
                              cast<RankedTensorType>(op->getOperand(0).getType()).getElementType());
  return sums[0] ? sums[0] : neutral(op, type);
}

} // namespace nnc
