//===- Quantization.cpp - Between integers and what they stand for --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quantization.h"

#include "FixedPoint.h"
#include "FloatMath.h"
#include "Lookup.h"
#include "dialects/NN/ElementTypes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace nnc {

/// Elements of nn type `element` as i32.
static Value toWords(KernelEmitter &e, Value v, Type element) {
  ImplicitLocOpBuilder &b = e.builder();
  Type to = sameLanes(v.getType(), b.getI32Type());
  if (v.getType() == to)
    return v;
  return element.isUnsignedInteger() ? b.create<arith::ExtUIOp>(to, v).getResult()
                                     : b.create<arith::ExtSIOp>(to, v).getResult();
}

/// The integer nearest to `x`, below 2^22 in magnitude, plus `zero`: ties to even.
static Value roundHalfEven(FloatMath &m, Value x, Value zero) {
  ImplicitLocOpBuilder &b = m.builder();
  Value rounded = m.toBits(m.add(x, m.number(roundingMagic)));
  Value shift = b.create<arith::SubIOp>(zero, m.integer(llvm::bit_cast<int32_t>(roundingMagic)));
  return b.create<arith::AddIOp>(rounded, shift);
}

/// Does `rounding` go to the next integer however near the last one is?
static bool isDirected(nn::RoundingMode rounding) {
  return rounding == nn::RoundingMode::Away || rounding == nn::RoundingMode::Ceil ||
         rounding == nn::RoundingMode::Floor;
}

/// The least part above an integer (`isUp`), or below one, that is not cut off but takes a
/// number one further away from zero; none: all is cut off.
static std::optional<double> leastCarried(nn::RoundingMode rounding, bool isUp) {
  constexpr double leastPart = 0x1p-125; // what is nearer to 0 was flushed
  switch (rounding) {
  case nn::RoundingMode::HalfAway:
    return 0.5;
  case nn::RoundingMode::HalfToZero:
    return 0x1.000002p-1; // the float behind a half
  case nn::RoundingMode::Away:
    return leastPart;
  case nn::RoundingMode::Ceil:
    return isUp ? std::optional(leastPart) : std::nullopt;
  case nn::RoundingMode::Floor:
    return isUp ? std::nullopt : std::optional(leastPart);
  case nn::RoundingMode::ToZero:
    return std::nullopt;
  case nn::RoundingMode::HalfEven:
    break;
  }
  llvm_unreachable("what is cut off does not decide alone");
}

/// The same by another rule; what is cut off is exact.
static Value roundByRest(FloatMath &m, Value x, Value zero, nn::RoundingMode rounding) {
  ImplicitLocOpBuilder &b = m.builder();
  Value whole = b.create<arith::FPToSIOp>(m.bitsType(), x);
  Value rest = m.sub(x, b.create<arith::SIToFPOp>(m.floatType(), whole));
  auto carried = [&](arith::CmpFPredicate predicate, double least) -> Value { // 0 or -1
    Value carries = m.compare(predicate, rest, m.number(least));
    return b.create<arith::ExtSIOp>(m.bitsType(), carries);
  };
  if (auto least = leastCarried(rounding, true))
    whole = b.create<arith::SubIOp>(whole, carried(arith::CmpFPredicate::OGE, *least));
  if (auto least = leastCarried(rounding, false))
    whole = b.create<arith::AddIOp>(whole, carried(arith::CmpFPredicate::OLE, -*least));
  return b.create<arith::AddIOp>(whole, zero);
}

/// round(clamp(x)) + zero, as elements of nn type `element`.
static Value roundInto(FloatMath &m, KernelEmitter &e, Value x, Value zero, Type element,
                       nn::RoundingMode rounding) {
  ImplicitLocOpBuilder &b = e.builder();
  auto [least, most] = nn::integerRange(element);
  auto bound = [&](int64_t end) -> Value { // exact: less than 2^17
    Value distance = b.create<arith::SubIOp>(m.integer(end), zero);
    return b.create<arith::SIToFPOp>(m.floatType(), distance);
  };
  Value low = bound(least), high = bound(most);
  Value t = m.select(m.compare(arith::CmpFPredicate::OGT, x, low), x, low); // NaN: the least
  t = m.select(m.compare(arith::CmpFPredicate::OGT, high, t), t, high);
  Value sum = rounding == nn::RoundingMode::HalfEven ? roundHalfEven(m, t, zero)
                                                     : roundByRest(m, t, zero, rounding);
  Type stored = sameLanes(sum.getType(), registerType(element));
  return b.create<arith::TruncIOp>(stored, sum);
}

