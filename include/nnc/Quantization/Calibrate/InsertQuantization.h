//===- InsertQuantization.h - From a float network to one in QDQ form -----===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Quantization/Calibrate/InputMoments.h"
#include "nnc/Quantization/Calibrate/Selection.h"

namespace nnc::quantization {

/// Puts a pair of nn.quantize and nn.dequantize behind each value that Selection chooses, on the
/// grid of its rangeAttr, and makes the weights and biases between them integers: with `moments`,
/// one of each contraction that hasIntegerForm() in the order of the network, such integers that
/// the results are near, without them the nearest ones. Returns the first of each pair in the
/// order of Selection::values(). Failure: a range is missing; reported.
mlir::FailureOr<llvm::SmallVector<nn::QuantizeOp>>
insertQuantization(mlir::func::FuncOp network, llvm::ArrayRef<InputMoments> moments = {},
                   unsigned bits = 8);

} // namespace nnc::quantization
