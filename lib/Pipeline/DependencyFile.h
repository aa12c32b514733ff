//===- DependencyFile.h - What the output depends on, for make and ninja ------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace nnc {

/// Writes `target: dependencies` in make's syntax to the file at `path`, whole or not at all.
llvm::Error writeDependencyFile(llvm::StringRef path, llvm::StringRef target,
                                llvm::ArrayRef<std::string> dependencies);

} // namespace nnc
