//===- Crc32c.h - CRC-32C, as the crc32 instruction computes it ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>

namespace nnc {

/// The CRC-32C (Castagnoli) of bytes that come in pieces.
class Crc32c {
public:
  void update(llvm::ArrayRef<char> bytes);
  uint32_t value() const { return ~state; }

private:
  uint32_t state = 0xffffffff;
};

} // namespace nnc
