//===- Elementwise.cpp - NumericSpec 5 and 6 -----------------------------===//
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
#include "ScalarMath.h"

#include "llvm/ADT/APSInt.h"

using namespace mlir;
using namespace nnc;
using namespace nnc::interpreter;

/// out = fn(a, b) on elements of type T, operands broadcast.
template <typename T, typename Fn>
static void forEachPair(const Tensor &a, const Tensor &b, Tensor &out, Fn fn) {
  ArrayRef<int64_t> shape = out.getShape();
  RowWalk<2> walk(shape,
                  {broadcastStrides(a.getShape(), shape), broadcastStrides(b.getShape(), shape)});
  const T *x = a.elements<T>().data(), *y = b.elements<T>().data();
  T *z = out.mutableElements<T>().data();
  walk.forEachRow([&](int64_t first, auto at, int64_t count, auto step) {
    for (int64_t i = 0; i < count; ++i)
      z[first + i] = fn(x[at[0] + i * step[0]], y[at[1] + i * step[1]]);
  });
}

template <typename Fn>
static Tensor binary(const Tensor &a, const Tensor &b, RankedTensorType type, Fn fn) {
  Tensor out(type);
  bool defined = visitNumber(type.getElementType(),
                             [&](auto zero) { forEachPair<decltype(zero)>(a, b, out, fn); });
  return defined ? out : Tensor();
}

template <typename T, typename Fn>
static void forEachElement(const Tensor &x, Tensor &out, Fn fn) {
  ArrayRef<T> from = x.elements<T>();
  MutableArrayRef<T> to = out.mutableElements<T>();
  for (size_t i = 0; i < from.size(); ++i)
    to[i] = fn(from[i]);
}

template <typename Fn>
static Tensor unary(const Tensor &x, Fn fn) {
  Tensor out(x.getType());
  bool defined = visitNumber(x.getElementType(),
                             [&](auto zero) { forEachElement<decltype(zero)>(x, out, fn); });
  return defined ? out : Tensor();
}

template <typename Fn>
static Tensor unaryFloat(const Tensor &x, Fn fn) {
  Tensor out(x.getType());
  bool defined = visitFloat(x.getElementType(),
                            [&](auto zero) { forEachElement<decltype(zero)>(x, out, fn); });
  return defined ? out : Tensor();
}

/// A function of NumericSpec 6: f32 only.
static Tensor function(const Tensor &x, void (*loop)(const float *, float *, int64_t)) {
  if (!x.getElementType().isF32())
    return Tensor();
  Tensor out(x.getType());
  loop(x.elements<float>().data(), out.mutableElements<float>().data(), x.getNumElements());
  return out;
}

