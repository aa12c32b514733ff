//===- CIdentifier.cpp - C names from names of the network ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Support/CIdentifier.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

using namespace llvm;

namespace nnc {

/// <stdint.h>'s types and macros, present and future ones (C11 7.31.10).
static bool isOfStdint(StringRef name) {
  auto begins = [&](ArrayRef<StringRef> words) {
    return any_of(words, [&](StringRef word) { return name.starts_with(word); });
  };
  auto ends = [&](ArrayRef<StringRef> words) {
    return any_of(words, [&](StringRef word) { return name.ends_with(word); });
  };
  if (name.ends_with("_t"))
    return begins({"int", "uint"});
  return begins({"INT", "UINT", "PTRDIFF_", "SIG_ATOMIC_", "SIZE_", "WCHAR_", "WINT_"}) &&
         ends({"_MAX", "_MIN", "_C", "_WIDTH"});
}

bool isReservedIdentifier(StringRef name) {
  static const StringSet<> words = {"alignas",
                                    "alignof",
                                    "and",
                                    "and_eq",
                                    "asm",
                                    "auto",
                                    "bitand",
                                    "bitor",
                                    "bool",
                                    "break",
                                    "case",
                                    "catch",
                                    "char",
                                    "char16_t",
                                    "char32_t",
                                    "class",
                                    "compl",
                                    "const",
                                    "const_cast",
                                    "constexpr",
                                    "continue",
                                    "decltype",
                                    "default",
                                    "delete",
                                    "do",
                                    "double",
                                    "dynamic_cast",
                                    "else",
                                    "enum",
                                    "explicit",
                                    "export",
                                    "extern",
                                    "false",
                                    "float",
                                    "for",
                                    "friend",
                                    "goto",
                                    "if",
                                    "inline",
                                    "int",
                                    "long",
                                    "main",
                                    "mutable",
                                    "namespace",
                                    "new",
                                    "noexcept",
                                    "not",
                                    "not_eq",
                                    "nullptr",
                                    "operator",
                                    "or",
                                    "or_eq",
                                    "private",
                                    "protected",
                                    "public",
                                    "register",
                                    "reinterpret_cast",
                                    "restrict",
                                    "return",
                                    "short",
                                    "signed",
                                    "sizeof",
                                    "static",
                                    "static_assert",
                                    "static_cast",
                                    "struct",
                                    "switch",
                                    "template",
                                    "this",
                                    "thread_local",
                                    "throw",
                                    "true",
                                    "try",
                                    "typedef",
                                    "typeid",
                                    "typename",
                                    "typeof",
                                    "union",
                                    "unsigned",
                                    "using",
                                    "virtual",
                                    "void",
                                    "volatile",
                                    "wchar_t",
                                    "while",
                                    "xor",
                                    "xor_eq",
                                    "linux",
                                    "unix",
                                    "errno",
                                    "NULL",
                                    "EOF"};
  bool implementation =
      name.starts_with("__") || (name.size() > 1 && name[0] == '_' && isUpper(name[1]));
  return implementation || isOfStdint(name) || words.contains(name);
}

std::string makeCIdentifier(StringRef text) {
  std::string name;
  for (char c : text)
    if (isAlnum(c) || c == '_')
      name += c;
    else if (name.empty() || name.back() != '_')
      name += '_';
  if (name.empty() || isDigit(name[0]))
    name = "_" + name;
  // Identifiers that begin with '_' are the implementation's at file scope.
  while (name.size() > 1 && name[0] == '_' && !isDigit(name[1]))
    name.erase(0, 1);
  if (name[0] == '_')
    name = "t" + name;
  if (isReservedIdentifier(name))
    name += "_";
  return name;
}

std::string makeUniqueCIdentifier(StringRef text, StringSet<> &taken) {
  std::string base = makeCIdentifier(text), name = base;
  for (unsigned n = 2; !taken.insert(name).second; ++n)
    name = (base + "_" + Twine(n)).str();
  return name;
}

std::string networkNameProblem(StringRef name) {
  if (name == "nn")
    return "'nn' would declare nn_model, which is a type of nn_runtime.h";
  if (name.equals_insensitive("nn_runtime")) // some file systems take both for one
    return ("'" + name + "' would overwrite nn_runtime.h").str();
  return "";
}

bool isSystemLibrary(StringRef name) {
  static constexpr StringLiteral libraries[] = {
      "anl",    "asan",  "atomic", "c",    "crypt", "crypto",  "curses", "dl",
      "gcc",    "gcc_s", "gomp",   "m",    "mvec",  "ncurses", "nsl",    "pthread",
      "resolv", "rt",    "ssl",    "supc", "tsan",  "ubsan",   "util",   "z"};
  return is_contained(libraries, name);
}

std::string makeNetworkName(StringRef text) {
  std::string name = makeCIdentifier(text);
  return networkNameProblem(name).empty() ? name : name + "_";
}

} // namespace nnc
