//===- Version.h - Who we are --------------------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace nnc {

/// "nn-compile 0.1.0": what generated files and NAME.json carry.
llvm::StringRef compilerVersion();
/// Version of docs/NumericSpec.md that generated code keeps.
llvm::StringRef numericSpecVersion();
/// The text of --version.
std::string versionText();

} // namespace nnc
