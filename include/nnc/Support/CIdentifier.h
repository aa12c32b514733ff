//===- CIdentifier.h - C names from names of the network -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"

#include <string>

namespace nnc {

/// Whether C99 or C++17 keep `name` for themselves.
bool isReservedIdentifier(llvm::StringRef name);

/// `text` as a C and C++ identifier: other characters become '_', a leading
/// digit gets '_' before it, reserved words '_' behind them.
std::string makeCIdentifier(llvm::StringRef text);

/// The same, made different from all of `taken` by a number, and added to it.
std::string makeUniqueCIdentifier(llvm::StringRef text, llvm::StringSet<> &taken);

/// Why C would mix up a network called `name` with nn_runtime.h, which its header includes; empty
/// if it would not.
std::string networkNameProblem(llvm::StringRef name);

/// Whether a library of the system is called lib`name`.
bool isSystemLibrary(llvm::StringRef name);

/// The name of a network whose model is called `text`.
std::string makeNetworkName(llvm::StringRef text);

} // namespace nnc
