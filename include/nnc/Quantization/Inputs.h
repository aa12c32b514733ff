//===- Inputs.h - What enters a network -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/Value.h"

#include <string>

namespace nnc::quantization {

/// Why the floats of `argument` cannot come as integers: "'norm' reads it as it is".
std::string whyFloats(mlir::BlockArgument argument);

} // namespace nnc::quantization
