//===- Oracle.h - What the right answer is -------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Compilation.h"
#include "nnc/Pipeline/Session.h"

namespace nnc {

/// The network's inputs and outputs in the order of the C signature.
std::vector<Port> inputPorts(const Compilation &compilation);
std::vector<Port> outputPorts(const Compilation &compilation);

/// The outputs by the interpreter: of the network at the reference point, or
/// of the plan where compilation began with one.
llvm::Expected<std::vector<Tensor>> interpretNetwork(const Compilation &compilation,
                                                     llvm::ArrayRef<Tensor> inputs);

} // namespace nnc
