//===- DependencyFile.cpp - What the output depends on, for make and ninja ----===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "DependencyFile.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace nnc {

/// The path as make and ninja read it: blanks and '#' behind a backslash, '$' doubled.
static std::string spell(StringRef path) {
  std::string text;
  for (char c : path) {
    if (c == ' ' || c == '\t' || c == '#')
      text += '\\';
    if (c == '$')
      text += '$';
    text += c;
  }
  return text;
}

Error writeDependencyFile(StringRef path, StringRef target, ArrayRef<std::string> dependencies) {
  return writeToOutput(path, [&](raw_ostream &os) {
    os << spell(target) << ':';
    for (const std::string &dependency : dependencies)
      os << " \\\n  " << spell(dependency);
    os << '\n';
    return Error::success();
  });
}

} // namespace nnc
