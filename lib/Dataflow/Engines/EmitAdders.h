//===- EmitAdders.h - Adder graphs as rtl ops ----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/Wires.h"
#include "nnc/Dataflow/AssignStages.h"

namespace nnc::dataflow {

/// A number on wires, and what it can be.
struct Number {
  mlir::Value bits; ///< as wide as flow::widthFor says, in two's complement if it can be negative
  Interval values;
};

/// The outputs of `graph` for numbers whose bits are those of its inputs, each in the pipeline's
/// last stage. Registers move with the enable of `wires`.
llvm::SmallVector<Number> emitAdders(rtl::Wires &wires, const AdderGraph &graph,
                                     const Pipeline &pipeline, llvm::ArrayRef<Number> inputs);

} // namespace nnc::dataflow
