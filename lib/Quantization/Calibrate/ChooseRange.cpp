//===- ChooseRange.cpp - From histograms to ranges -----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Quantization/Calibrate/ChooseRange.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nnc::quantization {
namespace {

/// Bounds to try on either side: 1, 2^(-1/16), … of the extreme, down to 1/256 of it.
constexpr int triesPerOctave = 16, octaves = 8;

std::vector<double> candidates(double extreme) {
  std::vector<double> bounds;
  for (int i = 0; extreme != 0 && i <= triesPerOctave * octaves; ++i)
    bounds.push_back(extreme * std::exp2(-double(i) / triesPerOctave));
  return bounds.empty() ? std::vector<double>{0.0} : bounds;
}

//===----------------------------------------------------------------------===//
// Percentile
//===----------------------------------------------------------------------===//

Range percentile(const Histogram &h) {
  constexpr double tail = 1.0 / 20000;
  auto allowed = static_cast<int64_t>(tail * static_cast<double>(h.total()));
  Range range = h.extremes();
  int64_t below = 0, above = 0, n = h.bins().size();
  for (int64_t i = 0; i < Histogram::half && (below += h.bins()[i]) <= allowed; ++i)
    range.low = std::max(range.low, double(i + 1 - Histogram::half) * h.binWidth());
  for (int64_t i = n - 1; i >= Histogram::half && (above += h.bins()[i]) <= allowed; --i)
    range.high = std::min(range.high, double(i - Histogram::half) * h.binWidth());
  return range;
}

//===----------------------------------------------------------------------===//
// Mean squared error
//===----------------------------------------------------------------------===//

/// The squared error of clipping at each of `bounds`, on the side of 0 where they are.
std::vector<double> clippingErrors(const Histogram &h, llvm::ArrayRef<double> bounds) {
  std::vector<double> errors(bounds.size(), 0);
  for (size_t k = 0; k < bounds.size(); ++k)
    for (int64_t i = 0, n = h.bins().size(); i < n; ++i) {
      double x = h.binCenter(i), beyond = bounds[k] < 0 ? bounds[k] - x : x - bounds[k];
      bool isSameSide = (x < 0) == (bounds[k] < 0);
      if (isSameSide && h.bins()[i] && beyond > 0)
        errors[k] += static_cast<double>(h.bins()[i]) * beyond * beyond;
    }
  return errors;
}

Range leastSquares(const Histogram &h, double steps) {
  Range whole = h.extremes(), best = whole;
  std::vector<double> lows = candidates(whole.low), highs = candidates(whole.high);
  std::vector<double> below = clippingErrors(h, lows), above = clippingErrors(h, highs);
  auto rounded = static_cast<double>(h.total() - h.zeros());
  double least = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < lows.size(); ++i)
    for (size_t j = 0; j < highs.size(); ++j) {
      double step = (highs[j] - lows[i]) / steps;
      double error = below[i] + above[j] + rounded * step * step / 12;
      if (error < least)
        least = error, best = {lows[i], highs[j]};
    }
  return best;
}

//===----------------------------------------------------------------------===//
// Entropy
//===----------------------------------------------------------------------===//

/// How far the distribution in [range], what lies outside counted at its ends, is from the same
/// in `levels` steps (Kullback and Leibler).
double divergence(const Histogram &h, Range range, int64_t levels) {
  auto bin = [&](double x) { return static_cast<int64_t>(std::floor(x / h.binWidth())); };
  int64_t first = Histogram::half + bin(range.low);
  int64_t end = std::min<int64_t>(Histogram::half + bin(range.high) + 1, h.bins().size());
  if (end - first < levels)
    return std::numeric_limits<double>::infinity();
  std::vector<double> p(h.bins().begin() + first, h.bins().begin() + end), q(p.size(), 0);
  for (size_t level = 0, from = 0; level < size_t(levels); ++level) {
    size_t to = (level + 1) * p.size() / levels;
    double sum = 0, used = 0;
    for (size_t i = from; i < to; ++i)
      sum += p[i], used += p[i] != 0;
    for (size_t i = from; i < to; ++i)
      q[i] = p[i] != 0 ? sum / used : 0;
    from = to;
  }
  for (int64_t i = 0, n = h.bins().size(); i < n; ++i)
    if (i < first || i >= end)
      p[i < first ? 0 : p.size() - 1] += static_cast<double>(h.bins()[i]);
  double total = 0, kept = 0, sum = 0;
  for (size_t i = 0; i < p.size(); ++i)
    total += p[i], kept += q[i];
  // A level without mass counts as a little: else one empty bin at an end would decide.
  constexpr double little = 1e-9;
  for (size_t i = 0; i < p.size(); ++i)
    if (p[i] != 0)
      sum += p[i] / total * std::log(p[i] / total / std::max(q[i] / kept, little));
  return sum;
}

Range leastDivergence(const Histogram &h, int64_t levels) {
  Range whole = h.extremes(), best = whole;
  double least = std::numeric_limits<double>::infinity();
  for (double most : candidates(std::max(-whole.low, whole.high))) { // of either sign
    Range range{std::max(whole.low, -most), std::min(whole.high, most)};
    if (double d = divergence(h, range, levels); d < least)
      least = d, best = range;
  }
  return best;
}

} // namespace

llvm::ArrayRef<Calibrator> calibrators() {
  static constexpr Calibrator all[] = {Calibrator::MinMax, Calibrator::Percentile, Calibrator::MSE,
                                       Calibrator::Entropy};
  return all;
}

llvm::StringRef nameOf(Calibrator calibrator) {
  switch (calibrator) {
  case Calibrator::MinMax:
    return "minmax";
  case Calibrator::Percentile:
    return "percentile";
  case Calibrator::MSE:
    return "mse";
  case Calibrator::Entropy:
    return "entropy";
  }
  return "";
}

Range chooseRange(const Histogram &histogram, Calibrator calibrator, unsigned bits) {
  if (histogram.total() == histogram.zeros())
    return {};
  int64_t levels = int64_t(1) << bits;
  switch (calibrator) {
  case Calibrator::MinMax:
    return histogram.extremes();
  case Calibrator::Percentile:
    return percentile(histogram);
  case Calibrator::MSE:
    return leastSquares(histogram, static_cast<double>(levels - 1));
  case Calibrator::Entropy:
    return leastDivergence(histogram, levels);
  }
  return histogram.extremes();
}

} // namespace nnc::quantization
