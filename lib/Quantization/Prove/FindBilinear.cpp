//===- FindBilinear.cpp - Two bytes to one in integers ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A weighted sum, divided by 2^shift, is a plane over the pairs. It must have reached the level of
// each pair, and not the next one. Two pairs that no height of the plane serves both rule out
// slopes: those on one side of a line. What is left of all slopes is a polygon that each such cut
// through its middle makes smaller (the method of centers of gravity: Levin 1965), until its middle
// serves all pairs or nothing is left.
//
// Nothing is left where levels begin at ties that go to even numbers, as between scales whose
// quotients are short in binary. Then the slopes are those short numbers, and the form rounds so.
//
//===----------------------------------------------------------------------===//
#include "FindBilinear.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace nnc::quantization {
namespace {

constexpr int64_t byteValues = 256;
constexpr int finestShift = 40;

/// One result, `level`, and the two numbers that are weighted: those of the pair, or for products
/// the product of their distances from 0, and 0.
struct Pair {
  int64_t a, b, level;
};

/// What one step of a and one of b add to the sum.
template <typename Number>
struct Weights {
  Number a, b;
};

/// The same in levels.
using Slopes = Weights<double>;

/// All slopes with a * slopes.a + b * slopes.b > above.
struct HalfPlane {
  double a, b, above;

  double distance(Slopes s) const { return a * s.a + b * s.b - above; }
};

/// A convex polygon of slopes.
class Polygon {
public:
  /// All slopes up to `most` in magnitude.
  explicit Polygon(double most)
      : corners{{-most, -most}, {most, -most}, {most, most}, {-most, most}} {}

  /// Keeps what lies inside of `half`; false if nothing is left.
  bool cut(HalfPlane half) {
    llvm::SmallVector<Slopes> kept;
    for (size_t i = 0; i < corners.size(); ++i) {
      Slopes from = corners[i], to = corners[(i + 1) % corners.size()];
      double d = half.distance(from), e = half.distance(to);
      if (d > 0)
        kept.push_back(from);
      if ((d > 0) != (e > 0))
        kept.push_back(
            {from.a + (to.a - from.a) * d / (d - e), from.b + (to.b - from.b) * d / (d - e)});
    }
    corners = std::move(kept);
    return corners.size() > 2 && area() > 0;
  }

  Slopes centroid() const {
    Slopes sum{0, 0};
    double twice = 0;
    forEachTriangle([&](Slopes x, Slopes y, double cross) {
      twice += cross;
      sum.a += (x.a + y.a) * cross;
      sum.b += (x.b + y.b) * cross;
    });
    Slopes from = corners.front();
    return {from.a + sum.a / (3 * twice), from.b + sum.b / (3 * twice)};
  }

private:
  double area() const {
    double twice = 0;
    forEachTriangle([&](Slopes, Slopes, double cross) { twice += cross; });
    return twice / 2;
  }

  /// fn(edges from the first corner to two neighbours, their cross product).
  template <typename Fn>
  void forEachTriangle(Fn fn) const {
    Slopes from = corners.front();
    for (size_t i = 1; i + 1 < corners.size(); ++i) {
      Slopes x{corners[i].a - from.a, corners[i].b - from.b},
          y{corners[i + 1].a - from.a, corners[i + 1].b - from.b};
      fn(x, y, x.a * y.b - x.b * y.a);
    }
  }

  llvm::SmallVector<Slopes> corners;
};

class PlaneSearch {
public:
  /// `tied` is what ties do, if they are not rounded down.
  PlaneSearch(std::vector<Pair> all, IntegerRange levels, Ties tied)
      : pairs(std::move(all)), levels(levels), tied(tied) {}

  /// A form whose `left` and `right` weigh the two numbers of each pair.
  std::optional<Bilinear> run() {
    constexpr int mostCuts = 500; // each takes away a third or more
    Polygon slopes(2 * byteValues);
    Slopes middle{0, 0};
    for (int i = 0; i < mostCuts; ++i) {
      middle = slopes.centroid();
      auto [low, high] = bounds<double>(middle, /*unit=*/1, /*tie=*/0);
      if (low.height < high.height)
        return rounded(middle, finestShift, Ties::Down);
      Pair x = low.pair, y = high.pair;
      HalfPlane half{double(x.a - y.a), double(x.b - y.b), double(x.level - y.level - 1)};
      if (!slopes.cut(half))
        break;
    }
    constexpr int finestTie = 16;
    return rounded(middle, finestTie, tied);
  }

private:
  template <typename Number>
  struct Bound {
    Pair pair{};
    Number height;
  };

