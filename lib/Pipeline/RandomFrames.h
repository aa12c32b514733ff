//===- RandomFrames.h - Frames by chance --------------------------------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Silicon.h"

#include <random>
#include <vector>

namespace nnc {

using Frame = std::vector<int64_t>; ///< elements as they come on the bus

/// Frames by chance, the same ones each time.
class RandomFrames {
public:
  explicit RandomFrames(const SiliconFacts &silicon);

  hls::Range rangeOf(size_t element) const { return ranges[element]; }
  size_t number(size_t below) { return random() % below; }
  /// A number of the element's range; ends, zero and its neighbours come often.
  int64_t pick(size_t element) { return pick(rangeOf(element)); }

  /// The first two are the ends of the range. Of the others every second has a part of it for
  /// itself: the sums of independent numbers are all about the same, and would reach few steps.
  Frame fresh(size_t number);
  /// A frame next to another: a few elements a few steps away, or anywhere.
  Frame varied(Frame frame);

private:
  int64_t uniform(hls::Range range);
  int64_t pick(hls::Range range);

  std::vector<hls::Range> ranges; ///< of each element
  std::mt19937_64 random{1};
};

} // namespace nnc
