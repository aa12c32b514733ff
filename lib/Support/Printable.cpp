//===- Printable.cpp - Names of a model on the user's terminal -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Support/Printable.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Unicode.h"

using namespace llvm;

namespace nnc {

/// The code point that `text` begins with, cut off from it; none: no UTF-8.
static std::optional<UTF32> takeCodePoint(StringRef &text) {
  const auto *at = reinterpret_cast<const UTF8 *>(text.begin());
  const auto *end = reinterpret_cast<const UTF8 *>(text.end());
  UTF32 code;
  if (convertUTF8Sequence(&at, end, &code, strictConversion) != conversionOK)
    return std::nullopt;
  text = StringRef(reinterpret_cast<const char *>(at), end - at);
  return code;
}

std::string printable(StringRef text) {
  std::string out;
  while (!text.empty()) {
    StringRef before = text;
    std::optional<UTF32> code = takeCodePoint(text);
    if (code && sys::unicode::isPrintable(static_cast<int>(*code))) {
      out += before.drop_back(text.size());
    } else if (code && *code >= 0x80) {
      out += "\\u{" + utohexstr(*code, /*LowerCase=*/true) + "}";
    } else {
      out += "\\x" + utohexstr(static_cast<uint8_t>(before[0]), /*LowerCase=*/true, 2);
      text = before.drop_front();
    }
  }
  return out;
}

} // namespace nnc
