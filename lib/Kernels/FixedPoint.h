//===- FixedPoint.h - Scaled integers and quotients -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Kernels/KernelEmitter.h"

namespace nnc {

/// The i32 that nn.rescale makes of `x`, before zero point and clamp. Scalars or vectors of i32.
mlir::Value emitScaled(nn::RescaleOp op, mlir::Value x, mlir::Value multiplier, mlir::Value shift,
                       KernelEmitter &emitter);

/// The i32 that nn.proportion makes of `x`, before zero point and clamp; `sum` is i64.
mlir::Value emitQuotient(nn::ProportionOp op, mlir::Value x, mlir::Value sum,
                         KernelEmitter &emitter);

} // namespace nnc
