//===- Quantization.cpp - NumericSpec 9 ----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Arithmetic.h"
#include "ElementTypes.h"
#include "Loops.h"
#include "Ops.h"
#include "RowWalk.h"

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

/// round(clamp(x)) + zero, halves to even or away from zero.
static int64_t roundInto(nn::IntegerRange range, float x, int64_t zero, bool halfAway = false) {
  auto least = static_cast<float>(range.least - zero);
  auto most = static_cast<float>(range.most - zero);
  float t = x > least ? x : least;
  t = most > t ? t : most;
  return static_cast<int64_t>(halfAway ? std::round(t) : std::nearbyint(t)) + zero;
}

namespace nnc::interpreter {

Tensor quantize(const Tensor &x, const Tensor &scale, const Tensor &zeroPoint, bool halfAway,
                RankedTensorType type) {
  Tensor out(type);
  nn::IntegerRange range = nn::integerRange(type.getElementType());
  bool defined =
      x.getElementType().isF32() && visitNumber(type.getElementType(), [&](auto zero) {
        using Q = decltype(zero);
        forEachQuantized<float, Q, Q>(x, scale, zeroPoint, out, [&](float v, float s, Q z) {
          return static_cast<Q>(roundInto(range, v / s, z, halfAway));
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

} // namespace nnc::interpreter
