//===- Contractions.h - What convolutions and matrix products share ------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"
#include "dialects/NN/Values.h"

namespace nnc::nn {

/// The dimension of a contraction's result that its bias runs along.
inline int64_t channelOf(mlir::Operation *contraction) {
  return mlir::isa<ConvOp>(contraction) ? 1 : typeOf(contraction->getResult(0)).getRank() - 1;
}

} // namespace nnc::nn