/// clamp(x) + zero of integers, as elements of nn type `element`.
static Value clampInto(KernelEmitter &e, Value x, Value zero, Type element) {
  ImplicitLocOpBuilder &b = e.builder();
  if (element.isInteger(32))
    return e.intrinsic("llvm.sadd.sat", x.getType(), {x, zero});
  auto [least, most] = nn::integerRange(element);
  auto bound = [&](int64_t end) -> Value {
    return b.create<arith::SubIOp>(e.splatInteger(x.getType(), end), zero);
  };
  x = b.create<arith::MaxSIOp>(x, bound(least));
  x = b.create<arith::MinSIOp>(x, bound(most));
  Type stored = sameLanes(x.getType(), registerType(element));
  return b.create<arith::TruncIOp>(stored, b.create<arith::AddIOp>(x, zero));
}

//===----------------------------------------------------------------------===//
// Short cuts: the same bits with less
//===----------------------------------------------------------------------===//

static bool hasModerateScale(Operation *op) { return op->hasAttr(nn::moderateScaleAttr); }

bool isFlooredByQuantize(Value v) {
  return llvm::all_of(v.getUsers(), [](Operation *user) {
    if (auto quantize = dyn_cast<nn::QuantizeOp>(user)) // less than half a step is as good as none
      return hasModerateScale(user) && !isDirected(quantize.getRounding());
    return isa<nn::ReluOp>(user) && isFlooredByQuantize(user->getResult(0));
  });
}

/// x / scale for a moderate scale. The reciprocal is the same for all elements, so that loops keep
/// it; one multiplication and two fused ones then round as the division does (Markstein 1990,
/// Theorem 1; Brisebarre, Muller, Raina 2004, section 1). Only quotients that are rounded to a
/// level matter: those near 0 and far above need not be exact.
static Value divideByScale(FloatMath &m, Value x, Value scale) {
  Value reciprocal = m.div(m.number(1.0), scale);
  Value most = m.mul(m.number(0x1p20), scale); // beyond all levels; infinity must not get through
  x = m.select(m.less(most, x), most, x);
  Value quotient = m.mul(x, reciprocal);
  Value rest = m.fma(m.negate(quotient), scale, x);
  return m.fma(rest, reciprocal, quotient);
}

/// float(q - zero) where `q` is what roundInto() made with the same zero point: the float that it
/// rounded. Null: it is not.
static Value roundedFloat(FloatMath &m, Value q, Value zero) {
  auto stored = q.getDefiningOp<arith::TruncIOp>();
  auto sum = stored ? stored.getIn().getDefiningOp<arith::AddIOp>() : arith::AddIOp();
  auto bits = sum ? sum.getLhs().getDefiningOp<arith::BitcastOp>() : arith::BitcastOp();
  auto shift = sum ? sum.getRhs().getDefiningOp<arith::SubIOp>() : arith::SubIOp();
  auto same = [](Value a, Value b) { // extended twice, perhaps
    auto x = a.getDefiningOp(), y = b.getDefiningOp();
    return a == b || (x && y && isa<arith::ExtSIOp, arith::ExtUIOp>(x) &&
                      x->getName() == y->getName() && x->getOperand(0) == y->getOperand(0));
  };
  if (!bits || bits.getIn().getType() != m.floatType() || !shift || !same(shift.getLhs(), zero))
    return {};
  return m.sub(bits.getIn(), m.number(roundingMagic));
}

//===----------------------------------------------------------------------===//
// Four registers at a time
//===----------------------------------------------------------------------===//

