//===- RuntimeHeader.cpp - nn_runtime.h inside of our programs -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Support/RuntimeHeader.h"

namespace nnc {

llvm::StringRef runtimeHeaderText() {
  static constexpr llvm::StringLiteral text =
#include "runtime/RuntimeHeader.inc"
      ;
  return text;
}

} // namespace nnc
