//===- WeightRounder.h - Which integers weights become -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Quantization/Calibrate/InputMoments.h"

namespace nnc::quantization {

/// Rounds the weights of one result so that its squared error on typical inputs is small: one
/// weight after the other, each to the integer that makes up best for the errors of those before
/// (the nearest plane of Babai 1986; GPTQ, Frantar et al. 2022, is the same).
class WeightRounder {
public:
  /// Of results that take `count` inputs with these second moments.
  WeightRounder(std::vector<double> moments, int64_t count);

  /// Integers of magnitude up to `most` that `scale` times are near to `weights`.
  std::vector<int64_t> round(llvm::ArrayRef<float> weights, double scale, double most) const;

private:
  int64_t count;
  std::vector<int64_t> order;   ///< the inputs, the weakest first
  std::vector<double> triangle; ///< R, upper, in that order: moments = R' R
};

} // namespace nnc::quantization
