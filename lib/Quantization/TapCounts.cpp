//===- TapCounts.cpp - Elements that each average is of -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TapCounts.h"

#include <algorithm>

using namespace mlir;

namespace nnc::quantization {

SmallVector<int64_t> tapCounts(nn::AveragePoolOp op, size_t i) {
  size_t spatial = op.getKernel().size();
  int64_t size = op.getInput().getType().getDimSize(i + 2), low = op.getPads()[i],
          high = op.getPads()[spatial + i];
  bool pads = op.getCountIncludePad();
  SmallVector<int64_t> counts;
  for (int64_t o = 0; o < op.getType().getDimSize(i + 2); ++o) {
    int64_t count = 0;
    for (int64_t k = 0; k < op.getKernel()[i]; ++k) {
      int64_t at = o * op.getStrides()[i] - low + k * op.getDilations()[i];
      count += pads ? at < size + high : at >= 0 && at < size;
    }
    counts.push_back(std::max<int64_t>(count, 1));
  }
  return counts;
}

} // namespace nnc::quantization
