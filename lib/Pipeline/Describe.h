//===- Describe.h - A plan as facts for headers and reports --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Compilation.h"
#include "nnc/Support/NetworkFacts.h"
#include "nnc/Target/CPU/Constants.h"

namespace nnc {

/// Everything that is known before code generation. None: an input or output
/// has no C type, or there are too many steps; reported.
std::optional<NetworkFacts> describeProgram(const Compilation &compilation, plan::ProgramOp program,
                                            const ConstantSection &section);

/// Multiply-accumulates of one contraction, results times taps of each; 0 for other ops.
int64_t countMacs(mlir::Operation *op);
/// Those of all ops in a network.
int64_t countMacs(mlir::ModuleOp network);

} // namespace nnc
