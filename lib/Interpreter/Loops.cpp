//===- Loops.cpp - The loops that the interpreter's time goes into -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Loops.h"

#include "ScalarMath.h"

#if defined(__has_feature)
#define NNC_SANITIZED __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define NNC_SANITIZED 1
#else
#define NNC_SANITIZED 0
#endif

// Clones are chosen while the program is loaded, before a sanitizer is ready.
#if defined(__x86_64__) && !NNC_SANITIZED
#define NNC_CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define NNC_CLONES
#endif

// One step for four k at a time keeps an accumulator in its register for four multiplications.
NNC_CLONES void nnc::interpreter::accumulateRows(float *__restrict acc, const float *scalars,
                                                 int64_t scalarStride, const float *rows,
                                                 int64_t rowStride, int64_t count, int64_t width) {
  int64_t k = 0;
  for (; k + 4 <= count; k += 4) {
    const float *s = scalars + k * scalarStride, *r = rows + k * rowStride;
    float s0 = s[0], s1 = s[scalarStride], s2 = s[2 * scalarStride], s3 = s[3 * scalarStride];
    const float *r1 = r + rowStride, *r2 = r1 + rowStride, *r3 = r2 + rowStride;
    for (int64_t i = 0; i < width; ++i) {
      float a = fma(s0, r[i], acc[i]);
      a = fma(s1, r1[i], a);
      a = fma(s2, r2[i], a);
      acc[i] = fma(s3, r3[i], a);
    }
  }
  for (; k < count; ++k)
    for (int64_t i = 0; i < width; ++i)
      acc[i] = fma(scalars[k * scalarStride], rows[k * rowStride + i], acc[i]);
}

NNC_CLONES void nnc::interpreter::accumulateRows(int32_t *__restrict acc, const int32_t *scalars,
                                                 int64_t scalarStride, const int32_t *rows,
                                                 int64_t rowStride, int64_t count, int64_t width) {
  for (int64_t k = 0; k < count; ++k) {
    auto s = static_cast<uint32_t>(scalars[k * scalarStride]);
    for (int64_t i = 0; i < width; ++i)
      acc[i] = static_cast<int32_t>(static_cast<uint32_t>(acc[i]) +
                                    s * static_cast<uint32_t>(rows[k * rowStride + i]));
  }
}

#define NNC_FUNCTION_LOOP(LOOP, FUNCTION)                                                          \
  NNC_CLONES void nnc::interpreter::LOOP(const float *__restrict in, float *__restrict out,        \
                                         int64_t count) {                                          \
    for (int64_t i = 0; i < count; ++i)                                                            \
      out[i] = FUNCTION(in[i]);                                                                    \
  }
NNC_FUNCTION_LOOP(exponentials, exponential)
NNC_FUNCTION_LOOP(logarithms, logarithm)
NNC_FUNCTION_LOOP(hyperbolicTangents, hyperbolicTangent)
NNC_FUNCTION_LOOP(sigmoids, sigmoid)
NNC_FUNCTION_LOOP(errorFunctions, errorFunction)
#undef NNC_FUNCTION_LOOP
