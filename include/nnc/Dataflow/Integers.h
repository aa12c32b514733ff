//===- Integers.h - Integers that are known of a network ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/ElementTypes.h"
#include "dialects/NN/NNOps.h"

#include <optional>
#include <vector>

namespace nnc::dataflow {

/// The integers of an nn.constant, row-major; none if `value` is none, or of floats.
std::optional<std::vector<int64_t>> constantIntegers(mlir::Value value);

/// All integers of an element type (of ui64 those that int64_t holds); of bool 0 and 1.
nn::IntegerRange rangeOf(mlir::Type element);

/// What a clip of integers leaves.
nn::IntegerRange boundsOf(nn::ClipOp clip);

/// What an input can be: where only a clip reads it, as that of a narrow format does, what that
/// leaves.
nn::IntegerRange rangeOfInput(mlir::Value input);

/// The integers that are computed and that the floats `end` rounds are made of, from left to right,
/// each operand's own first: the operands of `nn.bilinear`.
std::vector<mlir::Value> integersBehind(nn::QuantizeOp end);

} // namespace nnc::dataflow
