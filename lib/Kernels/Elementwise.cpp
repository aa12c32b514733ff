//===- Elementwise.cpp - The value of one elementwise op -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FloatMath.h"
#include "Quantization.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/APSInt.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using arith::CmpFPredicate;
using arith::CmpIPredicate;

namespace nnc {

//===----------------------------------------------------------------------===//
// Integers
//===----------------------------------------------------------------------===//

/// |a| / |c| by 64 (or 32) steps of shift and subtract: the divide instruction
/// would take a time that depends on the data.
static Value divideMagnitudes(KernelEmitter &e, Value a, Value c) {
  ImplicitLocOpBuilder &b = e.builder();
  Type type = a.getType();
  unsigned width = getElementTypeOrSelf(type).getIntOrFloatBitWidth();
  Value zero = e.splat(type, 0.0), one = e.splat(type, 1.0), top = e.splat(type, width - 1.0);
  auto step = [&](Value, ValueRange carried) -> SmallVector<Value> {
    Value rest = carried[0], quotient = carried[1], left = carried[2];
    Value bit = b.create<arith::ShRUIOp>(left, top);
    left = b.create<arith::ShLIOp>(left, one);
    rest = b.create<arith::OrIOp>(b.create<arith::ShLIOp>(rest, one), bit);
    Value fits = b.create<arith::CmpIOp>(CmpIPredicate::uge, rest, c);
    rest = b.create<arith::SelectOp>(fits, b.create<arith::SubIOp>(rest, c), rest);
    Value digit = b.create<arith::SelectOp>(fits, one, zero);
    quotient = b.create<arith::OrIOp>(b.create<arith::ShLIOp>(quotient, one), digit);
    return {rest, quotient, left};
  };
  return e.loop(e.constant(0), e.constant(width), 1, {zero, zero, a}, step)[1];
}

/// Truncating division; x / 0 = 0 and the least integer over -1 wraps.
static Value divideIntegers(KernelEmitter &e, Value a, Value c) {
  ImplicitLocOpBuilder &b = e.builder();
  Value zero = e.splat(a.getType(), 0.0);
  auto negative = [&](Value v) {
    return b.create<arith::CmpIOp>(CmpIPredicate::slt, v, zero).getResult();
  };
  auto negate = [&](Value v) { return b.create<arith::SubIOp>(zero, v).getResult(); };
  Value aNeg = negative(a), cNeg = negative(c);
  Value magnitude = divideMagnitudes(e, b.create<arith::SelectOp>(aNeg, negate(a), a),
                                     b.create<arith::SelectOp>(cNeg, negate(c), c));
  Value flip = b.create<arith::XOrIOp>(aNeg, cNeg);
  Value quotient = b.create<arith::SelectOp>(flip, negate(magnitude), magnitude);
  Value byZero = b.create<arith::CmpIOp>(CmpIPredicate::eq, c, zero);
  return b.create<arith::SelectOp>(byZero, zero, quotient);
}

static Value emitInteger(Operation *op, ValueRange v, KernelEmitter &e) {
  ImplicitLocOpBuilder &b = e.builder();
  bool isUnsigned = getElementTypeOrSelf(op->getOperand(0).getType()).isUnsignedInteger();
  CmpIPredicate less = isUnsigned ? CmpIPredicate::ult : CmpIPredicate::slt;
  CmpIPredicate greater = isUnsigned ? CmpIPredicate::ugt : CmpIPredicate::sgt;
  auto pick = [&](CmpIPredicate predicate) -> Value {
    return b.create<arith::SelectOp>(b.create<arith::CmpIOp>(predicate, v[0], v[1]), v[0], v[1]);
  };
  auto limit = [&](CmpIPredicate predicate, Value x, Attribute bound) -> Value {
    auto number = cast<IntegerAttr>(bound); // below eight bits it is extended as its type says
    APSInt limitInteger(number.getValue(), number.getType().isUnsignedInteger());
    Value limitValue = e.splatInteger(x.getType(), limitInteger.getExtValue());
    return b.create<arith::SelectOp>(b.create<arith::CmpIOp>(predicate, x, limitValue), limitValue,
                                     x);
  };
  return TypeSwitch<Operation *, Value>(op)
      .Case<nn::AddOp>([&](auto) { return b.create<arith::AddIOp>(v[0], v[1]); })
      .Case<nn::SubOp>([&](auto) { return b.create<arith::SubIOp>(v[0], v[1]); })
      .Case<nn::MulOp>([&](auto) { return b.create<arith::MulIOp>(v[0], v[1]); })
      .Case<nn::DivOp>([&](auto) { return divideIntegers(e, v[0], v[1]); })
      .Case<nn::MinOp>([&](auto) { return pick(less); })
      .Case<nn::MaxOp>([&](auto) { return pick(greater); })
      .Case<nn::NegOp>(
          [&](auto) { return b.create<arith::SubIOp>(e.splat(v[0].getType(), 0.0), v[0]); })
      .Case<nn::ReluOp>([&](auto) { return limit(less, v[0], b.getI64IntegerAttr(0)); })
      .Case<nn::ClipOp>([&](nn::ClipOp clip) {
        return limit(greater, limit(less, v[0], clip.getMin()), clip.getMax());
      })
      .Default([](Operation *) { return Value(); });
}

//===----------------------------------------------------------------------===//
// Casts
//===----------------------------------------------------------------------===//

/// Truncates, saturates, NaN to the least integer; what is out of range never
/// reaches the conversion, whose result would be undefined there.
static Value floatToInteger(FloatMath &m, Value x, IntegerType element, Type to) {
  ImplicitLocOpBuilder &b = m.builder();
  unsigned width = element.getWidth();
  bool isUnsigned = element.isUnsigned();
  auto splat = [&](const APInt &v) -> Value {
    Attribute scalar = IntegerAttr::get(getElementTypeOrSelf(to), v);
    if (auto vector = dyn_cast<VectorType>(to))
      return b.create<arith::ConstantOp>(DenseElementsAttr::get(vector, scalar));
    return b.create<arith::ConstantOp>(cast<TypedAttr>(scalar));
  };
  double above = std::ldexp(1.0, isUnsigned ? width : width - 1);
  double least = isUnsigned ? 0.0 : -above;
  Value tooHigh = m.compare(CmpFPredicate::OGE, x, m.number(above));
  Value tooLow = m.compare(CmpFPredicate::ULT, x, m.number(least)); // NaN too
  Value outside = b.create<arith::OrIOp>(tooHigh, tooLow);
  Value safe = m.select(outside, m.number(0.0), x);
  Value y = b.create<arith::FPToSIOp>(to, safe);
  y = b.create<arith::SelectOp>(
      tooHigh, splat(isUnsigned ? APInt::getMaxValue(width) : APInt::getSignedMaxValue(width)), y);
  return b.create<arith::SelectOp>(
      tooLow, splat(isUnsigned ? APInt(width, 0) : APInt::getSignedMinValue(width)), y);
}

/// The low bits of bytes that hold elements of `element`.
static Value wrapSubByte(KernelEmitter &e, Value bytes, Type element) {
  ImplicitLocOpBuilder &b = e.builder();
  Value shift = e.splatInteger(bytes.getType(), 8 - int64_t(element.getIntOrFloatBitWidth()));
  Value top = b.create<arith::ShLIOp>(bytes, shift);
  return element.isUnsignedInteger() ? b.create<arith::ShRUIOp>(top, shift).getResult()
                                     : b.create<arith::ShRSIOp>(top, shift).getResult();
}

/// To elements of whole bytes, or to the bytes that narrower ones are the low bits of.
static Value emitWholeCast(nn::CastOp op, Value x, KernelEmitter &e) {
  ImplicitLocOpBuilder &b = e.builder();
  Type from = op.getInput().getType().getElementType(), element = op.getType().getElementType();
  Type to = registerType(element);
  if (auto vector = dyn_cast<VectorType>(x.getType()))
    to = VectorType::get(vector.getShape(), to);
  if (from == element || (x.getType() == to && !from.isF32()))
    return x; // the same bits, perhaps read otherwise
  if (from.isF32()) {
    FloatMath m(e, x.getType());
    if (element.isInteger(1))
      return m.compare(CmpFPredicate::UNE, x, m.number(0.0));
    auto integer = dyn_cast<IntegerType>(element);
    if (integer && integer.getWidth() < 32) // the low bits of an int32
      return b.create<arith::TruncIOp>(to, floatToInteger(m, x, b.getI32Type(), m.bitsType()));
    return integer ? floatToInteger(m, x, integer, to) : Value();
  }
  if (element.isInteger(1))
    return b.create<arith::CmpIOp>(CmpIPredicate::ne, x, e.splat(x.getType(), 0.0));
  if (element.isF32())
    return from.isInteger(1) || from.isUnsignedInteger()
               ? b.create<arith::UIToFPOp>(to, x).getResult()
               : b.create<arith::SIToFPOp>(to, x).getResult();
  if (!isa<IntegerType>(element) || !isa<IntegerType>(from))
    return Value();
  if (element.getIntOrFloatBitWidth() < from.getIntOrFloatBitWidth())
    return b.create<arith::TruncIOp>(to, x);
  return from.isInteger(1) || from.isUnsignedInteger()
             ? b.create<arith::ExtUIOp>(to, x).getResult()
             : b.create<arith::ExtSIOp>(to, x).getResult();
}

static Value emitCast(nn::CastOp op, Value x, KernelEmitter &e) {
  Value y = emitWholeCast(op, x, e);
  Type element = op.getType().getElementType();
  bool isSubByte = !element.isInteger(1) && element.getIntOrFloatBitWidth() < 8;
  return y && isSubByte ? wrapSubByte(e, y, element) : y;
}

//===----------------------------------------------------------------------===//
// Floats
//===----------------------------------------------------------------------===//

static Value emitClip(FloatMath &m, nn::ClipOp op, Value x) {
  double low = cast<FloatAttr>(op.getMin()).getValueAsDouble();
  double high = cast<FloatAttr>(op.getMax()).getValueAsDouble();
  Value t = x;
  // Bounds at infinity let everything pass, NaN included.
  if (low == 0.0 && !std::signbit(low))
    t = m.relu(x);
  else if (low != -std::numeric_limits<double>::infinity())
    t = m.select(m.less(x, m.number(low)), m.number(low), x);
  if (high == std::numeric_limits<double>::infinity())
    return t;
  Value top = m.number(high);
  return m.select(m.compare(CmpFPredicate::OGT, t, top), top, t);
}

static Value emitFloat(Operation *op, ValueRange v, KernelEmitter &e) {
  FloatMath m(e, v[0].getType());
  auto floored = [&](Value x) {
    return isFlooredByQuantize(op->getResult(0)) ? x : m.floorResult(x);
  };
  return TypeSwitch<Operation *, Value>(op)
      .Case<nn::AddOp>([&](auto) { return floored(m.add(v[0], v[1])); })
      .Case<nn::SubOp>([&](auto) { return floored(m.sub(v[0], v[1])); })
      .Case<nn::MulOp>([&](auto) { return floored(m.mul(v[0], v[1])); })
      .Case<nn::DivOp>([&](auto) { return floored(m.div(v[0], v[1])); })
      .Case<nn::PowOp>([&](auto) { return m.power(v[0], v[1]); })
      .Case<nn::MinOp>([&](auto) { return m.select(m.less(v[0], v[1]), v[0], v[1]); })
      .Case<nn::MaxOp>(
          [&](auto) { return m.select(m.compare(CmpFPredicate::OGT, v[0], v[1]), v[0], v[1]); })
      .Case<nn::ReluOp>([&](auto) { return m.relu(v[0]); })
      .Case<nn::LeakyReluOp>([&](nn::LeakyReluOp leaky) {
        Value scaled = m.floorResult(m.mul(v[0], m.number(leaky.getAlpha().convertToDouble())));
        return m.select(m.compare(CmpFPredicate::OGT, m.number(0.0), v[0]), scaled, v[0]);
      })
      .Case<nn::ClipOp>([&](nn::ClipOp clip) { return emitClip(m, clip, v[0]); })
      .Case<nn::Floor0Op>([&](nn::Floor0Op floor) {
        return m.floor(v[0], std::ldexp(1.0, static_cast<int64_t>(floor.getExponent())));
      })
      .Case<nn::SigmoidOp>([&](auto) { return m.sigmoid(v[0]); })
      .Case<nn::TanhOp>([&](auto) { return m.hyperbolicTangent(v[0]); })
      .Case<nn::ExpOp>([&](auto) { return m.exponential(v[0]); })
      .Case<nn::LogOp>([&](auto) { return m.logarithm(v[0]); })
      .Case<nn::SqrtOp>([&](auto) { return m.floorResult(m.squareRoot(v[0])); })
      .Case<nn::ErfOp>([&](auto) { return m.errorFunction(v[0]); })
      .Case<nn::NegOp>([&](auto) { return m.negate(v[0]); })
      .Default([](Operation *) { return Value(); });
}

Value emitElementwise(Operation *op, ValueRange operands, KernelEmitter &emitter) {
  if (isa<nn::SelectOp>(op))
    return emitter.builder().create<arith::SelectOp>(operands[0], operands[1], operands[2]);
  if (auto cast = dyn_cast<nn::CastOp>(op))
    return emitCast(cast, operands[0], emitter);
  if (Value result = emitQuantization(op, operands, emitter))
    return result;
  Type element = getElementTypeOrSelf(operands[0].getType());
  if (element.isF32())
    return emitFloat(op, operands, emitter);
  return isa<IntegerType>(element) ? emitInteger(op, operands, emitter) : Value();
}

bool canEmitElementwise(Operation *op) {
  auto element = [](Type type) { return getElementTypeOrSelf(type); };
  auto simple = [](Type t) {
    return t.isF32() || t.isSignlessInteger() ||
           (t.isUnsignedInteger() && t.getIntOrFloatBitWidth() <= 16);
  };
  if (!llvm::all_of(op->getOperandTypes(), [&](Type t) { return simple(element(t)); }) ||
      !llvm::all_of(op->getResultTypes(), [&](Type t) { return simple(element(t)); }))
    return false;
  if (isa<nn::SelectOp, nn::CastOp, nn::QuantizeOp, nn::DequantizeOp, nn::RequantizeOp,
          nn::RescaleOp, nn::LookupOp, nn::ProportionOp>(op))
    return true;
  if (op->getNumOperands() == 0 || element(op->getOperand(0).getType()).isInteger(1))
    return false;
  if (isa<nn::AddOp, nn::SubOp, nn::MulOp, nn::DivOp, nn::MinOp, nn::MaxOp, nn::NegOp, nn::ReluOp,
          nn::ClipOp>(op))
    return true;
  return element(op->getOperand(0).getType()).isF32() &&
         isa<nn::PowOp, nn::LeakyReluOp, nn::Floor0Op, nn::SigmoidOp, nn::TanhOp, nn::ExpOp,
             nn::LogOp, nn::SqrtOp, nn::ErfOp>(op);
}

} // namespace nnc
