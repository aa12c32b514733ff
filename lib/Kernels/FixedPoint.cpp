//===- FixedPoint.cpp - Scaled integers, tables and quotients ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FixedPoint.h"

#include "FloatMath.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace nnc {

namespace {

/// Short names for arithmetic on integers of one type.
class IntegerMath {
public:
  IntegerMath(KernelEmitter &e, Type type) : e(e), b(e.builder()), type(type) {}

  Value number(int64_t n) { return e.splatInteger(type, n); }
  Value add(Value a, Value c) { return b.create<arith::AddIOp>(a, c); }
  Value sub(Value a, Value c) { return b.create<arith::SubIOp>(a, c); }
  Value mul(Value a, Value c) { return b.create<arith::MulIOp>(a, c); }
  Value bitAnd(Value a, Value c) { return b.create<arith::AndIOp>(a, c); }
  Value bitOr(Value a, Value c) { return b.create<arith::OrIOp>(a, c); }
  Value bitXor(Value a, Value c) { return b.create<arith::XOrIOp>(a, c); }
  Value shl(Value a, Value c) { return b.create<arith::ShLIOp>(a, c); }
  Value shr(Value a, Value c) { return b.create<arith::ShRUIOp>(a, c); }
  Value sar(Value a, Value c) { return b.create<arith::ShRSIOp>(a, c); }
  Value max(Value a, Value c) { return b.create<arith::MaxSIOp>(a, c); }
  Value min(Value a, Value c) { return b.create<arith::MinSIOp>(a, c); }
  /// What of `range` is nearest to `a`.
  Value within(Value a, std::pair<int64_t, int64_t> range) {
    return min(max(a, number(range.first)), number(range.second));
  }
  /// All bits where a > c, else none.
  Value greater(Value a, Value c) {
    return b.create<arith::ExtSIOp>(type, b.create<arith::CmpIOp>(CmpIPredicate::sgt, a, c));
  }

private:
  KernelEmitter &e;
  ImplicitLocOpBuilder &b;
  Type type;
};

/// Lanes of i32 taken as i64: the even ones, and the odd ones, whose products with one another
/// one instruction finds. A scalar, or a vector with an odd number of lanes, is widened as a whole.
class WideLanes {
public:
  WideLanes(KernelEmitter &e, Type narrow) : e(e), b(e.builder()), narrow(narrow) {
    auto vector = dyn_cast<VectorType>(narrow);
    isSplit = vector && vector.getNumElements() % 2 == 0;
    wide = isSplit ? VectorType::get(vector.getNumElements() / 2, b.getI64Type())
                   : sameLanes(narrow, b.getI64Type());
  }

  Type type() const { return wide; }
  unsigned parts() const { return isSplit ? 2 : 1; }

  /// Part `i` of `v`, its lanes extended.
  Value part(Value v, unsigned i, bool isSigned) {
    if (!isSplit)
      return isSigned ? b.create<arith::ExtSIOp>(wide, v).getResult()
                      : b.create<arith::ExtUIOp>(wide, v).getResult();
    IntegerMath m(e, wide);
    Value bits = b.create<vector::BitCastOp>(wide, v), half = m.number(32);
    if (i == 0 && !isSigned)
      return m.bitAnd(bits, m.number(UINT32_MAX));
    if (i == 0)
      bits = m.shl(bits, half);
    return isSigned ? m.sar(bits, half) : m.shr(bits, half);
  }

  /// The low words of all parts in their old places.
  Value low(ArrayRef<Value> values) { return collect(values, 0, 0); }
  /// Words 31 bits up: of the odd lanes they stand in their places once doubled.
  Value above31(ArrayRef<Value> values) {
    IntegerMath m(e, wide);
    Value even = m.shr(values[0], m.number(31));
    return collect({even, isSplit ? m.shl(values[1], m.number(1)) : even}, 0, 1);
  }

private:
  /// The even lanes' words `even`, the odd ones' words `odd`.
  Value collect(ArrayRef<Value> values, int64_t even, int64_t odd) {
    if (!isSplit)
      return b.create<arith::TruncIOp>(narrow, values[0]);
    SmallVector<int64_t> order;
    int64_t lanes = cast<VectorType>(narrow).getNumElements();
    for (int64_t i = 0; i < lanes; i += 2)
      llvm::append_range(order, ArrayRef<int64_t>{i + even, lanes + i + odd});
    return b.create<vector::ShuffleOp>(b.create<vector::BitCastOp>(narrow, values[0]),
                                       b.create<vector::BitCastOp>(narrow, values[1]), order);
  }

