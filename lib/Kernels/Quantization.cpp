//===- Quantization.cpp - Between integers and what they stand for --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quantization.h"

#include "FloatMath.h"
#include "dialects/NN/NNOps.h"

using namespace mlir;

namespace nnc {

/// `type` with other elements, or the element for a scalar.
static Type sameLanes(Type type, Type element) {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? Type(VectorType::get(vector.getShape(), element)) : element;
}

/// Elements of nn type `element` as i32.
static Value toWords(KernelEmitter &e, Value v, Type element) {
  ImplicitLocOpBuilder &b = e.builder();
  Type to = sameLanes(v.getType(), b.getI32Type());
  if (v.getType() == to)
    return v;
  return element.isUnsignedInteger() ? b.create<arith::ExtUIOp>(to, v).getResult()
                                     : b.create<arith::ExtSIOp>(to, v).getResult();
}

/// round_half_even(clamp(x)) + zero, as elements of nn type `element`.
static Value roundInto(FloatMath &m, KernelEmitter &e, Value x, Value zero, Type element) {
  ImplicitLocOpBuilder &b = e.builder();
  unsigned width = element.getIntOrFloatBitWidth();
  int64_t least = element.isUnsignedInteger() ? 0 : -(int64_t(1) << (width - 1));
  int64_t most = least + (int64_t(1) << width) - 1;
  auto bound = [&](int64_t end) -> Value { // exact: less than 2^17
    Value distance = b.create<arith::SubIOp>(m.integer(end), zero);
    return b.create<arith::SIToFPOp>(m.floatType(), distance);
  };
  Value low = bound(least), high = bound(most);
  Value t = m.select(m.compare(arith::CmpFPredicate::OGT, x, low), x, low); // NaN: the least
  t = m.select(m.compare(arith::CmpFPredicate::OGT, high, t), t, high);
  // At 1.5 * 2^23 the last bit of a float counts 1: the sum is rounded to an integer,
  // ties to even, which stands in its low bits.
  constexpr float magic = 0x1.8p23f;
  Value rounded = m.toBits(m.add(t, m.number(magic)));
  Value shift = b.create<arith::SubIOp>(zero, m.integer(llvm::bit_cast<int32_t>(magic)));
  Value sum = b.create<arith::AddIOp>(rounded, shift);
  Type stored = sameLanes(sum.getType(), registerType(element));
  return b.create<arith::TruncIOp>(stored, sum);
}

Value emitQuantization(Operation *op, ValueRange v, KernelEmitter &e) {
  ImplicitLocOpBuilder &b = e.builder();
  auto elementOf = [&](unsigned i) { return getElementTypeOrSelf(op->getOperand(i).getType()); };
  if (!isa<nn::QuantizeOp, nn::DequantizeOp, nn::RequantizeOp>(op))
    return {};
  FloatMath m(e, sameLanes(v[0].getType(), b.getF32Type()));
  Value zero = toWords(e, v[2], elementOf(2));
  if (isa<nn::DequantizeOp>(op)) {
    Value distance = b.create<arith::SubIOp>(toWords(e, v[0], elementOf(0)), zero);
    Value x = b.create<arith::SIToFPOp>(m.floatType(), distance);
    return m.floorResult(m.mul(x, v[1]));
  }
  Type element = getElementTypeOrSelf(op->getResult(0).getType());
  if (isa<nn::QuantizeOp>(op))
    return roundInto(m, e, m.div(v[0], v[1]), zero, element);
  return roundInto(m, e, m.mul(b.create<arith::SIToFPOp>(m.floatType(), v[0]), v[1]), zero,
                   element);
}

} // namespace nnc
