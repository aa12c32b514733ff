//===- Printable.h - Names of a model on the user's terminal -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace nnc {

/// `text` as one line that a terminal shows as it stands: line breaks, escapes,
/// marks that turn the direction and bytes that are no UTF-8 become `\x1b` or
/// `\u{202e}`. A model's names could otherwise forge what we say about it.
std::string printable(llvm::StringRef text);

} // namespace nnc
