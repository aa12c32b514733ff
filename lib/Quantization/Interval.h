//===- Interval.h - Ranges of integers ----------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include <algorithm>
#include <cstdint>

namespace nnc::quantization {

/// Integers from `least` to `most`, both included.
struct Interval {
  int64_t least = 0, most = 0;

  bool contains(Interval other) const { return least <= other.least && other.most <= most; }
  bool operator==(const Interval &) const = default;
};

/// The smallest interval that holds both.
inline Interval hull(Interval a, Interval b) {
  return {std::min(a.least, b.least), std::max(a.most, b.most)};
}

/// The smallest one that holds all products of their numbers.
inline Interval product(Interval a, Interval b) {
  auto [least, most] =
      std::minmax({a.least * b.least, a.least * b.most, a.most * b.least, a.most * b.most});
  return {least, most};
}

} // namespace nnc::quantization
