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
  /// Of a convolution, or of a product whose right factor is a matrix. Others, and those with
  /// more than `mostInputs`, collect nothing: the matrix would not fit.
  explicit InputMoments(mlir::Operation *contraction);
  static constexpr int64_t mostInputs = 2048;

  /// Adds some of the rows, or of the windows, of an input to the contraction.
  void add(const interpreter::Tensor &input);

  /// Whether nothing was added.
  bool empty() const { return rows == 0; }
  int64_t inputs() const { return count; }
  int64_t groups() const { return matrices.size(); }
  /// The matrix of a group, row-major, as estimated from the rows that were seen: the fewer they
  /// are, the less of the products of unlike inputs is believed.
  std::vector<double> estimate(int64_t group) const;

private:
  void addRow(int64_t group, llvm::ArrayRef<float> row);
  void addWindows(nn::ConvOp conv, const interpreter::Tensor &input);
  void addRows(const interpreter::Tensor &input);

  mlir::Operation *contraction;
  int64_t count = 0;                         ///< K
  int64_t rows = 0, samples = 0;             ///< added, of each group
  std::vector<std::vector<double>> matrices; ///< by group, i <= j only
};

} // namespace nnc::quantization
