//===- Ports.h - What the caller's tensors stand for ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "../Grid.h"
#include "dialects/NN/NNOps.h"

#include "llvm/Support/Error.h"

namespace nnc::quantization {

/// Ops whose result holds elements of their one operand, and nothing else.
bool rearranges(mlir::Operation *op);

/// The ways of rounding to a grid that a caller may be left with.
enum class Roundings { HalfEven, All };

/// The grid on which all readers of an argument put its floats, or read its integers, perhaps
/// rearranged. Error: why there is none.
llvm::Expected<Grid> gridOfArgument(mlir::BlockArgument argument, Roundings roundings);

/// The grid of the integers that a returned value is, or was a moment before.
llvm::Expected<Grid> gridOfResult(mlir::Value value);

/// Says it of argument or result number `i`; an error is dropped, there is nothing to say then.
void describeArgument(mlir::func::FuncOp network, unsigned i, llvm::Expected<Grid> grid);
void describeResult(mlir::func::FuncOp network, unsigned i, llvm::Expected<Grid> grid);

} // namespace nnc::quantization
