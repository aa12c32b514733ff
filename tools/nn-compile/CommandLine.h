//===- CommandLine.h - From arguments to CompileOptions ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Pipeline/CompileOptions.h"

#include <optional>

namespace nnc {

/// What the command line asks for: a compilation, or an exit code once text
/// was printed (0: help, version, lists; 2: wrong usage, told on stderr).
struct Request {
  CompileOptions options;
  std::optional<int> exitCode;
};

Request parseCommandLine(int argc, char **argv);

} // namespace nnc
