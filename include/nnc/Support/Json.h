//===- Json.h - JSON from files that anybody may have written ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/Support/JSON.h"

namespace nnc {

/// Whether brackets of `text` stand more than `most` deep inside of each other:
/// recursive parsers would run out of stack.
bool isNestedDeeper(llvm::StringRef text, unsigned most);

/// json::parse, which recurses, on texts of sane depth. Error: it is no JSON.
llvm::Expected<llvm::json::Value> parseJson(llvm::StringRef text);

} // namespace nnc
