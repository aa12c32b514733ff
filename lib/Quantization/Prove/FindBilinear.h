//===- FindBilinear.h - Two bytes to one in integers --------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/Bilinear.h"

#include "llvm/ADT/ArrayRef.h"

#include <optional>

namespace nnc::quantization {

using nn::Bilinear;
using nn::IntegerRange;

/// A function of two bytes: all that it gives, and what counts as zero in each.
struct PairTable {
  llvm::ArrayRef<int64_t> results; ///< 256 rows of a, from `leastA` on, with 256 of b; or empty
  int64_t leastA = 0, leastB = 0;
  int64_t zeroA = 0, zeroB = 0, resultZero = 0;
};

/// A form that gives `table` for all of its 65536 pairs, checked one by one: a weighted sum, or a
/// product of the distances from the zeros. None: neither does.
std::optional<Bilinear> findBilinear(const PairTable &table);

} // namespace nnc::quantization
