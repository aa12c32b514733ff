//===- Exponentials.h - The tables of integer softmaxes ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace nnc::quantization {

/// One number for each distance 0 to 255 of bytes from the greatest one.
using ByteTable = std::array<int32_t, 256>;

/// 2^bits * exp(-distance * scale), `bits` up to 30: the product of two such numbers, of the
/// distance's high and low four bits, to the nearest integer as they are, halves up. Two tables of
/// 16 do for it. The scale is not negative. Computed in integers: no host's exp decides.
ByteTable exponentials(float scale, int bits);

/// TFLite's exponentials, counted in 2^-31: gemmlowp's exp_on_negative_values, and 0 beyond what
/// its input can say. None: the scale is too small for its multiplier.
std::optional<ByteTable> gemmlowpExponentials(float scale);

} // namespace nnc::quantization
