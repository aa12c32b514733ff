//===- Crc32c.cpp - CRC-32C, as the crc32 instruction computes it --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Support/Crc32c.h"

#include "llvm/Support/Endian.h"

#include <array>

namespace nnc {

using Tables = std::array<std::array<uint32_t, 256>, 8>;

/// tables[k][b]: the CRC of byte b followed by k zero bytes.
static constexpr Tables makeTables() {
  Tables tables = {};
  for (uint32_t b = 0; b < 256; ++b) {
    uint32_t crc = b;
    for (int i = 0; i < 8; ++i)
      crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
    tables[0][b] = crc;
  }
  for (size_t k = 1; k < tables.size(); ++k)
    for (uint32_t b = 0; b < 256; ++b)
      tables[k][b] = tables[k - 1][b] >> 8 ^ tables[0][tables[k - 1][b] & 0xff];
  return tables;
}

void Crc32c::update(llvm::ArrayRef<char> bytes) {
  static constexpr Tables t = makeTables();
  for (; bytes.size() >= 8; bytes = bytes.drop_front(8)) {
    uint64_t w = llvm::support::endian::read64le(bytes.data()) ^ state;
    state = t[7][w & 0xff] ^ t[6][w >> 8 & 0xff] ^ t[5][w >> 16 & 0xff] ^ t[4][w >> 24 & 0xff] ^
            t[3][w >> 32 & 0xff] ^ t[2][w >> 40 & 0xff] ^ t[1][w >> 48 & 0xff] ^ t[0][w >> 56];
  }
  for (char c : bytes)
    state = state >> 8 ^ t[0][(state ^ static_cast<unsigned char>(c)) & 0xff];
}

} // namespace nnc
