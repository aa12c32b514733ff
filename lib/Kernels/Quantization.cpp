//===- Quantization.cpp - Between integers and what they stand for --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quantization.h"

#include "FloatMath.h"
#include "dialects/NN/NNOps.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

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

/// 1.5 * 2^23, where the last bit of a float counts 1: a sum with it is rounded to an integer,
/// ties to even, which stands in its low bits.
constexpr float roundingMagic = 0x1.8p23f;

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
  Value rounded = m.toBits(m.add(t, m.number(roundingMagic)));
  Value shift = b.create<arith::SubIOp>(zero, m.integer(llvm::bit_cast<int32_t>(roundingMagic)));
  Value sum = b.create<arith::AddIOp>(rounded, shift);
  Type stored = sameLanes(sum.getType(), registerType(element));
  return b.create<arith::TruncIOp>(stored, sum);
}

//===----------------------------------------------------------------------===//
// Short cuts: the same bits with less
//===----------------------------------------------------------------------===//

static bool hasModerateScale(Operation *op) { return op->hasAttr(nn::moderateScaleAttr); }

bool isFlooredByQuantize(Value v) {
  return llvm::all_of(v.getUsers(), [](Operation *user) {
    if (isa<nn::QuantizeOp>(user)) // what is below the floor is less than half a step
      return hasModerateScale(user);
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

/// A call of x86's `name`.
static Value callIntrinsic(KernelEmitter &e, StringRef name, Type type, ValueRange operands) {
  return e.builder()
      .create<LLVM::CallIntrinsicOp>(type, e.builder().getStringAttr(name), operands)
      .getResult(0);
}

/// The same as roundInto for the accumulators of four registers, which saturating packs narrow
/// and clamp in one go.
static Value roundAndPack(FloatMath &m, KernelEmitter &e, Value x, Value zero, Type element) {
  ImplicitLocOpBuilder &b = e.builder();
  int64_t lanes = e.lanes();
  Type words = VectorType::get(2 * lanes, b.getI16Type()),
       bytes = VectorType::get(4 * lanes, b.getI8Type()),
       integers = VectorType::get(lanes, b.getI32Type());
  auto part = [&](Value v, int64_t i) -> Value {
    return b.create<vector::ShuffleOp>(
        v, v, llvm::to_vector(llvm::seq<int64_t>(i * lanes, (i + 1) * lanes)));
  };
  // What is above no int32 can hold. Of what is below, and of NaN, the conversion makes the
  // least one, which they are to become.
  Value most = m.number(0x1p30);
  x = m.select(m.compare(arith::CmpFPredicate::OLT, most, x), most, x);
  SmallVector<Value> rounded, zeros;
  for (int64_t i = 0; i < 4; ++i) {
    // Rounds to nearest even in the mode that the entry functions set.
    rounded.push_back(
        callIntrinsic(e, "llvm.x86.avx512.mask.cvtps2dq.512", integers,
                      {part(x, i), e.splatInteger(integers, 0), e.splatInteger(b.getI16Type(), -1),
                       e.splatInteger(b.getI32Type(), 4)}));
    zeros.push_back(part(zero, i));
  }
  auto pack = [&](Value low, Value high) {
    return callIntrinsic(e, "llvm.x86.avx512.packssdw.512", words, {low, high});
  };
  auto shifted = [&](int64_t i) {
    return callIntrinsic(e, "llvm.sadd.sat", words,
                         {pack(rounded[i], rounded[i + 1]), pack(zeros[i], zeros[i + 1])});
  };
  StringRef narrow =
      element.isUnsignedInteger() ? "llvm.x86.avx512.packuswb.512" : "llvm.x86.avx512.packsswb.512";
  Value packed = callIntrinsic(e, narrow, bytes, {shifted(0), shifted(2)});
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

bool narrowsFourRegisters(Operation *op, const TargetModel &target) {
  return isa<nn::QuantizeOp, nn::RequantizeOp>(op) && !isOnlyDequantized(op) &&
         target.hasSaturatingPacks && target.vectorBits == 512 &&
         getElementTypeOrSelf(op->getResult(0).getType()).getIntOrFloatBitWidth() == 8;
}

Value emitQuantization(Operation *op, ValueRange v, KernelEmitter &e) {
  ImplicitLocOpBuilder &b = e.builder();
  auto elementOf = [&](unsigned i) { return getElementTypeOrSelf(op->getOperand(i).getType()); };
  if (!isa<nn::QuantizeOp, nn::DequantizeOp, nn::RequantizeOp>(op))
    return {};
  FloatMath m(e, sameLanes(v[0].getType(), b.getF32Type()));
  Value zero = toWords(e, v[2], elementOf(2));
  if (isa<nn::DequantizeOp>(op)) {
    Value x = roundedFloat(m, v[0], zero);
    if (!x)
      x = b.create<arith::SIToFPOp>(m.floatType(),
                                    b.create<arith::SubIOp>(toWords(e, v[0], elementOf(0)), zero));
    Value product = m.mul(x, v[1]);
    return hasModerateScale(op) ? product : m.floorResult(product);
  }
  Value x;
  if (isa<nn::RequantizeOp>(op))
    x = m.mul(b.create<arith::SIToFPOp>(m.floatType(), v[0]), v[1]);
  else
    x = hasModerateScale(op) && e.target().hasFma ? divideByScale(m, v[0], v[1])
                                                  : m.div(v[0], v[1]);
  Type element = getElementTypeOrSelf(op->getResult(0).getType());
  auto vector = dyn_cast<VectorType>(v[0].getType());
  bool isWide = vector && vector.getNumElements() == 4 * e.lanes();
  return isWide && narrowsFourRegisters(op, e.target()) ? roundAndPack(m, e, x, zero, element)
                                                        : roundInto(m, e, x, zero, element);
}

} // namespace nnc
