//===- FixedPoint.cpp - NumericSpec 9, fixed point -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ElementTypes.h"
#include "Ops.h"
#include "RowWalk.h"

#include "llvm/ADT/bit.h"

#include <algorithm>

using namespace mlir;
using namespace nnc;
using namespace nnc::interpreter;

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

/// n / 2^bits, half up.
static int64_t shiftHalfUp(int64_t n, int bits) {
  return bits == 0 ? n : (n + (int64_t(1) << (bits - 1))) >> bits;
}

/// n / 2^bits, half away from zero.
static int64_t shiftHalfAway(int64_t n, int bits) {
  return n < 0 ? -shiftHalfUp(-n, bits) : shiftHalfUp(n, bits);
}

/// a * b / 2^31 half up: gemmlowp's doubling high product.
static int32_t highProduct(int32_t a, int32_t b) {
  return static_cast<int32_t>(shiftHalfUp(int64_t(a) * b, 31));
}

/// What of `range` is nearest to `n`.
static int64_t within(int64_t n, std::pair<int64_t, int64_t> range) {
  return std::clamp(n, range.first, range.second);
}

/// An int32, which wraps.
static int32_t rescaleOne(int32_t x, int32_t multiplier, int32_t shift,
                          nn::RescaleRounding rounding) {
  multiplier = std::max(multiplier, 0);
  shift = static_cast<int32_t>(within(shift, nn::RescaleOp::shiftRange()));
  switch (rounding) {
  case nn::RescaleRounding::Once:
    return static_cast<int32_t>(shiftHalfUp(int64_t(x) * multiplier, shift));
  case nn::RescaleRounding::HalfAway:
    return static_cast<int32_t>(shiftHalfAway(int64_t(x) * multiplier, shift));
  case nn::RescaleRounding::Twice:
    if (shift < 31) // wraps as int32 does
      x = static_cast<int32_t>(static_cast<uint32_t>(x) << (31 - shift));
    return static_cast<int32_t>(shiftHalfAway(highProduct(x, multiplier), std::max(shift - 31, 0)));
  }
  llvm_unreachable("a rounding without a rule");
}

/// x * 2^shift / sum, half to even.
static int64_t divideHalfEven(int64_t x, int64_t sum, int shift) {
  int64_t n = x << shift, quotient = n / sum, rest = n % sum, left = sum - rest;
  return quotient + (rest > left || (rest == left && (quotient & 1)));
}

namespace {
/// 2^31 / (1 + x) and how far the sum was from 1, in bits.
struct Reciprocal {
  int32_t mantissa;
  int bitsOverUnit;
};
} // namespace

/// gemmlowp's reciprocal of a sum that counts 2^-19: three steps of Newton from 48/17 - 32/17 d,
/// with d in [1/2, 1) counting 2^-31 and the estimate 2^-29.
static Reciprocal reciprocalOf(uint32_t sum) {
  int zeros = llvm::countl_zero(sum);
  auto half = static_cast<int32_t>((sum << zeros) >> 1);
  int32_t x = 1515870810 + highProduct(half, -1010580540);
  for (int i = 0; i < 3; ++i)
    x += highProduct(x, (1 << 29) - highProduct(half, x)) * 4;
  int64_t mantissa = std::min<int64_t>(int64_t(x) * 2, INT32_MAX);
  return {static_cast<int32_t>(mantissa), 12 - zeros};
}

static int64_t divideByReciprocal(int32_t x, int64_t sum, int shift) {
  Reciprocal r = reciprocalOf(static_cast<uint32_t>(sum));
  return shiftHalfAway(highProduct(x, r.mantissa), r.bitsOverUnit + 31 - shift);
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

/// clamp(r) + zero in the range of an element type.
static int64_t clampInto(Type element, int64_t r, int64_t zero) {
  auto [least, most] = nn::integerRange(element);
  return std::clamp(r, least - zero, most - zero) + zero;
}

namespace nnc::interpreter {

Tensor rescale(const Tensor &x, const Tensor &multiplier, const Tensor &shift,
               const Tensor &zeroPoint, nn::RescaleRounding rounding, RankedTensorType type) {
  Tensor out(type);
  ArrayRef<int64_t> shape = out.getShape();
  RowWalk<3> walk(shape, {broadcastStrides(multiplier.getShape(), shape),
                          broadcastStrides(shift.getShape(), shape),
                          broadcastStrides(zeroPoint.getShape(), shape)});
  const int32_t *in = x.elements<int32_t>().data();
  const int32_t *multipliers = multiplier.elements<int32_t>().data();
  const int32_t *shifts = shift.elements<int32_t>().data();
  bool defined = visitNumber(type.getElementType(), [&](auto zero) {
    using Q = decltype(zero);
    const Q *zeros = zeroPoint.elements<Q>().data();
    Q *result = out.mutableElements<Q>().data();
    walk.forEachRow([&](int64_t first, auto at, int64_t count, auto step) {
      for (int64_t i = 0; i < count; ++i) {
        int64_t r = rescaleOne(in[first + i], multipliers[at[0] + i * step[0]],
                               shifts[at[1] + i * step[1]], rounding);
        result[first + i] = static_cast<Q>(
            clampInto(type.getElementType(), r, static_cast<int64_t>(zeros[at[2] + i * step[2]])));
      }
    });
  });
  return defined ? out : Tensor();
}

Tensor proportion(nn::ProportionOp op, const Tensor &x, const Tensor &sum,
                  const Tensor &zeroPoint) {
  RankedTensorType type = op.getType();
  Tensor out(type);
  ArrayRef<int64_t> shape = out.getShape();
  RowWalk<2> walk(shape, {broadcastStrides(sum.getShape(), shape),
                          broadcastStrides(zeroPoint.getShape(), shape)});
  const int32_t *in = x.elements<int32_t>().data();
  const int64_t *sums = sum.elements<int64_t>().data();
  auto shift = static_cast<int>(op.getShift());
  bool isExact = op.getDivision() == nn::Division::HalfEven;
  bool defined = visitNumber(type.getElementType(), [&](auto zero) {
    using Q = decltype(zero);
    const Q *zeros = zeroPoint.elements<Q>().data();
    Q *result = out.mutableElements<Q>().data();
    walk.forEachRow([&](int64_t first, auto at, int64_t count, auto step) {
      for (int64_t i = 0; i < count; ++i) {
        int64_t n = within(in[first + i], op.inputRange());
        int64_t s = within(sums[at[0] + i * step[0]], op.sumRange());
        int64_t r = isExact ? divideHalfEven(n, s, shift)
                            : divideByReciprocal(static_cast<int32_t>(n), s, shift);
        result[first + i] = static_cast<Q>(
            clampInto(type.getElementType(), r, static_cast<int64_t>(zeros[at[1] + i * step[1]])));
      }
    });
  });
  return defined ? out : Tensor();
}

} // namespace nnc::interpreter
