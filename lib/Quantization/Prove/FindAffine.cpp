//===- FindAffine.cpp - One multiplication, one addition, one shift -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Divided by 2^shift, the affine form is a line over the sums. It is exact if at
// the sum where a level begins it has reached the level, and one sum before it has
// not: points that must lie under the line, and points that must lie over it. Of
// both only the corners of their convex hulls count.
//
//===----------------------------------------------------------------------===//
#include "Levels.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

namespace nnc::quantization {
namespace {

/// `level` is what the line is compared with at `sum`.
struct Point {
  int64_t sum, level;
};

/// The points in the order of their sums, of those the corners of the hull on one side: `side` 1
/// what lies above, -1 what lies below.
class Corners {
public:
  explicit Corners(int64_t side) : side(side) {}

  void add(Point p) {
    // Sums and levels rise: at one sum the last level lies above, the first one below.
    if (!points.empty() && points.back().sum == p.sum) {
      if (side < 0)
        return;
      points.pop_back();
    }
    while (points.size() > 1 && !isCorner(points[points.size() - 2], points.back(), p))
      points.pop_back();
    points.push_back(p);
  }

  llvm::ArrayRef<Point> get() const { return points; }

private:
  /// Does `b` lie on our side of the line from `a` to `c`?
  bool isCorner(Point a, Point b, Point c) const {
    int64_t bend = (b.level - a.level) * (c.sum - b.sum) - (c.level - b.level) * (b.sum - a.sum);
    return bend * side > 0;
  }

  int64_t side;
  std::vector<Point> points;
};

/// A slope; the denominator of infinity is 0.
struct Fraction {
  int64_t numerator, denominator;
};

__extension__ using Wide = __int128;

class AffineSearch {
public:
  explicit AffineSearch(const Channel &channel) {
    LevelBegins begins(channel);
    first = begins.first();
    last = begins.last();
    // Where the result is saturated anyway, the line may be anywhere beyond.
    if (first > channel.levels.least)
      under.add({channel.sums.least, first});
    for (int64_t level = first + 1; level <= last; ++level) {
      int64_t begin = begins.of(level);
      under.add({begin, level});
      over.add({begin - 1, level});
    }
    if (last < channel.levels.most)
      over.add({channel.sums.most, last + 1});
  }

  /// Goes from coarse slopes to fine ones, so that the first one that fits has the fewest bits.
  /// A slope that does not fit shows two points that none on its side can keep apart.
  std::optional<Affine> run() {
    if (first == last)
      return Affine{0, first, 0};
    int64_t greatest = std::max(std::abs(first), std::abs(last + 1));
    int finest = 62 - static_cast<int>(llvm::bit_width(static_cast<uint64_t>(greatest)));
    for (int shift = 0; shift <= finest;) {
      std::optional<int64_t> multiplier = coarsest(shift);
      if (!multiplier) {
        ++shift;
        continue;
      }
      if (*multiplier > INT32_MAX)
        return std::nullopt;
      auto height = [&](Point p) { return (p.level << shift) - p.sum * *multiplier; };
      auto isLower = [&](Point a, Point b) { return height(a) < height(b); };
      Point low = *llvm::max_element(under.get(), isLower);
      Point high = *llvm::min_element(over.get(), isLower);
      if (height(low) < height(high)) {
        int64_t half = shift ? int64_t(1) << (shift - 1) : 0; // the plain choice, if it fits
        return Affine{*multiplier, std::clamp(half, height(low), height(high) - 1), shift};
      }
      if (!exclude(low, high))
        return std::nullopt;
    }
    return std::nullopt;
  }

private:
  /// The least multiplier whose slope lies between the bounds; none if no slope with these bits
  /// does.
  std::optional<int64_t> coarsest(int shift) const {
    Wide multiplier = (Wide(flattest.numerator) << shift) / flattest.denominator + 1;
    if (multiplier * steepest.denominator >= Wide(steepest.numerator) << shift)
      return std::nullopt;
    return static_cast<int64_t>(std::min<Wide>(multiplier, int64_t(INT32_MAX) + 1));
  }

  /// Keeps to the slopes with which a line passes over `low` and under `high`; false if none is
  /// left.
  bool exclude(Point low, Point high) {
    int64_t sums = high.sum - low.sum, levels = high.level - low.level;
    if (sums == 0)
      return false;
    if (sums > 0)
      steepest = {levels, sums};
    else
      flattest = {-levels, -sums};
    return Wide(flattest.numerator) * steepest.denominator <
           Wide(steepest.numerator) * flattest.denominator;
  }

  int64_t first, last;
  Corners under{1}, over{-1};
  Fraction flattest{0, 1}, steepest{1, 0};
};

} // namespace

std::optional<Affine> findAffine(const Channel &channel) {
  if (!isRising(channel))
    return std::nullopt;
  std::optional<Affine> affine = AffineSearch(channel).run();
  return affine && isExact(*affine, channel) ? affine : std::nullopt;
}

} // namespace nnc::quantization
