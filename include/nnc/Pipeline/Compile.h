//===- Compile.h - One compilation from model to files -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Pipeline/CompileOptions.h"

namespace nnc {

/// Compiles `options.model` into the output folder, or prints IR to stdout if
/// `options.stopAfter` is set. On failure every reason was printed to stderr
/// and the file system is as it was.
bool compile(const CompileOptions &options);

} // namespace nnc
