//===- ShiftInput.h - Contractions of inputs that count from elsewhere --------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

namespace nnc::quantization {

/// Whether shiftInput can: weights and bias are known, and one bias per output channel can hold
/// what is added.
bool canShiftInput(mlir::Operation *contraction);

/// The input of an integer `contraction` has become greater by `by` everywhere: its bias gives
/// back `by` times the sums of its weights, and its padding is greater, too.
void shiftInput(mlir::Operation *contraction, int64_t by);

} // namespace nnc::quantization
