//===- FloatFunctions.cpp - The functions of NumericSpec section 6 -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each line is one numbered step of docs/NumericSpec.md, section 6, which also
// says why intermediate results cannot depend on a flush mode.
//
//===----------------------------------------------------------------------===//
#include "FloatMath.h"

#include <limits>

using namespace mlir;
using arith::CmpFPredicate;

namespace nnc {

static constexpr double infinity = std::numeric_limits<double>::infinity();
static constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// 2^k from the low bits of t, which hold k + bias (shifted into the exponent).
static Value powerOfTwo(FloatMath &m, Value t) {
  return m.fromBits(m.builder().create<arith::ShLIOp>(m.toBits(t), m.integer(23)));
}

Value FloatMath::exponential(Value x) {
  Value top = number(89.0);
  Value c = select(less(top, x), top, x);
  Value t = fma(c, number(0x1.715476p+0), 0x1.8000fcp+23);
  Value n = sub(t, number(0x1.8000fcp+23));
  Value r = fma(n, number(-0x1.62e430p-1), c);
  r = fma(n, number(0x1.05c610p-29), r);
  Value p = fma(number(0x1.6feea0p-9), r, 0x1.1257f6p-6);
  p = horner(p, r, {0x1.5552fep-4, 0x1.555466p-2, 1.0, 2.0, 2.0});
  Value y = mul(p, powerOfTwo(*this, t));
  return select(less(x, number(-0x1.5a92d6p+6)), number(0.0), y);
}

Value FloatMath::sigmoid(Value x) {
  Value e = exponential(negate(x));
  return floorResult(div(number(1.0), add(number(1.0), e)));
}

Value FloatMath::hyperbolicTangent(Value x) {
  Value a = absolute(x), top = number(10.0);
  Value c = select(less(top, a), top, a);
  Value y = add(c, c);
  Value t = fma(y, number(0x1.715476p+0), 0x1.8000fep+23);
  Value n = sub(t, number(0x1.8000fep+23));
  Value r = fma(n, number(-0x1.62e430p-1), y);
  Value q = fma(number(0x1.6c5a82p-10), r, 0x1.12243cp-7);
  q = horner(q, r, {0x1.5555b6p-5, 0x1.5554b6p-3, 0.5});
  Value w = mul(r, r);
  q = fma(w, q, r);
  Value s = powerOfTwo(*this, t);
  Value g = fma(q, s, sub(s, number(1.0)));
  Value v = div(g, add(g, number(2.0)));
  return select(less(a, number(0x1p-125)), number(0.0), copySign(v, x));
}

Value FloatMath::errorFunction(Value x) {
  Value a = absolute(x), top = number(3.9375);
  Value c = select(less(top, a), top, a);
  Value s = mul(c, c);
  Value p = fma(number(-0x1.2703e8p-11), s, 0x1.423444p-8);
  p = horner(p, s, {-0x1.b59f56p-6, 0x1.ce08e8p-4, -0x1.812672p-2, 0x1.06eba2p-3});
  p = fma(p, c, c);
  Value u = sub(c, number(2.5));
  Value q = fma(number(-0x1.209f5ap-17), u, 0x1.65476ep-16);
  q = horner(q, u,
             {0x1.ece500p-15, -0x1.25d788p-12, 0x1.33b83ap-12, 0x1.2c574ep-11, -0x1.724e60p-9,
              0x1.8fda06p-8, -0x1.1a340ep-7, 0x1.11bd5cp-7, -0x1.64fc0ap-8, 0x1.1d7a6ep-9,
              0x1.ffcaaap-1});
  Value v = select(less(a, number(1.0)), p, q);
  return select(less(v, number(0x1p-125)), number(0.0), copySign(v, x));
}

/// x = 2^e * m with m from `least` (as bits) to twice it: {e as float, m}.
static std::pair<Value, Value> splitExponent(FloatMath &m, Value x, int64_t least) {
  ImplicitLocOpBuilder &b = m.builder();
  Value bits = m.toBits(x), shift = m.integer(23);
  Value e = b.create<arith::ShRSIOp>(b.create<arith::SubIOp>(bits, m.integer(least)), shift);
  Value mantissa = b.create<arith::SubIOp>(bits, b.create<arith::ShLIOp>(e, shift));
  return {b.create<arith::SIToFPOp>(m.floatType(), e), m.fromBits(mantissa)};
}

Value FloatMath::logarithm(Value x) {
  auto [e, m] = splitExponent(*this, x, 0x3f2aaaab);
  Value f = sub(m, number(1.0));
  Value p = fma(number(-0x1.07c516p-3), f, 0x1.1e6d18p-3);
  p = horner(p, f,
             {-0x1.f33274p-4, 0x1.1ed55ap-3, -0x1.559c68p-3, 0x1.99d050p-3, -0x1.fffefap-3,
              0x1.555506p-2, -0.5});
  Value s = mul(f, f);
  p = fma(p, s, f);
  Value y = fma(e, number(0x1.62e430p-1), p);
  y = select(less(number(0.0), x), y, number(nan));
  y = select(compare(CmpFPredicate::OEQ, x, number(0.0)), number(-infinity), y);
  return select(compare(CmpFPredicate::OEQ, x, number(infinity)), x, y);
}

/// log2(a) as an unevaluated sum {high, low}.
static std::pair<Value, Value> log2Pair(FloatMath &m, Value a) {
  auto [i, mantissa] = splitExponent(m, a, 0x3f3504f3);
  Value f = m.sub(mantissa, m.number(1.0));
  Value d = m.div(m.number(1.0), m.add(mantissa, m.number(1.0)));
  Value h = m.mul(f, d);
  Value k = m.fma(m.negate(h), f, m.fma(m.number(-2.0), h, f));
  Value l = m.mul(k, d);
  Value scale = m.number(0x1.715476p+1);
  Value u = m.mul(h, scale);
  Value v = m.fma(h, scale, m.negate(u));
  v = m.fma(h, m.number(0x1.4ae0c0p-25), v);
  v = m.fma(l, scale, v);
  Value s = m.mul(h, h);
  Value z = m.fma(h, h, m.negate(s));
  Value w = m.mul(h, s);
  Value j = m.fma(h, s, m.negate(w));
  j = m.fma(h, z, j);
  j = m.fma(m.mul(m.number(3.0), s), l, j);
  Value cubic = m.number(0x1.ec709ep-1);
  Value o = m.mul(w, cubic);
  Value q = m.fma(w, cubic, m.negate(o));
  q = m.fma(j, cubic, q);
  Value p = m.fma(m.number(0x1.58915cp-2), s, 0x1.a5d040p-2);
  p = m.fma(p, s, 0x1.2776e0p-1);
  q = m.fma(m.mul(w, s), p, q);
  Value c = m.add(u, o);
  v = m.add(v, m.add(m.add(m.sub(u, c), o), q));
  Value g = m.add(i, c);
  v = m.add(v, m.add(m.sub(i, g), c));
  Value high = m.add(g, v);
  return {high, m.add(m.sub(g, high), v)};
}

/// {y is an integer, y is an odd integer}; from 2^24 on every float is even.
static std::pair<Value, Value> integerTests(FloatMath &m, Value y) {
  ImplicitLocOpBuilder &b = m.builder();
  Value a = m.absolute(y), top = m.number(0x1p+24);
  Value z = m.select(m.less(a, top), a, top);
  Value i = b.create<arith::FPToSIOp>(m.bitsType(), z);
  Value isInteger = m.compare(CmpFPredicate::OEQ, b.create<arith::SIToFPOp>(m.floatType(), i), z);
  Value low = b.create<arith::AndIOp>(i, m.integer(1));
  Value odd = b.create<arith::CmpIOp>(arith::CmpIPredicate::ne, low, m.integer(0));
  return {isInteger, b.create<arith::AndIOp>(isInteger, odd)};
}

/// The special cases of pow, in the order of the spec.
static Value powerCases(FloatMath &m, Value x, Value y, Value a, Value r) {
  ImplicitLocOpBuilder &b = m.builder();
  auto both = [&](Value p, Value q) { return b.create<arith::AndIOp>(p, q).getResult(); };
  auto either = [&](Value p, Value q) { return b.create<arith::OrIOp>(p, q).getResult(); };
  auto equal = [&](Value p, Value q) { return m.compare(CmpFPredicate::OEQ, p, q); };
  Value zero = m.number(0.0), inf = m.number(infinity), quiet = m.number(nan);
  Value below = m.less(y, zero), xNegative = m.less(x, zero);
  r = m.select(equal(a, zero), m.select(below, inf, zero), r);
  r = m.select(equal(a, inf), m.select(below, zero, inf), r);
  auto [isInteger, isOdd] = integerTests(m, y);
  Value minusZero =
      b.create<arith::CmpIOp>(arith::CmpIPredicate::eq, m.toBits(x), m.integer(INT32_MIN));
  r = m.select(both(either(xNegative, minusZero), isOdd), m.negate(r), r);
  Value finite = m.compare(CmpFPredicate::UNE, a, inf);
  Value all = b.create<arith::ConstantOp>(b.getOneAttr(isInteger.getType()));
  Value fraction = b.create<arith::XOrIOp>(isInteger, all);
  r = m.select(both(both(xNegative, finite), fraction), quiet, r);
  r = m.select(m.compare(CmpFPredicate::UNO, x, y), quiet, r);
  return m.select(either(equal(y, zero), equal(x, m.number(1.0))), m.number(1.0), r);
}

Value FloatMath::power(Value x, Value y) {
  Value a = absolute(x);
  auto [high, low] = log2Pair(*this, a);
  Value most = number(0x1p+32), least = number(-0x1p+32);
  Value c = select(less(most, y), most, y);
  c = select(compare(CmpFPredicate::OGT, least, c), least, c);
  Value h = mul(c, high);
  Value l = fma(c, high, negate(h));
  l = fma(c, low, l);
  Value t = add(h, number(0x1.8000fcp+23));
  Value n = sub(t, number(0x1.8000fcp+23));
  Value f = add(sub(h, n), l);
  Value p = fma(number(0x1.4178c6p-12), f, 0x1.5f095cp-9);
  p = horner(p, f, {0x1.3b2dd4p-6, 0x1.c6af7ap-4, 0x1.ebfbdcp-2, 0x1.62e430p+0, 2.0});
  Value r = mul(p, powerOfTwo(*this, t));
  r = select(less(h, number(-126.0)), number(0.0), r);
  r = select(less(number(129.0), h), number(infinity), r);
  return floorResult(powerCases(*this, x, y, a, r));
}

} // namespace nnc
