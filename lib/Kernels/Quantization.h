//===- Quantization.h - Between integers and what they stand for ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Kernels/KernelEmitter.h"

namespace nnc {

/// The value of an op of docs/NumericSpec.md, section 9 (nn.quantize to nn.proportion), on scalars
/// or vectors; null for other ops.
mlir::Value emitQuantization(mlir::Operation *op, mlir::ValueRange operands,
                             KernelEmitter &emitter);

/// Whether floats below the floor of arithmetic results may as well be left in `v`: everything that
/// reads it rounds them to 0.
bool isFlooredByQuantize(mlir::Value v);

/// Whether `op` narrows what fills four whole registers cheaper than one by one.
bool narrowsFourRegisters(mlir::Operation *op, const TargetModel &target);

} // namespace nnc
