//===- ScalarMath.h - The functions of NumericSpec 6 -----------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One line here is one numbered step of docs/NumericSpec.md, section 6. All is compiled
// with -ffp-contract=off, so that only the written fma's are fused.
//
//===----------------------------------------------------------------------===//

#ifndef NNC_LIB_INTERPRETER_SCALARMATH_H
#define NNC_LIB_INTERPRETER_SCALARMATH_H

#include "Arithmetic.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace nnc::interpreter {

inline constexpr float kInfinity = std::numeric_limits<float>::infinity();
inline constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

inline uint32_t bitsOf(float x) { return std::bit_cast<uint32_t>(x); }
inline float fromBits(uint32_t x) { return std::bit_cast<float>(x); }
inline float absolute(float x) { return fromBits(bitsOf(x) & 0x7fffffffu); }
inline float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }

inline float copySign(float magnitude, float sign) {
  return fromBits((bitsOf(magnitude) & 0x7fffffffu) | (bitsOf(sign) & 0x80000000u));
}

inline float exponential(float x) {
  float c = 89.0f < x ? 89.0f : x;
  float t = fma(c, 0x1.715476p+0f, 0x1.8000fcp+23f); // low bits: n + 126
  float n = t - 0x1.8000fcp+23f;
  float r = fma(n, -0x1.62e430p-1f, c);
  r = fma(n, 0x1.05c610p-29f, r);
  float p = fma(0x1.6feea0p-9f, r, 0x1.1257f6p-6f); // 2 exp(r)
  p = fma(p, r, 0x1.5552fep-4f);
  p = fma(p, r, 0x1.555466p-2f);
  p = fma(p, r, 1.0f);
  p = fma(p, r, 2.0f);
  p = fma(p, r, 2.0f);
  float y = p * fromBits(bitsOf(t) << 23); // times 2^(n-1)
  return x < -0x1.5a92d6p+6f ? 0.0f : y;
}

inline float sigmoid(float x) {
  float e = exponential(fromBits(bitsOf(x) ^ 0x80000000u));
  return flush(1.0f / (1.0f + e));
}

inline float hyperbolicTangent(float x) {
  float a = absolute(x);
  float c = 10.0f < a ? 10.0f : a;
  float y = c + c;
  float t = fma(y, 0x1.715476p+0f, 0x1.8000fep+23f); // low bits: n + 127
  float n = t - 0x1.8000fep+23f;
  float r = fma(n, -0x1.62e430p-1f, y);
  float q = fma(0x1.6c5a82p-10f, r, 0x1.12243cp-7f); // exp(r) - 1 = r + r^2 q
  q = fma(q, r, 0x1.5555b6p-5f);
  q = fma(q, r, 0x1.5554b6p-3f);
  q = fma(q, r, 0.5f);
  float w = r * r;
  q = fma(w, q, r);
  float s = fromBits(bitsOf(t) << 23); // 2^n
  float g = fma(q, s, s - 1.0f);       // exp(y) - 1
  float v = g / (g + 2.0f);
  return a < 0x1p-125f ? 0.0f : copySign(v, x);
}

inline float errorFunction(float x) {
  float a = absolute(x);
  float c = 3.9375f < a ? 3.9375f : a;
  float s = c * c;
  float p = fma(-0x1.2703e8p-11f, s, 0x1.423444p-8f);
  p = fma(p, s, -0x1.b59f56p-6f);
  p = fma(p, s, 0x1.ce08e8p-4f);
  p = fma(p, s, -0x1.812672p-2f);
  p = fma(p, s, 0x1.06eba2p-3f);
  p = fma(p, c, c); // |x| < 1
  float u = c - 2.5f;
  float q = fma(-0x1.209f5ap-17f, u, 0x1.65476ep-16f);
  q = fma(q, u, 0x1.ece500p-15f);
  q = fma(q, u, -0x1.25d788p-12f);
  q = fma(q, u, 0x1.33b83ap-12f);
  q = fma(q, u, 0x1.2c574ep-11f);
  q = fma(q, u, -0x1.724e60p-9f);
  q = fma(q, u, 0x1.8fda06p-8f);
  q = fma(q, u, -0x1.1a340ep-7f);
  q = fma(q, u, 0x1.11bd5cp-7f);
  q = fma(q, u, -0x1.64fc0ap-8f);
  q = fma(q, u, 0x1.1d7a6ep-9f);
  q = fma(q, u, 0x1.ffcaaap-1f); // |x| >= 1
  float v = a < 1.0f ? p : q;
  return v < 0x1p-125f ? 0.0f : copySign(v, x);
}

