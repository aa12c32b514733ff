//===- Extensions.h - What an instruction needs of the core ------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's disassembler decodes every extension for every core, and its MC layer
// does not say which one an opcode belongs to. The encoding and the mnemonic
// do: they are looked up in a table, and what is not in it is refused.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSet.h"

#include <cstdint>
#include <string>

namespace nnc::verify {

/// How an instruction is encoded: a mnemonic may be of one extension in one
/// encoding and of another in the next (vpdpbusd: AVX-VNNI, AVX512-VNNI).
enum class Encoding : uint8_t { Legacy, VEX, EVEX, XOP };

Encoding encodingOf(llvm::ArrayRef<uint8_t> bytes);

/// Whether the bytes, which LLVM calls `name`, use what APX added to encodings.
bool isEncodedForAPX(llvm::ArrayRef<uint8_t> bytes, llvm::StringRef name);

/// Mnemonics in Intel syntax that need the same extensions. Words are separated
/// by blanks; extensions have LLVM's names.
struct ExtensionRow {
  llvm::StringLiteral extensions; ///< empty: every x86-64 has them
  Encoding encoding;
  llvm::StringLiteral mnemonics;
};

// ExtensionTable.cpp
llvm::ArrayRef<ExtensionRow> extensionRows();
/// EVEX mnemonics of which no form needs AVX512VL: scalars and the like.
llvm::StringRef fixedLengthMnemonics();

/// What one instruction needs.
struct Need {
  std::string refusal;   ///< what the core lacks, if so
  unsigned isaLevel = 1; ///< the least psABI level of x86-64 that has it
};

/// A core with a list of features.
class Extensions {
public:
  explicit Extensions(llvm::ArrayRef<std::string> features);
  Need needOf(llvm::StringRef mnemonic, llvm::ArrayRef<uint8_t> bytes) const;

private:
  void admit(llvm::StringRef feature);

  llvm::StringSet<> has;
};

} // namespace nnc::verify
