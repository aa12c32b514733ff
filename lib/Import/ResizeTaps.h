//===- ResizeTaps.h - What a resized dimension is made of -------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <vector>

namespace nnc {

enum class Filter { Nearest, Linear, Cubic };

/// Where in the input an element of the result lies.
enum class Coordinates {
  HalfPixel,
  HalfPixelSymmetric,
  PytorchHalfPixel,
  AlignCorners,
  Asymmetric,
  TFHalfPixelForNN,
  TFCropAndResize
};

/// How a coordinate becomes an index. Simple is the rule of Upsample and of Resize before opset 11:
/// up where the dimension shrinks, else down.
enum class NearestMode { PreferFloor, PreferCeil, Floor, Ceil, Simple };

/// How an element is picked, or computed from its neighbours.
struct Interpolation {
  Filter filter = Filter::Nearest;
  Coordinates coordinates = Coordinates::HalfPixel;
  NearestMode rounding = NearestMode::PreferFloor;
  double cubicA = -0.75;
  bool antialias = false, excludeOutside = false;
};

/// One dimension before and after.
struct ResizedAxis {
  int64_t before = 1, after = 1;
  double scale = 1;                  ///< more than 0
  double resized = 1;                ///< scale * before, of which `after` is the whole part
  double cropStart = 0, cropEnd = 1; ///< of TFCropAndResize, as parts of the dimension

  /// Every element stays where it is.
  bool isIdentity(const Interpolation &how) const;
};

/// Each element of a resized dimension as a weighted sum of elements of the dimension before.
struct Taps {
  int64_t low = 0,
          high = 0;  ///< elements outside of the crop at either end, which are none of `size`
  int64_t size = 0;  ///< elements inside
  int64_t count = 1; ///< terms of each sum
  std::vector<int32_t> indices;    ///< [count, size]: into the dimension before
  std::vector<float> coefficients; ///< [count, size]

  /// Each element is one of those before.
  bool areCopies() const;
};

/// Computed in double, each coefficient rounded once: section 8 of the numeric specification.
Taps computeTaps(const Interpolation &how, const ResizedAxis &axis);

} // namespace nnc
