//===- Header.h - The C header of a network ------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Support/NetworkFacts.h"

namespace nnc {

/// The text of NAME.h: C99 and C++, freestanding.
std::string headerText(const NetworkFacts &facts);

/// `text` as a C string literal.
std::string cString(llvm::StringRef text);

/// `text` made harmless inside of a C comment.
std::string commentText(llvm::StringRef text);

} // namespace nnc
