//===- FloatMath.cpp - Arithmetic, floors and ReLU -----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FloatMath.h"

#include "DoubleMath.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using arith::CmpFPredicate;

namespace nnc {

FloatMath::FloatMath(KernelEmitter &emitter, Type type) : emitter(emitter), type(type) {
  bits = emitter.builder().getI32Type();
  if (auto vector = dyn_cast<VectorType>(type))
    bits = VectorType::get(vector.getShape(), bits);
}

Value FloatMath::add(Value a, Value c) { return builder().create<arith::AddFOp>(a, c); }
Value FloatMath::sub(Value a, Value c) { return builder().create<arith::SubFOp>(a, c); }
Value FloatMath::mul(Value a, Value c) { return builder().create<arith::MulFOp>(a, c); }
Value FloatMath::div(Value a, Value c) {
  return emitter.target().hasFixedTimeDivision ? builder().create<arith::DivFOp>(a, c).getResult()
                                               : DoubleMath(emitter, type).divide(a, c);
}
Value FloatMath::squareRoot(Value a) {
  return emitter.target().hasFixedTimeDivision ? builder().create<LLVM::SqrtOp>(type, a).getResult()
                                               : DoubleMath(emitter, type).squareRoot(a);
}
Value FloatMath::fma(Value a, Value c, Value d) {
  return emitter.target().hasFma ? builder().create<LLVM::FMAOp>(type, a, c, d).getResult()
                                 : DoubleMath(emitter, type).fma(a, c, d);
}

Value FloatMath::compare(CmpFPredicate predicate, Value a, Value c) {
  return builder().create<arith::CmpFOp>(predicate, a, c);
}
Value FloatMath::select(Value condition, Value a, Value c) {
  return builder().create<arith::SelectOp>(condition, a, c);
}
Value FloatMath::toBits(Value a) { return builder().create<arith::BitcastOp>(bits, a); }
Value FloatMath::fromBits(Value a) { return builder().create<arith::BitcastOp>(type, a); }

Value FloatMath::negate(Value a) {
  return fromBits(builder().create<arith::XOrIOp>(toBits(a), integer(INT32_MIN)));
}
Value FloatMath::absolute(Value a) {
  return fromBits(builder().create<arith::AndIOp>(toBits(a), integer(INT32_MAX)));
}
Value FloatMath::copySign(Value magnitude, Value sign) {
  Value m = builder().create<arith::AndIOp>(toBits(magnitude), integer(INT32_MAX));
  Value s = builder().create<arith::AndIOp>(toBits(sign), integer(INT32_MIN));
  return fromBits(builder().create<arith::OrIOp>(m, s));
}

Value FloatMath::horner(Value p, Value x, std::initializer_list<double> coefficients) {
  for (double c : coefficients)
    p = fma(p, x, c);
  return p;
}

//===----------------------------------------------------------------------===//
// Floors and ReLU
//===----------------------------------------------------------------------===//
//
// Emitted as select(test < bound, +0, x) with test = |x| (floor) or x (ReLU and
// floor in one). Two in a row are one with the larger bound, so that a floored
// ReLU costs one comparison and one select.

namespace {

/// select(test < bound, +0, x)
struct Floor {
  Value x;
  bool isSigned; ///< test is x itself: everything negative goes too
  double bound;
};

} // namespace

static std::optional<double> splatValue(Value v) {
  Attribute attribute;
  if (!matchPattern(v, m_Constant(&attribute)))
    return std::nullopt;
  if (auto scalar = dyn_cast<FloatAttr>(attribute))
    return scalar.getValueAsDouble();
  if (auto dense = dyn_cast<DenseFPElementsAttr>(attribute); dense && dense.isSplat())
    return dense.getSplatValue<APFloat>().convertToDouble();
  return std::nullopt;
}

static std::optional<Floor> matchFloor(Value v) {
  auto select = v.getDefiningOp<arith::SelectOp>();
  if (!select)
    return std::nullopt;
  auto zero = splatValue(select.getTrueValue());
  auto test = select.getCondition().getDefiningOp<arith::CmpFOp>();
  if (!zero || *zero != 0.0 || std::signbit(*zero) || !test)
    return std::nullopt;
  Value x = select.getFalseValue();
  if (test.getPredicate() == CmpFPredicate::OGT && test.getRhs() == x &&
      splatValue(test.getLhs()) == 0.0)
    return Floor{x, true, 0.0};
  auto bound = splatValue(test.getRhs());
  if (test.getPredicate() != CmpFPredicate::OLT || !bound)
    return std::nullopt;
  if (test.getLhs() == x)
    return Floor{x, true, *bound};
  // |x|: bitcast(and(bitcast(x), mask)), as absolute() writes it.
  auto back = test.getLhs().getDefiningOp<arith::BitcastOp>();
  auto mask = back ? back.getIn().getDefiningOp<arith::AndIOp>() : arith::AndIOp();
  auto forth = mask ? mask.getLhs().getDefiningOp<arith::BitcastOp>() : arith::BitcastOp();
  if (forth && forth.getIn() == x)
    return Floor{x, false, *bound};
  return std::nullopt;
}

/// select(limit < t, limit, t), the upper half of a clip: returns {t, limit}.
static std::optional<std::pair<Value, double>> matchLimit(Value v) {
  auto select = v.getDefiningOp<arith::SelectOp>();
  auto test = select ? select.getCondition().getDefiningOp<arith::CmpFOp>() : arith::CmpFOp();
  if (!test || test.getPredicate() != CmpFPredicate::OGT ||
      test.getLhs() != select.getFalseValue() || test.getRhs() != select.getTrueValue())
    return std::nullopt;
  auto limit = splatValue(select.getTrueValue());
  if (!limit)
    return std::nullopt;
  return std::pair(select.getFalseValue(), *limit);
}

Value FloatMath::floor(Value x, double bound) {
  // Under a limit not below the bound: the test is that of what was limited, so
  // that the limit and the choice of +0 are one masked instruction.
  std::optional<double> limit;
  if (auto limited = matchLimit(x); limited && limited->second >= bound) {
    x = limited->first;
    limit = limited->second;
  }
  bool isSigned = false;
  if (auto inner = matchFloor(x)) {
    x = inner->x;
    isSigned = inner->isSigned;
    bound = std::max(bound, inner->bound);
  }
  Value small = less(isSigned ? x : absolute(x), number(bound)), kept = x;
  if (limit)
    kept = select(compare(CmpFPredicate::OGT, x, number(*limit)), number(*limit), x);
  return select(small, number(0.0), kept);
}

Value FloatMath::relu(Value x) {
  if (auto inner = matchFloor(x); inner && inner->bound > 0.0)
    return select(less(inner->x, number(inner->bound)), number(0.0), inner->x);
  Value zero = number(0.0);
  return select(compare(CmpFPredicate::OGT, zero, x), zero, x);
}

} // namespace nnc