inline float logarithm(float x) {
  int32_t e = static_cast<int32_t>(bitsOf(x) - 0x3f2aaaabu) >> 23;
  float m = fromBits(bitsOf(x) - (static_cast<uint32_t>(e) << 23)); // [2/3, 4/3)
  float f = m - 1.0f;
  float p = fma(-0x1.07c516p-3f, f, 0x1.1e6d18p-3f);
  p = fma(p, f, -0x1.f33274p-4f);
  p = fma(p, f, 0x1.1ed55ap-3f);
  p = fma(p, f, -0x1.559c68p-3f);
  p = fma(p, f, 0x1.99d050p-3f);
  p = fma(p, f, -0x1.fffefap-3f);
  p = fma(p, f, 0x1.555506p-2f);
  p = fma(p, f, -0.5f);
  float s = f * f;
  p = fma(p, s, f);
  float y = fma(static_cast<float>(e), 0x1.62e430p-1f, p);
  y = 0.0f < x ? y : kNaN;
  y = x == 0.0f ? -kInfinity : y;
  return x == kInfinity ? x : y;
}

/// log2(a) as an unevaluated sum high + low, for 2^-126 <= a < infinity.
struct FloatPair {
  float high, low;
};
inline FloatPair log2Pair(float a) {
  int32_t e = static_cast<int32_t>(bitsOf(a) - 0x3f3504f3u) >> 23;
  float m = fromBits(bitsOf(a) - (static_cast<uint32_t>(e) << 23)); // [sqrt(1/2), sqrt(2))
  float f = m - 1.0f;
  float d = 1.0f / (m + 1.0f);
  float h = f * d; // h + l = (m - 1) / (m + 1)
  float k = fma(-h, f, fma(-2.0f, h, f));
  float l = k * d;
  float u = h * 0x1.715476p+1f; // 2 log2(e) = 0x1.715476p+1 + 0x1.4ae0cp-25
  float v = fma(h, 0x1.715476p+1f, -u);
  v = fma(h, 0x1.4ae0c0p-25f, v);
  v = fma(l, 0x1.715476p+1f, v);
  float s = h * h; // s + z = h^2
  float z = fma(h, h, -s);
  float w = h * s; // w + j = (h + l)^3
  float j = fma(h, s, -w);
  j = fma(h, z, j);
  j = fma(3.0f * s, l, j);
  float o = w * 0x1.ec709ep-1f; // o + q: the cubic and higher terms
  float q = fma(w, 0x1.ec709ep-1f, -o);
  q = fma(j, 0x1.ec709ep-1f, q);
  float p = fma(0x1.58915cp-2f, s, 0x1.a5d040p-2f);
  p = fma(p, s, 0x1.2776e0p-1f);
  q = fma(w * s, p, q);
  float c = u + o;
  v = v + (((u - c) + o) + q);
  float i = static_cast<float>(e);
  float g = i + c;
  v = v + ((i - g) + c);
  float high = g + v;
  float low = (g - high) + v;
  return {high, low};
}

inline float power(float x, float y) {
  float a = absolute(x);
  FloatPair log = log2Pair(a);
  float c = 0x1p+32f < y ? 0x1p+32f : y;
  c = -0x1p+32f > c ? -0x1p+32f : c;
  float h = c * log.high;
  float l = fma(c, log.high, -h);
  l = fma(c, log.low, l);
  float t = h + 0x1.8000fcp+23f; // low bits: n + 126
  float n = t - 0x1.8000fcp+23f;
  float f = (h - n) + l;
  float p = fma(0x1.4178c6p-12f, f, 0x1.5f095cp-9f); // 2 * 2^f
  p = fma(p, f, 0x1.3b2dd4p-6f);
  p = fma(p, f, 0x1.c6af7ap-4f);
  p = fma(p, f, 0x1.ebfbdcp-2f);
  p = fma(p, f, 0x1.62e430p+0f);
  p = fma(p, f, 2.0f);
  float r = p * fromBits(bitsOf(t) << 23);
  r = h < -126.0f ? 0.0f : r;
  r = 129.0f < h ? kInfinity : r;
  r = a == 0.0f ? (y < 0.0f ? kInfinity : 0.0f) : r;
  r = a == kInfinity ? (y < 0.0f ? 0.0f : kInfinity) : r;
  // Is y an integer, and an odd one? From 2^24 on every float is an even integer.
  float z = absolute(y) < 0x1p+24f ? absolute(y) : 0x1p+24f;
  int32_t i = static_cast<int32_t>(z);
  bool isInteger = static_cast<float>(i) == z;
  bool isNegative = x < 0.0f || bitsOf(x) == 0x80000000u;
  r = isNegative && isInteger && (i & 1) ? -r : r;
  r = x < 0.0f && a != kInfinity && !isInteger ? kNaN : r;
  r = x != x || y != y ? kNaN : r;
  r = y == 0.0f || x == 1.0f ? 1.0f : r;
  return flush(r);
}

} // namespace nnc::interpreter

#endif // NNC_LIB_INTERPRETER_SCALARMATH_H
