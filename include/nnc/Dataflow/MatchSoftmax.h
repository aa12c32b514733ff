//===- MatchSoftmax.h - Softmaxes of integers in a network ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include <optional>

namespace nnc::dataflow {

/// A softmax of bytes, as `nn-resolve-softmax` writes it in primitives (NumericSpec, section 8):
/// the quotients `exponential * 2^shift / (factor * sum)`, rounded, halves to even, plus the zero
/// point.
struct Softmax {
  mlir::Value input; ///< i32, at most 255 apart: bytes that were cast
  llvm::SmallVector<int64_t> axes;
  llvm::SmallVector<int64_t> exponentials; ///< by distance from the greatest one, 0 to 255
  int64_t factor = 1, shift = 0, zeroPoint = 0;
  llvm::SmallVector<mlir::Operation *> ops; ///< that it stands for, in no order
};

/// The softmax that `end` ends; none if its operands are made otherwise, are read by others as
/// well, or reach numbers that nn.proportion would clamp.
std::optional<Softmax> matchSoftmax(nn::ProportionOp end);

/// Where an element is among those that are taken together along some axes.
struct Place {
  int64_t group; ///< row-major by the other axes
  int64_t index; ///< row-major by the axes
};
/// Of each element of `shape`, row-major.
std::vector<Place> placesAlong(llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> axes);

} // namespace nnc::dataflow
