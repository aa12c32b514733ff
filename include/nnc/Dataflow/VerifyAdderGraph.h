//===- VerifyAdderGraph.h - An adder graph computes its matrix --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Dataflow/OptimizeMatrix.h"

namespace nnc::dataflow {

/// Proves that `graph` gives the products and sums of `matrix` for all values of its inputs, and
/// that each word holds its values; says what is wrong if not. It shares no code with the
/// optimizer and does not try inputs: it follows factors from the outputs back through the chains.
llvm::Error verifyAdderGraph(const AdderGraph &graph, const ConstantMatrix &matrix);

} // namespace nnc::dataflow
