//===- Judge.h - Whether answers are right -------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Pipeline/Session.h"

namespace nnc {

/// What is wrong with `outputs`, one complaint per tensor; empty: nothing.
using Complaints = std::vector<std::string>;

/// Compiled code must give the interpreter's bits. All NaNs are equal.
Complaints judgeBits(const DataSet &set, llvm::ArrayRef<Port> ports, llvm::ArrayRef<Tensor> native,
                     llvm::ArrayRef<Tensor> interpreted);

/// The expected outputs that `set` knows come from other arithmetic: close is
/// right (1e-3 relative, 1e-4 of the largest magnitude, at least 1).
Complaints judgeCloseness(const DataSet &set, llvm::ArrayRef<Port> ports,
                          llvm::ArrayRef<Tensor> outputs);

/// "12 of 100 elements differ, first 3: native 1, interpreter 2"
std::string describeDifference(const Tensor &native, const Tensor &interpreted);

} // namespace nnc
