//===- InputMoments.h - What weights are multiplied by -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"
#include "nnc/Interpreter/Tensor.h"

#include <vector>

namespace nnc::quantization {

/// The second moments of the K inputs that each result of a contraction takes: entry (i, j) of a
/// K x K matrix is the sum of input i times input j. So the squared error that wrong weights w + e
/// cause in the results is e' M e. Groups of a convolution have a matrix each.
class InputMoments {
public:
  using Matrix = std::vector<double>; ///< K x K, row-major

  /// Of a convolution, or of a product whose right factor is a matrix. Others, and those with
  /// more than `mostInputs`, collect nothing: the matrix would not fit.
  explicit InputMoments(mlir::Operation *contraction);
  static constexpr int64_t mostInputs = 2048;

  /// Adds one sample: some of the rows, or of the windows, of an input to the contraction.
  void add(const interpreter::Tensor &input);

  /// Whether nothing was added.
  bool empty() const { return samples == 0; }
  int64_t inputs() const { return count; }
  int64_t groups() const { return matrices.size(); }
  /// The matrix of a group, with the products of unlike inputs shrunk towards 0: the less the
  /// samples agree on them, and the fewer they are, the more.
  Matrix estimate(int64_t group) const;

private:
  void addWindows(nn::ConvOp conv, const interpreter::Tensor &input,
                  llvm::MutableArrayRef<Matrix> own) const;
  void addRows(const interpreter::Tensor &input, Matrix &own) const;
  /// The sum of the squares of the products of unlike inputs.
  double squareOfUnlike(const Matrix &matrix) const;
  /// By how much estimate() shrinks, from 0 to 1: the variance of the products' means over the
  /// squares of the means, summed over the products (Ledoit and Wolf 2004; towards a diagonal,
  /// Schaefer and Strimmer 2005). It is the variance between samples, because windows of one
  /// sample overlap and are no independent observations. Of a single sample nothing is believed.
  double shrinkage(int64_t group) const;

  mlir::Operation *contraction;
  int64_t count = 0; ///< K
  int64_t samples = 0;
  std::vector<Matrix> matrices; ///< by group, i <= j only: the sum over the samples
  std::vector<double> squares;  ///< by group, squareOfUnlike() of each sample, summed
};

} // namespace nnc::quantization
