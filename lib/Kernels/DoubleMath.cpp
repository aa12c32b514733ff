//===- DoubleMath.cpp - What a core lacks for floats, by way of doubles --------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A quotient or a root of floats that is no float is further than 2^-50 of itself
// from the middle between two floats: what is nearer than that to the right value
// rounds to the right float. Nothing here can overflow or underflow in doubles.
//
//===----------------------------------------------------------------------===//
#include "DoubleMath.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <limits>

using namespace mlir;
using arith::CmpFPredicate;

namespace nnc {

constexpr double infinity = std::numeric_limits<double>::infinity();

DoubleMath::DoubleMath(KernelEmitter &emitter, Type type)
    : emitter(emitter), b(emitter.builder()), isScalar(!isa<VectorType>(type)) {
  // Vectors choose by masks, single numbers may by branches: those become a vector of themselves.
  narrowType = isScalar ? VectorType::get(emitter.lanes(), type) : cast<VectorType>(type);
  wide = VectorType::get(narrowType.getShape(), b.getF64Type());
  bits = VectorType::get(narrowType.getShape(), b.getI64Type());
}

Value DoubleMath::widen(Value a) {
  return b.create<arith::ExtFOp>(wide, isScalar ? emitter.splat(narrowType, a) : a);
}
Value DoubleMath::narrow(Value a) {
  Value result = b.create<arith::TruncFOp>(narrowType, a);
  return isScalar ? b.create<vector::ExtractOp>(result, 0).getResult() : result;
}
Value DoubleMath::add(Value a, Value c) { return b.create<arith::AddFOp>(a, c); }
Value DoubleMath::sub(Value a, Value c) { return b.create<arith::SubFOp>(a, c); }
Value DoubleMath::mul(Value a, Value c) { return b.create<arith::MulFOp>(a, c); }
Value DoubleMath::toBits(Value a) { return b.create<arith::BitcastOp>(bits, a); }
Value DoubleMath::fromBits(Value a) { return b.create<arith::BitcastOp>(wide, a); }
Value DoubleMath::select(Value condition, Value a, Value c) {
  return b.create<arith::SelectOp>(condition, a, c);
}
Value DoubleMath::compare(CmpFPredicate predicate, Value a, double c) {
  return b.create<arith::CmpFOp>(predicate, a, number(c));
}
Value DoubleMath::signOf(Value a) {
  return b.create<arith::AndIOp>(toBits(a), integer(std::numeric_limits<int64_t>::min()));
}
Value DoubleMath::withSign(double magnitude, Value sign) {
  return fromBits(b.create<arith::OrIOp>(toBits(number(magnitude)), sign));
}

/// The product is exact, the sum is rounded to odd: with more than 24 + 2 bits, rounding that to a
/// float is as if there had been one rounding (Boldo, Melquiond 2008, "Emulation of a FMA and
/// correctly rounded sums: proved algorithms using rounding to odd").
Value DoubleMath::fma(Value a, Value c, Value d) {
  Value product = mul(widen(a), widen(c)), term = widen(d), sum = add(product, term);
  // What the sum lost, exactly (Knuth's TwoSum).
  Value other = sub(sum, product);
  Value lost = add(sub(product, sub(sum, other)), sub(term, other));
  // An even sum goes one step towards what it lost: outwards if the signs agree.
  Value agree = b.create<arith::CmpIOp>(arith::CmpIPredicate::eq, signOf(sum), signOf(lost));
  Value step = select(agree, integer(1), integer(-1));
  Value last = b.create<arith::AndIOp>(toBits(sum), integer(1));
  Value isEven = b.create<arith::CmpIOp>(arith::CmpIPredicate::eq, last, integer(0));
  Value moves = b.create<arith::AndIOp>(isEven, compare(CmpFPredicate::ONE, lost, 0.0));
  Value odd = b.create<arith::AddIOp>(toBits(sum), select(moves, step, integer(0)));
  return narrow(fromBits(odd));
}

/// 1 / c to some units of 2^-52, whatever `c` is.
Value DoubleMath::reciprocal(Value c) {
  Value x = widen(c);
  // An eighth off at most (the exponent negated), squared by each of Newton's steps.
  Value y = fromBits(b.create<arith::SubIOp>(integer(0x7fde623822fc16e6), toBits(x)));
  for (int i = 0; i < 5; ++i)
    y = mul(y, sub(number(2.0), mul(x, y)));
  Value isZero = compare(CmpFPredicate::OEQ, x, 0.0);
  Value magnitude =
      fromBits(b.create<arith::AndIOp>(toBits(x), integer(std::numeric_limits<int64_t>::max())));
  Value isInfinite = compare(CmpFPredicate::OEQ, magnitude, infinity);
  y = select(isZero, withSign(infinity, signOf(x)), y);
  y = select(isInfinite, withSign(0.0, signOf(x)), y);
  return select(compare(CmpFPredicate::ORD, x, 0.0), y, x); // NaN
}

Value DoubleMath::divide(Value a, Value c) { return narrow(mul(widen(a), reciprocal(c))); }

Value DoubleMath::squareRoot(Value a) {
  Value x = widen(a);
  // 1 / sqrt(x), 4 % off at most (half the exponent negated), by Newton's steps.
  Value half = b.create<arith::ShRUIOp>(toBits(x), integer(1));
  Value y = fromBits(b.create<arith::SubIOp>(integer(0x5fe6eb50c7b537a9), half));
  for (int i = 0; i < 5; ++i)
    y = mul(y, sub(number(1.5), mul(mul(mul(x, number(0.5)), y), y)));
  // 0 and infinity are their own roots, nothing below 0 has one.
  Value isInside = b.create<arith::AndIOp>(compare(CmpFPredicate::OGT, x, 0.0),
                                           compare(CmpFPredicate::OLT, x, infinity));
  Value isBelow = compare(CmpFPredicate::OLT, x, 0.0);
  Value outside = select(isBelow, number(std::numeric_limits<double>::quiet_NaN()), x);
  return narrow(select(isInside, mul(x, y), outside));
}

} // namespace nnc
