//===- RuntimeHeader.h - nn_runtime.h inside of our programs --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

namespace nnc {

/// The text of nn_runtime.h, which NAME.h includes.
llvm::StringRef runtimeHeaderText();

} // namespace nnc