/// A vector of four registers as those.
static SmallVector<Value> quarters(KernelEmitter &e, Value v) {
  int64_t lanes = e.lanes();
  return llvm::map_to_vector(llvm::seq<int64_t>(0, 4), [&](int64_t i) -> Value {
    return e.builder().create<vector::ShuffleOp>(
        v, v, llvm::to_vector(llvm::seq<int64_t>(i * lanes, (i + 1) * lanes)));
  });
}

/// clamp(x) + zero for the integers of four registers, which saturating packs narrow and clamp in
/// one go.
static Value packBytes(KernelEmitter &e, ArrayRef<Value> x, Value zero, Type element) {
  ImplicitLocOpBuilder &b = e.builder();
  int64_t lanes = e.lanes();
  Type words = VectorType::get(2 * lanes, b.getI16Type()),
       bytes = VectorType::get(4 * lanes, b.getI8Type());
  SmallVector<Value> zeros = quarters(e, zero);
  auto pack = [&](Value low, Value high) {
    return e.intrinsic("llvm.x86.avx512.packssdw.512", words, {low, high});
  };
  auto shifted = [&](int64_t i) {
    return e.intrinsic("llvm.sadd.sat", words,
                       {pack(x[i], x[i + 1]), pack(zeros[i], zeros[i + 1])});
  };
  StringRef narrow =
      element.isUnsignedInteger() ? "llvm.x86.avx512.packuswb.512" : "llvm.x86.avx512.packsswb.512";
  Value packed = e.intrinsic(narrow, bytes, {shifted(0), shifted(2)});
  // Packs work on each quarter of a register: dword 4q + i holds dword q of part i.
  Type dwords = VectorType::get(lanes, b.getI32Type());
  Value mixed = b.create<LLVM::BitcastOp>(dwords, packed);
  SmallVector<int64_t> order;
  for (int64_t i = 0; i < 4; ++i)
    for (int64_t q = 0; q < 4; ++q)
      order.push_back(4 * q + i);
  return b.create<LLVM::BitcastOp>(bytes, b.create<vector::ShuffleOp>(mixed, mixed, order));
}

/// Are the integers only looked at to see what they stand for?
static bool isOnlyDequantized(Operation *op) {
  return llvm::all_of(op->getUsers(), llvm::IsaPred<nn::DequantizeOp>);
}

/// The same as roundInto for the accumulators of four registers.
static Value roundAndPack(FloatMath &m, KernelEmitter &e, Value x, Value zero, Type element) {
  ImplicitLocOpBuilder &b = e.builder();
  Type integers = VectorType::get(e.lanes(), b.getI32Type());
  // What is above no int32 can hold. Of what is below, and of NaN, the conversion makes the
  // least one, which they are to become.
  Value most = m.number(0x1p30);
  x = m.select(m.compare(arith::CmpFPredicate::OLT, most, x), most, x);
  SmallVector<Value> rounded;
  for (Value part : quarters(e, x)) // to nearest even in the mode that the entry functions set
    rounded.push_back(
        e.intrinsic("llvm.x86.avx512.mask.cvtps2dq.512", integers,
                    {part, e.splatInteger(integers, 0), e.splatInteger(b.getI16Type(), -1),
                     e.splatInteger(b.getI32Type(), 4)}));
  return packBytes(e, rounded, zero, element);
}

/// Is `v` a vector of four registers, whose results `op` narrows together?
static bool isPacked(Operation *op, Value v, KernelEmitter &e) {
  auto vector = dyn_cast<VectorType>(v.getType());
  return vector && vector.getNumElements() == 4 * e.lanes() && narrowsFourRegisters(op, e.target());
}

