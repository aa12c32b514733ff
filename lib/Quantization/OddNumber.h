//===- OddNumber.h - Floats as integers times powers of two ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/bit.h"

#include <cmath>
#include <cstdint>

namespace nnc::quantization {

/// odd * 2^exponent; 0 is 0 * 2^0.
struct OddNumber {
  int64_t odd = 0; ///< of up to 24 bits and a sign
  int exponent = 0;
};

/// `number`, which is finite.
inline OddNumber oddNumber(float number) {
  constexpr int mantissaBits = 24;
  int exponent = 0;
  auto mantissa = static_cast<int64_t>(std::ldexp(std::frexp(number, &exponent), mantissaBits));
  if (mantissa == 0)
    return {};
  int zeros = llvm::countr_zero(static_cast<uint64_t>(mantissa));
  return {mantissa >> zeros, exponent - mantissaBits + zeros};
}

/// Whether it is finite, positive and 2^n; n may be negative.
inline bool isPowerOfTwo(float number) {
  return std::isfinite(number) && oddNumber(number).odd == 1;
}

} // namespace nnc::quantization
