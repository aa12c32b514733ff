//===- Quantization.cpp - NumericSpec 9 ----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Arithmetic.h"
#include "ElementTypes.h"
#include "Ops.h"
#include "RowWalk.h"
#include "nnc/Interpreter/Interpreter.h"

#include <cmath>

using namespace mlir;
using namespace nnc;
using namespace nnc::interpreter;

/// out = fn(x, scale, zero point) on elements of types In, float and Zero.
template <typename In, typename Zero, typename Out, typename Fn>
static void forEachQuantized(const Tensor &x, const Tensor &scale, const Tensor &zeroPoint,
                             Tensor &out, Fn fn) {
  ArrayRef<int64_t> shape = out.getShape();
  RowWalk<2> walk(shape, {broadcastStrides(scale.getShape(), shape),
                          broadcastStrides(zeroPoint.getShape(), shape)});
  const In *in = x.elements<In>().data();
  const float *scales = scale.elements<float>().data();
  const Zero *zeros = zeroPoint.elements<Zero>().data();
  Out *result = out.mutableElements<Out>().data();
  walk.forEachRow([&](int64_t first, auto at, int64_t count, auto step) {
    for (int64_t i = 0; i < count; ++i)
      result[first + i] =
          fn(in[first + i], scales[at[0] + i * step[0]], zeros[at[1] + i * step[1]]);
  });
}

float interpreter::roundTo(nn::RoundingMode rounding, float t) {
  switch (rounding) {
  case nn::RoundingMode::HalfEven:
    return std::nearbyint(t);
  case nn::RoundingMode::HalfAway:
    return std::round(t);
  case nn::RoundingMode::HalfToZero:
    return std::fabs(t - std::trunc(t)) > 0.5f ? std::round(t) : std::trunc(t);
  case nn::RoundingMode::Away:
    return t < 0 ? std::floor(t) : std::ceil(t);
  case nn::RoundingMode::ToZero:
    return std::trunc(t);
  case nn::RoundingMode::Ceil:
    return std::ceil(t);
  case nn::RoundingMode::Floor:
    return std::floor(t);
  }
  llvm_unreachable("a rounding mode without a rule");
}

/// round(clamp(x)) + zero.
static int64_t roundInto(nn::IntegerRange range, float x, int64_t zero,
                         nn::RoundingMode rounding = nn::RoundingMode::HalfEven) {
  auto least = static_cast<float>(range.least - zero);
  auto most = static_cast<float>(range.most - zero);
  float t = x > least ? x : least;
  t = most > t ? t : most;
  return static_cast<int64_t>(interpreter::roundTo(rounding, t)) + zero;
}

namespace nnc::interpreter {

Tensor quantize(const Tensor &x, const Tensor &scale, const Tensor &zeroPoint,
                nn::RoundingMode rounding, RankedTensorType type) {
  Tensor out(type);
  nn::IntegerRange range = nn::integerRange(type.getElementType());
  bool defined =
      x.getElementType().isF32() && visitNumber(type.getElementType(), [&](auto zero) {
        using Q = decltype(zero);
        forEachQuantized<float, Q, Q>(x, scale, zeroPoint, out, [&](float v, float s, Q z) {
          return static_cast<Q>(roundInto(range, flush(v / s), z, rounding));
        });
      });
  return defined ? out : Tensor();
}

Tensor dequantize(const Tensor &x, const Tensor &scale, const Tensor &zeroPoint,
                  RankedTensorType type) {
  Tensor out(type);
  bool defined = type.getElementType().isF32() && visitNumber(x.getElementType(), [&](auto zero) {
                   using Q = decltype(zero);
                   forEachQuantized<Q, Q, float>(x, scale, zeroPoint, out, [](Q q, float s, Q z) {
                     auto difference =
                         static_cast<int32_t>(static_cast<int64_t>(q) - static_cast<int64_t>(z));
                     return flush(static_cast<float>(difference) * s);
                   });
                 });
  return defined ? out : Tensor();
}

Tensor requantize(const Tensor &x, const Tensor &scale, const Tensor &zeroPoint,
                  RankedTensorType type) {
  Tensor out(type);
  nn::IntegerRange range = nn::integerRange(type.getElementType());
  bool defined = visitNumber(type.getElementType(), [&](auto zero) {
    using Q = decltype(zero);
    forEachQuantized<int32_t, Q, Q>(x, scale, zeroPoint, out, [&](int32_t acc, float s, Q z) {
      return static_cast<Q>(roundInto(range, static_cast<float>(acc) * s, z));
    });
  });
  return defined ? out : Tensor();
}

Tensor threshold(nn::ThresholdOp op, const Tensor &x, const Tensor &thresholds) {
  Tensor out(op.getType());
  ArrayRef<int64_t> shape = x.getShape(), table = thresholds.getShape();
  auto channel = static_cast<int64_t>(op.getChannel()), least = static_cast<int64_t>(op.getLeast());
  int64_t inner = ShapedType::getNumElements(shape.drop_front(channel + 1));
  auto count = [&](auto zero, auto result) {
    using T = decltype(zero);
    ArrayRef<T> in = x.elements<T>(), all = thresholds.elements<T>();
    auto to = out.mutableElements<decltype(result)>();
    for (size_t i = 0; i < in.size(); ++i) {
      int64_t row = table[0] == 1 ? 0 : static_cast<int64_t>(i) / inner % shape[channel];
      int64_t reached =
          llvm::count_if(all.slice(row * table[1], table[1]), [&](T t) { return in[i] >= t; });
      to[i] = static_cast<decltype(result)>(least + reached);
    }
  };
  bool defined = visitNumber(x.getElementType(), [&](auto zero) {
    visitNumber(out.getElementType(), [&](auto result) { count(zero, result); });
  });
  return defined ? out : Tensor();
}

Tensor lookup(nn::LookupOp op, const Tensor &x) {
  Tensor out(op.getType());
  bool defined = false;
  nn::visitElementType(x.getElementType(), [&](auto from) {
    defined = nn::visitElementType(op.getType().getElementType(), [&](auto to) {
      llvm::transform(x.elements<decltype(from)>(), out.mutableElements<decltype(to)>().begin(),
                      [&](auto v) {
                        auto index = static_cast<int64_t>(v) & 255;
                        return static_cast<decltype(to)>(op.getTable()[index]);
                      });
    });
  });
  return defined ? out : Tensor();
}

} // namespace nnc::interpreter
