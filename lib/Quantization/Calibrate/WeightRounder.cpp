//===- WeightRounder.cpp - Which integers weights become -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "WeightRounder.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nnc::quantization {

WeightRounder::WeightRounder(std::vector<double> moments, int64_t count)
    : count(count), order(count), triangle(count * count, 0) {
  auto moment = [&](int64_t i, int64_t j) { return moments[order[i] * count + order[j]]; };
  std::iota(order.begin(), order.end(), 0);
  // The last is rounded first, so that the weak ones make up for the strong.
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return moments[a * count + a] < moments[b * count + b];
  });
  // A little more on the diagonal: an input that hardly ever moved has a weight nevertheless.
  double mean = 0;
  for (int64_t i = 0; i < count; ++i)
    mean += moment(i, i) / double(count);
  double little = mean > 0 ? 1e-3 * mean : 1;
  // Cholesky, row by row: R[i][j] = (M[i][j] - sum over k < i of R[k][i] R[k][j]) / R[i][i].
  for (int64_t i = 0; i < count; ++i) {
    double *row = &triangle[i * count];
    for (int64_t j = i; j < count; ++j)
      row[j] = moment(i, j);
    row[i] += little;
    for (int64_t k = 0; k < i; ++k)
      if (double factor = triangle[k * count + i]; factor != 0)
        for (int64_t j = i; j < count; ++j)
          row[j] -= factor * triangle[k * count + j];
    double pivot = std::sqrt(std::max(row[i], little / 2)); // of what rounding leaves of it
    row[i] = pivot;
    for (int64_t j = i + 1; j < count; ++j)
      row[j] /= pivot;
  }
}

std::vector<int64_t> WeightRounder::round(llvm::ArrayRef<float> weights, double scale,
                                          double most) const {
  std::vector<int64_t> rounded(count);
  std::vector<double> errors(count, 0);
  for (int64_t i = count - 1; i >= 0; --i) {
    const double *row = &triangle[i * count];
    double carried = 0;
    for (int64_t j = i + 1; j < count; ++j)
      carried += row[j] * errors[j];
    double weight = weights[order[i]];
    double nearest = std::nearbyint(std::clamp((weight + carried / row[i]) / scale, -most, most));
    rounded[order[i]] = static_cast<int64_t>(nearest);
    errors[i] = weight - scale * nearest;
  }
  return rounded;
}

} // namespace nnc::quantization
