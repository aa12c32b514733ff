//===- Loops.h - The loops that the interpreter's time goes into -*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plain functions on plain arrays, compiled once for processors with fma and
// vectors and once for any: the order of operations of each output is as
// written, so both give the same bits.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>

namespace nnc::interpreter {

/// For k = 0 … count-1 in this order and each of the `width` accumulators:
/// acc[i] = fma(scalars[k * scalarStride], rows[k * rowStride + i], acc[i]).
void accumulateRows(float *acc, const float *scalars, int64_t scalarStride, const float *rows,
                    int64_t rowStride, int64_t count, int64_t width);

/// The same on integers, wrapping.
void accumulateRows(int32_t *acc, const int32_t *scalars, int64_t scalarStride, const int32_t *rows,
                    int64_t rowStride, int64_t count, int64_t width);

/// The functions of NumericSpec 6 on `count` elements.
void exponentials(const float *in, float *out, int64_t count);
void logarithms(const float *in, float *out, int64_t count);
void hyperbolicTangents(const float *in, float *out, int64_t count);
void sigmoids(const float *in, float *out, int64_t count);
void errorFunctions(const float *in, float *out, int64_t count);

} // namespace nnc::interpreter
