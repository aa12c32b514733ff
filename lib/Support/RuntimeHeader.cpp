//===- RuntimeHeader.cpp - nn_runtime.h inside of the compiler -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/CPU/Header.h"

namespace nnc {

llvm::StringRef runtimeHeaderText() {
  static constexpr llvm::StringLiteral text =
#include "runtime/RuntimeHeader.inc"
      ;
  return text;
}

} // namespace nnc