  KernelEmitter &e;
  ImplicitLocOpBuilder &b;
  Type narrow, wide;
  bool isSplit;
};

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
  constexpr float magic = 0x1.8p23f; // whose last bit counts 1
  Value scale =
      f.div(f.number(std::ldexp(1.0, shift)), b.create<arith::SIToFPOp>(f.floatType(), sum));
  Value guess = f.mul(b.create<arith::SIToFPOp>(f.floatType(), x), scale);
  guess = f.select(f.less(guess, f.number(0x1p20)), guess, f.number(0x1p20));
  IntegerMath n(e, x.getType());
  Value quotient =
      n.sub(f.toBits(f.add(guess, f.number(magic))), n.number(llvm::bit_cast<int32_t>(magic)));

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
  case nn::Rounding::Once:
    return scaledOnce(e, x, multiplier, shift);
  case nn::Rounding::Twice:
    return scaledTwice(e, x, multiplier, shift);
  case nn::Rounding::Away:
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

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

/// Lanes [from, from + lanes) of `v`; lanes beyond its end are any.
static Value slice(KernelEmitter &e, Value v, int64_t from, int64_t lanes) {
  int64_t count = cast<VectorType>(v.getType()).getNumElements();
  SmallVector<int64_t> order;
  for (int64_t i = from; i < from + lanes; ++i)
    order.push_back(std::min(i, count - 1));
  return e.builder().create<vector::ShuffleOp>(v, v, order);
}

/// One register of indices into a table whose size is a power of two; of an index that many low
/// bits count. Each permutation looks up in as many numbers as registers hold (AVX-512: two
/// registers); bit by bit of the index one half of what was found is taken.
static Value lookupRegister(KernelEmitter &e, ArrayRef<int32_t> table, Value index) {
  ImplicitLocOpBuilder &b = e.builder();
  auto type = cast<VectorType>(index.getType());
  int64_t lanes = type.getNumElements(), size = static_cast<int64_t>(table.size());
  unsigned bits = e.target().vectorBits;
  IntegerMath m(e, type);
  auto part = [&](int64_t from) -> Value {
    return b.create<arith::ConstantOp>(
        DenseElementsAttr::get(type, table.slice(static_cast<size_t>(from), lanes)));
  };
  SmallVector<Value> found;
  int64_t each = bits >= 256 ? lanes : 1;
  if (bits == 512 && size > lanes)
    each = 2 * lanes;
  for (int64_t i = 0; i < size; i += each) {
    if (each == 1)
      found.push_back(m.number(table[i]));
    else if (each > lanes)
      found.push_back(
          e.intrinsic("llvm.x86.avx512.vpermi2var.d.512", type, {part(i), index, part(i + lanes)}));
    else
      found.push_back(
          e.intrinsic(bits == 512 ? "llvm.x86.avx512.permvar.si.512" : "llvm.x86.avx2.permd", type,
                      {part(i), index}));
  }
  for (int64_t bit = each; bit < size; bit *= 2) {
    Value isSet =
        b.create<arith::CmpIOp>(CmpIPredicate::ne, m.bitAnd(index, m.number(bit)), m.number(0));
    for (size_t i = 0; i < found.size() / 2; ++i)
      found[i] = b.create<arith::SelectOp>(isSet, found[2 * i + 1], found[2 * i]);
    found.resize(found.size() / 2);
  }
  return found.front();
}

/// The number that the table counts in, 2^bits, if its elements are the rounded products of those
/// whose index has no low and no high four bits: exponentials are. Else none.
static std::optional<int> findFactors(ArrayRef<int32_t> table) {
  if (table[0] < 2 || !llvm::isPowerOf2_32(static_cast<uint32_t>(table[0])))
    return std::nullopt;
  auto bits = static_cast<int>(llvm::Log2_32(static_cast<uint32_t>(table[0])));
  for (size_t i = 0; i < table.size(); ++i) {
    int64_t coarse = table[i & 0xF0], fine = table[i & 0x0F];
    if (coarse < 0 || fine < 0 || (coarse * fine + (table[0] / 2)) >> bits != table[i])
      return std::nullopt;
  }
  return bits;
}

static Value lookupFactors(KernelEmitter &e, ArrayRef<int32_t> table, int bits, Value index) {
  SmallVector<int32_t> coarse;
  for (size_t i = 0; i < table.size(); i += 16)
    coarse.push_back(table[i]);
  IntegerMath narrow(e, index.getType());
  Value high = lookupRegister(e, coarse, narrow.shr(index, narrow.number(4))),
        low = lookupRegister(e, table.take_front(16), index);
  WideLanes lanes(e, index.getType());
  IntegerMath m(e, lanes.type());
  SmallVector<Value> products;
  for (unsigned i = 0; i < lanes.parts(); ++i) {
    Value product = m.mul(lanes.part(high, i, false), lanes.part(low, i, false));
    products.push_back(m.shr(m.add(product, m.number(table[0] / 2)), m.number(bits)));
  }
  return lanes.low(products);
}

static Value lookupPart(KernelEmitter &e, ArrayRef<int32_t> table, Value index) {
  std::optional<int> bits = findFactors(table);
  return bits ? lookupFactors(e, table, *bits, index) : lookupRegister(e, table, index);
}

Value emitLookup(nn::LookupOp op, Value index, KernelEmitter &e) {
  ImplicitLocOpBuilder &b = e.builder();
  int64_t lanes = e.lanes();
  auto vector = dyn_cast<VectorType>(index.getType());
  if (!vector) {
    Value wide = e.splat(VectorType::get(lanes, index.getType()), index);
    return b.create<vector::ExtractOp>(lookupPart(e, op.getTable(), wide), 0);
  }
  SmallVector<Value> parts;
  for (int64_t from = 0; from < vector.getNumElements(); from += lanes)
    parts.push_back(lookupPart(e, op.getTable(), slice(e, index, from, lanes)));
  Value all = parts.front();
  for (size_t i = 1; i < parts.size(); ++i) {
    int64_t have = static_cast<int64_t>(i) * lanes;
    SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, have));
    llvm::append_range(order, llvm::seq<int64_t>(have, have + lanes));
    Value next = slice(e, parts[i], 0, have);
    all = b.create<vector::ShuffleOp>(all, next, order);
  }
  return slice(e, all, 0, vector.getNumElements());
}

} // namespace nnc
