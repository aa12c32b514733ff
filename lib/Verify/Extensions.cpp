//===- Extensions.cpp - What an instruction needs of the core --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Extensions.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;

namespace nnc::verify {
namespace {

/// Without the prefixes that precede every other one.
ArrayRef<uint8_t> dropLegacyPrefixes(ArrayRef<uint8_t> bytes) {
  return bytes.drop_while([](uint8_t b) {
    return b == 0x66 || b == 0xF2 || b == 0xF3 || b == 0x2E || b == 0x36 || b == 0x3E ||
           b == 0x26 || b == 0x64 || b == 0x65 || b == 0x67 || b == 0xF0;
  });
}

constexpr uint8_t vex2 = 0xC5, vex3 = 0xC4, evex = 0x62, rex2 = 0xD5, xop = 0x8F;

/// What a feature brings along, so that lists may name the last of a line.
StringRef impliedBy(StringRef feature) {
  return StringSwitch<StringRef>(feature)
      .Case("sse4.2", "sse4.1 ssse3 sse3")
      .Case("avx", "sse4.2 xsave")
      .Cases("avx2", "fma", "f16c", "avx")
      .Case("avx512f", "avx2 fma f16c")
      .Case("amx-int8", "amx-tile")
      .Default("");
}

/// The least psABI level that has an extension. Those that no level has are
/// used with others of their row, which have one.
unsigned levelOf(StringRef extension) {
  return StringSwitch<unsigned>(extension)
      .Cases("sse3", "ssse3", "sse4.1", "sse4.2", "popcnt", 2)
      .Cases("avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe", "xsave", 3)
      .Cases("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", 4)
      .Cases("avxvnni", "avxvnniint8", "avxvnniint16", "avxifma", "vaes", "vpclmulqdq", 3)
      .Default(1);
}

std::string keyOf(Encoding encoding, StringRef mnemonic) {
  return (Twine(unsigned(encoding)) + ":" + mnemonic).str();
}

template <typename F>
void forEachWord(StringRef text, F f) {
  for (StringRef rest = text; !rest.empty();) {
    auto [word, after] = rest.split(' ');
    f(word);
    rest = after;
  }
}

/// The extensions of each encoding and mnemonic.
const StringMap<StringRef> &table() {
  static const StringMap<StringRef> map = [] {
    StringMap<StringRef> made;
    for (const ExtensionRow &row : extensionRows())
      forEachWord(row.mnemonics,
                  [&](StringRef word) { made[keyOf(row.encoding, word)] = row.extensions; });
    return made;
  }();
  return map;
}

/// Whether an EVEX instruction works on 128 or 256 bits: L'L, which says how to
/// round where the broadcast bit stands before two registers.
bool isShort(ArrayRef<uint8_t> bytes, StringRef mnemonic) {
  static const StringSet<> fixedLength = [] {
    StringSet<> made;
    forEachWord(fixedLengthMnemonics(), [&](StringRef word) { made.insert(word); });
    return made;
  }();
  bytes = dropLegacyPrefixes(bytes);
  if (bytes.size() < 6 || fixedLength.contains(mnemonic))
    return false;
  bool twoRegisters = bytes[5] >> 6 == 3, broadcastBit = bytes[3] >> 4 & 1;
  return !(twoRegisters && broadcastBit) && (bytes[3] >> 5 & 3) < 2;
}

/// Of the one mnemonic whose forms need different extensions: the word in a general register, as
/// SSE2 has it, where SSE4.1 adds one that stores.
bool isFirstExtract(ArrayRef<uint8_t> bytes, StringRef mnemonic) {
  bytes = dropLegacyPrefixes(bytes);
  if (!bytes.empty() && bytes[0] >> 4 == 4) // REX
    bytes = bytes.drop_front();
  return mnemonic == "pextrw" && bytes.size() > 1 && bytes[0] == 0x0F && bytes[1] == 0xC5;
}

} // namespace

Encoding encodingOf(ArrayRef<uint8_t> bytes) {
  bytes = dropLegacyPrefixes(bytes);
  if (bytes.empty())
    return Encoding::Legacy;
  if (bytes[0] == vex2 || bytes[0] == vex3)
    return Encoding::VEX;
  if (bytes[0] == evex)
    return Encoding::EVEX;
  bool isPop = bytes.size() < 2 || (bytes[1] & 0x1F) < 8; // the same first byte
  return bytes[0] == xop && !isPop ? Encoding::XOP : Encoding::Legacy;
}

/// APX has a prefix of its own; of EVEX it uses a map of its own and two bits
/// that were fixed before.
bool isEncodedForAPX(ArrayRef<uint8_t> bytes, StringRef name) {
  bytes = dropLegacyPrefixes(bytes);
  if (!bytes.empty() && bytes[0] == rex2)
    return true;
  if (bytes.size() < 3 || bytes[0] != evex)
    return false;
  constexpr uint8_t maps = 7, map4 = 4, baseBit = 8, indexBit = 4;
  return (bytes[1] & maps) == map4 || (bytes[1] & baseBit) || !(bytes[2] & indexBit) ||
         name.contains("_EVEX") || name.contains("_NF") || name.contains("_ND");
}

Extensions::Extensions(ArrayRef<std::string> features) {
  for (const std::string &feature : features)
    admit(feature);
}

void Extensions::admit(StringRef feature) {
  if (has.insert(feature).second)
    forEachWord(impliedBy(feature), [&](StringRef word) { admit(word); });
}

Need Extensions::needOf(StringRef mnemonic, ArrayRef<uint8_t> bytes) const {
  Encoding encoding = encodingOf(bytes);
  auto row = table().find(keyOf(encoding, mnemonic));
  if (row == table().end())
    return {"belongs to no instruction set extension that the checker knows", 1};
  Need need;
  std::string missing;
  auto require = [&](StringRef extension) {
    need.isaLevel = std::max(need.isaLevel, levelOf(extension));
    if (!has.contains(extension))
      missing += (missing.empty() ? "" : ", ") + extension.str();
  };
  if (!isFirstExtract(bytes, mnemonic))
    forEachWord(row->second, require);
  if (encoding == Encoding::EVEX && isShort(bytes, mnemonic))
    require("avx512vl");
  if (!missing.empty())
    need.refusal = "needs " + missing + ", which the core lacks";
  return need;
}

} // namespace nnc::verify