bool narrowsFourRegisters(Operation *op, const TargetModel &target) {
  auto quantize = dyn_cast<nn::QuantizeOp>(op);
  bool isEven = isa<nn::RequantizeOp>(op) ||
                (quantize && quantize.getRounding() == nn::RoundingMode::HalfEven);
  return (isEven || isa<nn::RescaleOp>(op)) && !isOnlyDequantized(op) &&
         target.hasSaturatingPacks && target.vectorBits == 512 &&
         getElementTypeOrSelf(op->getResult(0).getType()).getIntOrFloatBitWidth() == 8;
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

/// The element type of a tensor, or the type of a scalar of it.
static Type elementOf(Value v) { return getElementTypeOrSelf(v.getType()); }

/// round(clamp(x)) + zero, however many registers `x` fills.
static Value roundResult(FloatMath &m, KernelEmitter &e, Operation *op, Value x, Value zero,
                         nn::RoundingMode rounding = nn::RoundingMode::HalfEven) {
  Type element = elementOf(op->getResult(0));
  return isPacked(op, x, e) ? roundAndPack(m, e, x, zero, element)
                            : roundInto(m, e, x, zero, element, rounding);
}

static Value emitQuantize(nn::QuantizeOp op, ValueRange v, KernelEmitter &e) {
  Value zero = toWords(e, v[2], elementOf(op.getZeroPoint()));
  FloatMath m(e, v[0].getType());
  nn::RoundingMode rounding = op.getRounding();
  bool isNearZeroSame = !isDirected(rounding);
  bool isModerate = hasModerateScale(op) && e.target().hasFma && isNearZeroSame;
  Value x = isModerate ? divideByScale(m, v[0], v[1]) : m.div(v[0], v[1]);
  return roundResult(m, e, op, isNearZeroSame ? x : m.floorResult(x), zero, rounding);
}

static Value emitDequantize(nn::DequantizeOp op, ValueRange v, KernelEmitter &e) {
  ImplicitLocOpBuilder &b = e.builder();
  Value zero = toWords(e, v[2], elementOf(op.getZeroPoint()));
  FloatMath m(e, sameLanes(v[0].getType(), b.getF32Type()));
  Value x = roundedFloat(m, v[0], zero);
  if (!x)
    x = b.create<arith::SIToFPOp>(
        m.floatType(), b.create<arith::SubIOp>(toWords(e, v[0], elementOf(op.getInput())), zero));
  Value product = m.mul(x, v[1]);
  return hasModerateScale(op) ? product : m.floorResult(product);
}

static Value emitRequantize(nn::RequantizeOp op, ValueRange v, KernelEmitter &e) {
  ImplicitLocOpBuilder &b = e.builder();
  Value zero = toWords(e, v[2], elementOf(op.getZeroPoint()));
  FloatMath m(e, sameLanes(v[0].getType(), b.getF32Type()));
  Value x = m.mul(b.create<arith::SIToFPOp>(m.floatType(), v[0]), v[1]);
  return roundResult(m, e, op, x, zero);
}

static Value emitRescale(nn::RescaleOp op, ValueRange v, KernelEmitter &e) {
  Type element = elementOf(op.getResult());
  Value zero = toWords(e, v[3], element);
  if (!isPacked(op, v[0], e))
    return clampInto(e, emitScaled(op, v[0], v[1], v[2], e), zero, element);
  SmallVector<Value> scaled;
  for (auto [x, multiplier, shift] :
       llvm::zip_equal(quarters(e, v[0]), quarters(e, v[1]), quarters(e, v[2])))
    scaled.push_back(emitScaled(op, x, multiplier, shift, e));
  return packBytes(e, scaled, zero, element);
}

static Value emitProportion(nn::ProportionOp op, ValueRange v, KernelEmitter &e) {
  Value zero = toWords(e, v[2], elementOf(op.getZeroPoint()));
  return clampInto(e, emitQuotient(op, v[0], v[1], e), zero, elementOf(op.getResult()));
}

Value emitQuantization(Operation *op, ValueRange v, KernelEmitter &e) {
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case([&](nn::QuantizeOp q) { return emitQuantize(q, v, e); })
      .Case([&](nn::DequantizeOp q) { return emitDequantize(q, v, e); })
      .Case([&](nn::RequantizeOp q) { return emitRequantize(q, v, e); })
      .Case([&](nn::RescaleOp q) { return emitRescale(q, v, e); })
      .Case([&](nn::ProportionOp q) { return emitProportion(q, v, e); })
      .Case([&](nn::LookupOp q) { return emitLookup(q, v[0], e); })
      .Default(Value());
}

} // namespace nnc
