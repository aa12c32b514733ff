//===- BuildProgram.h - Networks of integers as programs ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Dataflow/Sequencer/Program.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace nnc::sequencer {

/// The program of a network whose inputs and outputs are integers, behind nn-prove-elementwise and
/// nn-prove-requantization. Where that cannot be, an error at each op that stands in the way.
mlir::FailureOr<Program> buildProgram(mlir::func::FuncOp network, llvm::StringRef name,
                                      unsigned lanes);

} // namespace nnc::sequencer
