//===- ResizeTaps.cpp - What a resized dimension is made of -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The formulas are those of ONNX's operator Resize; `Simple` rounding is ONNX Runtime's.
//
//===----------------------------------------------------------------------===//
#include "ResizeTaps.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>

namespace nnc {

bool ResizedAxis::isIdentity(const Interpolation &how) const {
  bool isWhole =
      how.coordinates != Coordinates::TFCropAndResize || (cropStart == 0 && cropEnd == 1);
  return scale == 1 && before == after && isWhole;
}

bool Taps::areCopies() const {
  return count == 1 && llvm::all_of(coefficients, [](float c) { return c == 1; });
}

/// Where element `i` of the result lies in the input; rounded as in ONNX's reference
/// implementation, so that what lies half-way does.
static double coordinate(Coordinates rule, const ResizedAxis &axis, double i) {
  double last = static_cast<double>(axis.before - 1);
  auto centre = [&](double offset) { return offset + (i + 0.5) / axis.scale - 0.5; };
  switch (rule) {
  case Coordinates::HalfPixel:
    return centre(0);
  case Coordinates::HalfPixelSymmetric:
    return centre(static_cast<double>(axis.before) / 2 *
                  (1 - static_cast<double>(axis.after) / axis.resized));
  case Coordinates::PytorchHalfPixel:
    return axis.resized > 1 ? centre(0) : 0;
  case Coordinates::AlignCorners:
    return axis.resized == 1 ? 0 : i * last / (axis.resized - 1);
  case Coordinates::Asymmetric:
    return i / axis.scale;
  case Coordinates::TFHalfPixelForNN:
    return (i + 0.5) / axis.scale;
  case Coordinates::TFCropAndResize:
    if (axis.resized > 1)
      return axis.cropStart * last +
             i * (axis.cropEnd - axis.cropStart) * last / (axis.resized - 1);
    return 0.5 * (axis.cropStart + axis.cropEnd) * last;
  }
  llvm_unreachable("all rules are above");
}

static double nearest(NearestMode rounding, double x, bool shrinks) {
  double below = std::floor(x), part = x - below;
  switch (rounding) {
  case NearestMode::PreferFloor:
    return part <= 0.5 ? below : below + 1;
  case NearestMode::PreferCeil:
    return part < 0.5 ? below : below + 1;
  case NearestMode::Floor:
    return below;
  case NearestMode::Ceil:
    return std::ceil(x);
  case NearestMode::Simple:
    return shrinks ? std::ceil(x) : below;
  }
  llvm_unreachable("all roundings are above");
}

/// The weight of an element at distance `x`: a triangle, or Keys' cubic convolution.
static double weight(const Interpolation &how, double x) {
  x = std::abs(x);
  if (how.filter == Filter::Linear)
    return std::max(0.0, 1 - x);
  double a = how.cubicA;
  if (x <= 1)
    return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

namespace {

/// Fills the taps of one dimension, element by element.
class TapMaker {
public:
  TapMaker(const Interpolation &how, const ResizedAxis &axis);
  Taps make();

private:
  void findCrop();
  void fill(int64_t element);
  void dropUnused();
  double at(int64_t element) const {
    return coordinate(how.coordinates, axis, static_cast<double>(element));
  }
  int32_t clamped(double index) const {
    return static_cast<int32_t>(std::clamp(index, 0.0, static_cast<double>(axis.before - 1)));
  }

  const Interpolation &how;
  const ResizedAxis &axis;
  double narrowing; ///< of distances: the filter reaches 1 / narrowing times as far
  int64_t first;    ///< the first tap, counted from the element at or below the coordinate
  Taps taps;
};

} // namespace

TapMaker::TapMaker(const Interpolation &how, const ResizedAxis &axis)
    : how(how), axis(axis), narrowing(how.antialias ? std::min(axis.scale, 1.0) : 1) {
  double radius = how.filter == Filter::Cubic ? 2 : 1;
  first =
      how.filter == Filter::Nearest ? 0 : static_cast<int64_t>(std::floor(-radius / narrowing)) + 1;
  taps.count = how.filter == Filter::Nearest ? 1 : 2 - 2 * first;
}

/// What lies outside of the input is at the ends: coordinates rise or fall.
void TapMaker::findCrop() {
  auto isOutside = [&](int64_t element) {
    return at(element) < 0 || at(element) > static_cast<double>(axis.before - 1);
  };
  if (how.coordinates == Coordinates::TFCropAndResize) {
    while (taps.low < axis.after && isOutside(taps.low))
      ++taps.low;
    while (taps.high < axis.after - taps.low && isOutside(axis.after - 1 - taps.high))
      ++taps.high;
  }
  taps.size = axis.after - taps.low - taps.high;
}

void TapMaker::fill(int64_t element) {
  double x = at(taps.low + element), below = std::floor(x);
  if (how.filter == Filter::Nearest) {
    taps.indices[element] = clamped(nearest(how.rounding, x, axis.scale < 1));
    taps.coefficients[element] = 1;
    return;
  }
  std::vector<double> weights(taps.count);
  double sum = 0;
  for (int64_t t = 0; t < taps.count; ++t) {
    double offset = static_cast<double>(first + t), index = below + offset;
    bool isOutside = index < 0 || index > static_cast<double>(axis.before - 1);
    if (!isOutside || !how.excludeOutside)
      weights[t] = weight(how, narrowing * (offset - (x - below)));
    sum += weights[t];
    taps.indices[t * taps.size + element] = clamped(index);
  }
  for (int64_t t = 0; t < taps.count; ++t)
    taps.coefficients[t * taps.size + element] =
        static_cast<float>(sum == 0 ? weights[t] : weights[t] / sum);
}

/// Leaves out the terms whose coefficients are all 0; the first stays if all of them are.
void TapMaker::dropUnused() {
  auto copyTerm = [&](auto &rows, int64_t from, int64_t to) {
    std::copy_n(rows.begin() + from * taps.size, taps.size, rows.begin() + to * taps.size);
  };
  int64_t kept = 0;
  for (int64_t t = 0; t < taps.count; ++t) {
    auto row = taps.coefficients.begin() + t * taps.size;
    if (std::all_of(row, row + taps.size, [](float c) { return c == 0; }))
      continue;
    if (t != kept) {
      copyTerm(taps.indices, t, kept);
      copyTerm(taps.coefficients, t, kept);
    }
    ++kept;
  }
  taps.count = std::max<int64_t>(kept, 1);
  taps.indices.resize(taps.count * taps.size);
  taps.coefficients.resize(taps.count * taps.size);
}

Taps TapMaker::make() {
  findCrop();
  taps.indices.resize(taps.count * taps.size);
  taps.coefficients.resize(taps.count * taps.size);
  for (int64_t element = 0; element < taps.size; ++element)
    fill(element);
  dropUnused();
  return taps;
}

Taps computeTaps(const Interpolation &how, const ResizedAxis &axis) {
  return TapMaker(how, axis).make();
}

} // namespace nnc
