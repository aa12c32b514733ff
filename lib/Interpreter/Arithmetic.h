//===- Arithmetic.h - NumericSpec 2 and 5, one element at a time -*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace nnc::interpreter {

/// The exponents of NumericSpec 2 for an element type.
template <typename T>
struct Floors;
template <>
struct Floors<float> {
  static constexpr float result = 0x1p-125f, sum = 0x1p-100f;
};
template <>
struct Floors<double> {
  static constexpr double result = 0x1p-1021, sum = 0x1p-967;
};

template <typename T>
T floorBelow(T x, T bound) {
  return std::fabs(x) < bound ? T(0) : x;
}

/// What an arithmetic op returns for the rounded result `x`.
template <typename T>
T flush(T x) {
  if constexpr (std::is_floating_point_v<T>)
    return floorBelow(x, Floors<T>::result);
  else
    return x;
}

/// What a float sum adds for the element `x`.
template <typename T>
T floorOfSum(T x) {
  if constexpr (std::is_floating_point_v<T>)
    return floorBelow(x, Floors<T>::sum);
  else
    return x;
}

/// Integers wrap; uint64_t, so that no narrow type is promoted to a signed one.
template <typename T>
T sum(T a, T b) {
  if constexpr (std::is_floating_point_v<T>)
    return a + b;
  else
    return static_cast<T>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}
template <typename T>
T difference(T a, T b) {
  if constexpr (std::is_floating_point_v<T>)
    return a - b;
  else
    return static_cast<T>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}
template <typename T>
T product(T a, T b) {
  if constexpr (std::is_floating_point_v<T>)
    return a * b;
  else
    return static_cast<T>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
}
template <typename T>
T quotient(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    return a / b;
  } else {
    if (b == 0)
      return 0;
    if (std::is_signed_v<T> && b == static_cast<T>(-1))
      return difference<T>(0, a);
    return static_cast<T>(a / b);
  }
}

/// acc + a * b, rounded once or wrapping.
inline float multiplyAdd(float acc, float a, float b) { return __builtin_fmaf(a, b, acc); }
inline double multiplyAdd(double acc, double a, double b) { return __builtin_fma(a, b, acc); }
template <typename T>
T multiplyAdd(T acc, T a, T b) {
  return sum(acc, product(a, b));
}

template <typename T>
T integerPower(T base, T exponent) {
  if (std::is_signed_v<T> && exponent < 0) {
    bool odd = exponent & 1;
    if (base == 1 || base == static_cast<T>(-1))
      return odd ? base : T(1);
    return 0;
  }
  T result = 1;
  for (uint64_t e = static_cast<uint64_t>(exponent); e; e >>= 1, base = product(base, base))
    if (e & 1)
      result = product(result, base);
  return result;
}

/// Where a maximum starts.
template <typename T>
constexpr T leastValue() {
  if constexpr (std::is_floating_point_v<T>)
    return -std::numeric_limits<T>::infinity();
  else
    return std::numeric_limits<T>::lowest();
}

/// nn.cast of one element.
template <typename To, typename From>
To convert(From x) {
  if constexpr (std::is_same_v<To, bool>) {
    return x != From(0);
  } else if constexpr (std::is_floating_point_v<To>) {
    // Only f64 -> f32 can come near zero.
    if constexpr (std::is_same_v<From, double> && std::is_same_v<To, float>)
      return flush(static_cast<float>(x));
    else
      return static_cast<To>(x);
  } else if constexpr (std::is_floating_point_v<From> && sizeof(To) < sizeof(int32_t)) {
    return static_cast<To>(convert<int32_t>(x));
  } else if constexpr (std::is_floating_point_v<From>) {
    // 2^width bounds are exact in either float type, the greatest integer may not be.
    constexpr From end =
        From(2) * static_cast<From>(To(1) << (std::numeric_limits<To>::digits - 1));
    if (x >= end)
      return std::numeric_limits<To>::max();
    From least = static_cast<From>(std::numeric_limits<To>::lowest());
    return x > least ? static_cast<To>(x) : std::numeric_limits<To>::lowest(); // NaN too
  } else {
    return static_cast<To>(x);
  }
}

} // namespace nnc::interpreter
