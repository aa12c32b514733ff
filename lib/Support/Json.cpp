//===- Json.cpp - JSON from files that anybody may have written ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Support/Json.h"

using namespace llvm;

namespace nnc {

bool isNestedDeeper(StringRef text, unsigned most) {
  unsigned depth = 0;
  for (char c : text) { // brackets in strings count, too: real files have few
    if (StringRef("[{(<").contains(c) && ++depth > most)
      return true;
    if (StringRef("]})>").contains(c) && depth > 0)
      --depth;
  }
  return false;
}

Expected<json::Value> parseJson(StringRef text) {
  constexpr unsigned deepest = 1000; // NAME.json needs 6; names may hold brackets
  if (isNestedDeeper(text, deepest))
    return createStringError("is nested too deeply");
  return json::parse(text);
}

} // namespace nnc
