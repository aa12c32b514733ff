//===- TestProgram.h - A test program with golden answers -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Support/NetworkFacts.h"

namespace nnc {

/// Raw bytes of inputs and of the right outputs.
struct TestVector {
  std::string name;
  std::vector<std::vector<char>> inputs, outputs;
};

/// NAME_test.c: C99 and C++, freestanding but for two macros that it documents.
std::string testSourceText(const NetworkFacts &facts, size_t vectors);
/// NAME_vectors.h: the bytes.
std::string testVectorsText(const NetworkFacts &facts, llvm::ArrayRef<TestVector> vectors);

} // namespace nnc
