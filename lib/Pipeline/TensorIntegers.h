//===- TensorIntegers.h - Tensors as lists of integers ---------------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Interpreter/Tensor.h"

#include <vector>

namespace nnc {

/// The tensor whose elements are these integers, row-major.
interpreter::Tensor tensorOf(mlir::RankedTensorType type, llvm::ArrayRef<int64_t> values);

std::vector<int64_t> integersOf(const interpreter::Tensor &tensor);

} // namespace nnc
