//===- FixedPoint.cpp - Scaled integers and quotients ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FixedPoint.h"

#include "FloatMath.h"
#include "IntegerMath.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace nnc {

namespace {

/// x * y / 2^31, half up, each as lanes of i32.
Value highProduct(KernelEmitter &e, Value x, Value y) {
  WideLanes lanes(e, x.getType());
  IntegerMath m(e, lanes.type());
  SmallVector<Value> products;
  for (unsigned i = 0; i < lanes.parts(); ++i) {
    Value product = m.mul(lanes.part(x, i, true), lanes.part(y, i, true));
    products.push_back(m.add(product, m.number(int64_t(1) << 30)));
  }
  return lanes.above31(products);
}

/// x / 2^bits, half away from zero; 0 <= bits <= 31.
Value shiftHalfAway(KernelEmitter &e, Value x, Value bits) {
  IntegerMath m(e, x.getType());
  Value mask = m.sub(m.shl(m.number(1), bits), m.number(1));
  Value limit = m.sub(m.shr(mask, m.number(1)), m.sar(x, m.number(31)));
  Value whole = m.sar(x, bits);
  Value isGreater = e.builder().create<arith::CmpIOp>(CmpIPredicate::sgt, m.bitAnd(x, mask), limit);
  return e.builder().create<arith::SelectOp>(isGreater, m.add(whole, m.number(1)), whole);
}

Value scaledTwice(KernelEmitter &e, Value x, Value multiplier, Value shift) {
  IntegerMath m(e, x.getType());
  Value zero = m.number(0), middle = m.number(31);
  Value raised = m.shl(x, m.max(m.sub(middle, shift), zero));
  return shiftHalfAway(e, highProduct(e, raised, multiplier), m.max(m.sub(shift, middle), zero));
}

/// The products' magnitudes stay below 2^62: greater by that they are shifted without a sign.
Value scaledOnce(KernelEmitter &e, Value x, Value multiplier, Value shift) {
  WideLanes lanes(e, x.getType());
  IntegerMath m(e, lanes.type());
  SmallVector<Value> products;
  for (unsigned i = 0; i < lanes.parts(); ++i) {
    Value bits = lanes.part(shift, i, false), above = m.number(int64_t(1) << 62);
    Value half = m.shr(m.shl(m.number(1), bits), m.number(1));
    Value product = m.mul(lanes.part(x, i, true), lanes.part(multiplier, i, true));
    Value positive = m.add(product, m.add(half, above));
    products.push_back(m.sub(m.shr(positive, bits), m.shr(above, bits)));
  }
  return lanes.low(products);
}

Value scaledAway(KernelEmitter &e, Value x, Value multiplier, Value shift) {
  IntegerMath narrow(e, x.getType());
  Value sign = narrow.sar(x, narrow.number(31));
  Value magnitude = narrow.sub(narrow.bitXor(x, sign), sign);
  WideLanes lanes(e, x.getType());
  IntegerMath m(e, lanes.type());
  SmallVector<Value> products;
  for (unsigned i = 0; i < lanes.parts(); ++i) {
    Value bits = lanes.part(shift, i, false);
    Value half = m.shr(m.shl(m.number(1), bits), m.number(1));
    Value product = m.mul(lanes.part(magnitude, i, false), lanes.part(multiplier, i, false));
    products.push_back(m.shr(m.add(product, half), bits));
  }
  return narrow.sub(narrow.bitXor(lanes.low(products), sign), sign);
}

//===----------------------------------------------------------------------===//
// Quotients
//===----------------------------------------------------------------------===//

/// x * 2^shift / sum, half to even. A float quotient is right up to one, which the remainder
/// tells; beyond 2^20 every result is clamped.
Value quotientHalfEven(KernelEmitter &e, Value x, Value sum, int64_t shift) {
  ImplicitLocOpBuilder &b = e.builder();
  FloatMath f(e, sameLanes(x.getType(), b.getF32Type()));
  Value scale =
      f.div(f.number(std::ldexp(1.0, shift)), b.create<arith::SIToFPOp>(f.floatType(), sum));
  Value guess = f.mul(b.create<arith::SIToFPOp>(f.floatType(), x), scale);
  guess = f.select(f.less(guess, f.number(0x1p20)), guess, f.number(0x1p20));
  IntegerMath n(e, x.getType());
  Value quotient = n.sub(f.toBits(f.add(guess, f.number(roundingMagic))),
                         n.number(llvm::bit_cast<int32_t>(roundingMagic)));

  Type wide = sum.getType();
  IntegerMath m(e, wide);
  auto widened = [&](Value v) -> Value { return b.create<arith::ExtUIOp>(wide, v); };
  Value taken = m.mul(widened(quotient), sum);
  Value rest = m.shl(m.sub(m.shl(widened(x), m.number(shift)), taken), m.number(1)); // doubled
  Value limit = m.sub(sum, m.bitAnd(widened(quotient), m.number(1)));
  Value more = m.sub(m.greater(m.sub(m.number(0), limit), rest), m.greater(rest, limit));
  return n.add(quotient, b.create<arith::TruncIOp>(x.getType(), more));
}

/// gemmlowp's reciprocal (NumericSpec 9), then the product. From 32 bits on nothing is left.
Value quotientByReciprocal(KernelEmitter &e, Value x, Value sum, int64_t shift) {
  ImplicitLocOpBuilder &b = e.builder();
  Type type = x.getType();
  IntegerMath m(e, type);
  Value s = b.create<arith::TruncIOp>(type, sum);
  Value zeros = b.create<LLVM::CountLeadingZerosOp>(type, s, /*is_zero_poison=*/true);
  Value half = m.shr(m.shl(s, zeros), m.number(1));
  Value estimate = m.add(m.number(1515870810), highProduct(e, half, m.number(-1010580540)));
  for (int i = 0; i < 3; ++i) {
    Value error = m.sub(m.number(1 << 29), highProduct(e, half, estimate));
    estimate = m.add(estimate, m.shl(highProduct(e, estimate, error), m.number(2)));
  }
  Value mantissa = m.shl(m.min(estimate, m.number((1 << 30) - 1)), m.number(1));
  mantissa = m.bitOr(
      mantissa, b.create<arith::ExtUIOp>(type, b.create<arith::CmpIOp>(CmpIPredicate::sge, estimate,
                                                                       m.number(1 << 30))));
  // Bits to drop: 31 - shift, and 12 - zeros for what the sum is over 1.
  Value bits = m.sub(m.number(42 - shift), zeros); // one less
  Value product = highProduct(e, x, mantissa);
  Value dropped = m.shr(product, m.min(bits, m.number(31)));
  return m.shr(m.add(dropped, m.number(1)), m.number(1));
}

} // namespace

Value emitScaled(nn::RescaleOp op, Value x, Value multiplier, Value shift, KernelEmitter &e) {
  IntegerMath m(e, x.getType());
  multiplier = m.max(multiplier, m.number(0));
  shift = m.within(shift, nn::RescaleOp::shiftRange());
  switch (op.getRounding()) {
  case nn::RescaleRounding::Once:
    return scaledOnce(e, x, multiplier, shift);
  case nn::RescaleRounding::Twice:
    return scaledTwice(e, x, multiplier, shift);
  case nn::RescaleRounding::HalfAway:
    return scaledAway(e, x, multiplier, shift);
  }
  llvm_unreachable("a rounding without code");
}

Value emitQuotient(nn::ProportionOp op, Value x, Value sum, KernelEmitter &e) {
  auto shift = static_cast<int64_t>(op.getShift());
  x = IntegerMath(e, x.getType()).within(x, op.inputRange());
  sum = IntegerMath(e, sum.getType()).within(sum, op.sumRange());
  return op.getDivision() == nn::Division::HalfEven ? quotientHalfEven(e, x, sum, shift)
                                                    : quotientByReciprocal(e, x, sum, shift);
}

} // namespace nnc
