//===- Fingerprint.h - The code of a network, linked or not ------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "ControlFlow.h"

namespace nnc::verify {

/// SHA-256 of the code that the network's entry points reach, the constants that
/// it names among it; the same in an object and in what is linked from it.
std::string fingerprint(const Image &image, const ControlFlow &flow, llvm::StringRef name);

} // namespace nnc::verify