  /// The pair that asks for the greatest height of the plane, where `unit` is a level, and the one
  /// that allows the least height that is too much. Levels that ties avoid are narrower by `tie` on
  /// both sides. Where the result is saturated the plane may be anywhere beyond.
  template <typename Number>
  std::pair<Bound<Number>, Bound<Number>> bounds(Weights<Number> at, Number unit,
                                                 Number tie) const {
    Bound<Number> low{{}, std::numeric_limits<Number>::lowest()},
        high{{}, std::numeric_limits<Number>::max()};
    for (const Pair &p : pairs) {
      Number height = Number(p.level) * unit - at.a * Number(p.a) - at.b * Number(p.b);
      Number narrower = isAvoided(p.level) ? tie : 0;
      if (p.level > levels.least && height + narrower > low.height)
        low = {p, height + narrower};
      if (p.level < levels.most && height + unit - narrower < high.height)
        high = {p, height + unit - narrower};
    }
    return {low, high};
  }

  bool isAvoided(int64_t level) const { return (level & 1) == (tied == Ties::Even); }

  /// The form with the fewest bits, and a shift of at most `finest`, whose slopes are `middle`,
  /// rounded.
  std::optional<Bilinear> rounded(Slopes middle, int finest, Ties ties) const {
    bool isDown = ties == Ties::Down;
    for (int shift = isDown ? 0 : 1; shift <= finest; ++shift) {
      Slopes exact{std::ldexp(middle.a, shift), std::ldexp(middle.b, shift)};
      // A product of bytes has 2^17 at most; its form has it four times, and sums stay in 64 bits.
      if (std::max(std::abs(exact.a), std::abs(exact.b)) > 0x1p42)
        break;
      Weights<int64_t> weights{std::llround(exact.a), std::llround(exact.b)};
      int64_t unit = int64_t(1) << shift, half = isDown ? 0 : unit / 2;
      auto [low, high] = bounds<int64_t>(weights, unit, isDown ? 0 : 1);
      // A level of ties reaches half a unit down from where it is named, ends included.
      int64_t least = low.height - half, most = high.height - (isDown ? 1 : half);
      if (least <= most)
        return Bilinear{weights.a, weights.b, 0, least + (most - least) / 2, shift, levels, ties};
    }
    return std::nullopt;
  }

  std::vector<Pair> pairs;
  IntegerRange levels;
  Ties tied;
};

Ties tiesOf(const PairTable &table) { return table.resultZero & 1 ? Ties::Odd : Ties::Even; }

/// fn(a, b, level) for all pairs.
template <typename Fn>
void forEachPair(const PairTable &table, Fn fn) {
  for (auto [i, level] : llvm::enumerate(table.results)) {
    auto at = static_cast<int64_t>(i);
    fn(table.leastA + at / byteValues, table.leastB + at % byteValues, level);
  }
}

std::optional<Bilinear> findSum(const PairTable &table, IntegerRange levels) {
  std::vector<Pair> pairs;
  forEachPair(table, [&](int64_t a, int64_t b, int64_t level) { pairs.push_back({a, b, level}); });
  return PlaneSearch(std::move(pairs), levels, tiesOf(table)).run();
}

/// Of (a - zeroA) * (b - zeroB).
std::optional<Bilinear> findProduct(const PairTable &table, IntegerRange levels) {
  std::vector<Pair> pairs;
  forEachPair(table, [&](int64_t a, int64_t b, int64_t level) {
    pairs.push_back({(a - table.zeroA) * (b - table.zeroB), 0, level});
  });
  std::optional<Bilinear> form = PlaneSearch(std::move(pairs), levels, tiesOf(table)).run();
  if (!form)
    return std::nullopt;
  int64_t m = form->left;
  form->left = -m * table.zeroB;
  form->right = -m * table.zeroA;
  form->product = m;
  form->offset += m * table.zeroA * table.zeroB;
  return form;
}

bool isExact(const Bilinear &form, const PairTable &table) {
  bool isEqual = true;
  forEachPair(table, [&](int64_t a, int64_t b, int64_t level) { isEqual &= form(a, b) == level; });
  return isEqual;
}

} // namespace

std::optional<Bilinear> findBilinear(const PairTable &table) {
  if (table.results.empty())
    return std::nullopt;
  auto [least, most] = std::minmax_element(table.results.begin(), table.results.end());
  IntegerRange levels{*least, *most};
  if (*least == *most)
    return Bilinear{0, 0, 0, *least, 0, levels};
  std::optional<Bilinear> form = findSum(table, levels);
  if (!form)
    form = findProduct(table, levels);
  return form && isExact(*form, table) ? form : std::nullopt;
}

} // namespace nnc::quantization
