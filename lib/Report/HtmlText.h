//===- HtmlText.h - Text in a page ------------------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

#include <string>

namespace nnc {

/// `text`, whatever it is, as text of HTML.
inline std::string escape(llvm::StringRef text) {
  std::string out;
  llvm::raw_string_ostream os(out);
  llvm::printHTMLEscaped(llvm::json::fixUTF8(text), os);
  return out;
}

} // namespace nnc