namespace nnc::interpreter {

Tensor add(const Tensor &a, const Tensor &b, RankedTensorType type) {
  return binary(a, b, type, [](auto x, auto y) { return flush(sum(x, y)); });
}
Tensor sub(const Tensor &a, const Tensor &b, RankedTensorType type) {
  return binary(a, b, type, [](auto x, auto y) { return flush(difference(x, y)); });
}
Tensor mul(const Tensor &a, const Tensor &b, RankedTensorType type) {
  return binary(a, b, type, [](auto x, auto y) { return flush(product(x, y)); });
}
Tensor div(const Tensor &a, const Tensor &b, RankedTensorType type) {
  return binary(a, b, type, [](auto x, auto y) { return flush(quotient(x, y)); });
}
Tensor minimum(const Tensor &a, const Tensor &b, RankedTensorType type) {
  return binary(a, b, type, [](auto x, auto y) { return x < y ? x : y; });
}
Tensor maximum(const Tensor &a, const Tensor &b, RankedTensorType type) {
  return binary(a, b, type, [](auto x, auto y) { return x > y ? x : y; });
}

Tensor pow(const Tensor &a, const Tensor &b, RankedTensorType type) {
  Tensor out(type);
  if (type.getElementType().isF32())
    return forEachPair<float>(a, b, out, power), out;
  bool defined =
      type.getElementType().isInteger() && visitNumber(type.getElementType(), [&](auto zero) {
        using T = decltype(zero);
        if constexpr (std::is_integral_v<T>)
          forEachPair<T>(a, b, out, integerPower<T>);
      });
  return defined ? out : Tensor();
}

Tensor select(const Tensor &condition, const Tensor &onTrue, const Tensor &onFalse,
              RankedTensorType type) {
  Tensor out(type);
  ArrayRef<int64_t> shape = type.getShape();
  RowWalk<3> walk(shape, {broadcastStrides(condition.getShape(), shape),
                          broadcastStrides(onTrue.getShape(), shape),
                          broadcastStrides(onFalse.getShape(), shape)});
  visitWidth(out.getElementSize(), [&](auto zero) {
    using T = decltype(zero);
    const bool *c = condition.elements<bool>().data();
    const T *x = onTrue.elements<T>().data(), *y = onFalse.elements<T>().data();
    T *z = out.mutableElements<T>().data();
    walk.forEachRow([&](int64_t first, auto at, int64_t count, auto step) {
      for (int64_t i = 0; i < count; ++i)
        z[first + i] = c[at[0] + i * step[0]] ? x[at[1] + i * step[1]] : y[at[2] + i * step[2]];
    });
  });
  return out;
}

Tensor relu(const Tensor &x) {
  return unary(x, [](auto e) { return 0 > e ? decltype(e)(0) : e; });
}

Tensor leakyRelu(const Tensor &x, double alpha) {
  return unaryFloat(x,
                    [&](auto e) { return 0 > e ? flush(e * static_cast<decltype(e)>(alpha)) : e; });
}

/// A bound as an element of type T.
template <typename T>
static T boundValue(Attribute bound) {
  if (auto number = dyn_cast<FloatAttr>(bound))
    return static_cast<T>(number.getValueAsDouble());
  auto number = ::cast<IntegerAttr>(bound); // below eight bits it is extended as its type says
  APSInt integer(number.getValue(), number.getType().isUnsignedInteger());
  return static_cast<T>(integer.getExtValue());
}

Tensor clip(const Tensor &x, Attribute min, Attribute max) {
  return unary(x, [&](auto e) {
    using T = decltype(e);
    T low = boundValue<T>(min), high = boundValue<T>(max);
    T t = low > e ? low : e;
    return high < t ? high : t;
  });
}

Tensor floor0(const Tensor &x, int64_t exponent) {
  return unaryFloat(x, [&](auto e) {
    return floorBelow(e, std::ldexp(decltype(e)(1), static_cast<int>(exponent)));
  });
}

Tensor neg(const Tensor &x) {
  return unary(x, [](auto e) {
    using T = decltype(e);
    if constexpr (std::is_floating_point_v<T>)
      return -e;
    else
      return difference<T>(0, e);
  });
}

Tensor sqrt(const Tensor &x) {
  return unaryFloat(x, [](auto e) { return flush(std::sqrt(e)); });
}

Tensor exp(const Tensor &x) { return function(x, exponentials); }
Tensor log(const Tensor &x) { return function(x, logarithms); }
Tensor tanh(const Tensor &x) { return function(x, hyperbolicTangents); }
Tensor sigmoid(const Tensor &x) { return function(x, sigmoids); }
Tensor erf(const Tensor &x) { return function(x, errorFunctions); }

/// Elements of fewer bits than the bytes that hold them keep their low bits.
static void wrapSubByte(Tensor &x) {
  int64_t values = int64_t(1) << x.getType().getElementTypeBitWidth();
  bool isSigned = !x.getElementType().isUnsignedInteger();
  for (char &byte : x.mutableBytes()) {
    int64_t low = static_cast<uint8_t>(byte) % values;
    byte = static_cast<char>(isSigned && low >= values / 2 ? low - values : low);
  }
}

Tensor cast(const Tensor &x, RankedTensorType type) {
  Tensor out(type);
  unsigned bits = type.getElementTypeBitWidth();
  bool defined = false;
  visitElementType(x.getElementType(), [&](auto from) {
    using From = decltype(from);
    defined = visitElementType(type.getElementType(), [&](auto to) {
      using To = decltype(to);
      ArrayRef<From> in = x.elements<From>();
      MutableArrayRef<To> result = out.mutableElements<To>();
      for (size_t i = 0; i < in.size(); ++i)
        result[i] = convert<To>(in[i]);
    });
  });
  if (defined && bits > 1 && bits < 8)
    wrapSubByte(out);
  return defined ? out : Tensor();
}

} // namespace nnc::interpreter
