//===- Lookup.h - Tables in registers -------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Kernels/KernelEmitter.h"

namespace nnc {

/// nn.lookup: selected in registers.
mlir::Value emitLookup(nn::LookupOp op, mlir::Value index, KernelEmitter &emitter);

} // namespace nnc
