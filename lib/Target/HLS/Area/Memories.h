//===- Memories.h - Which memory becomes which cells -------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>

namespace nnc::hls {

/// What yosys makes of a memory on Xilinx 7.
struct MemoryShape {
  enum Kind { Blocks, Tables, Logic };

  Kind kind = Logic;
  int64_t blocks = 0; ///< of 18 or 36 Kbit
  int64_t banks = 1;  ///< one after another in the address, which a multiplexer chooses between
  int64_t bankWords = 0;
};

MemoryShape shapeOfRom(int64_t words, unsigned width);
MemoryShape shapeOfRam(int64_t words, unsigned width);

/// LUTs of a RAM in tables: four for each RAM32M or RAM64M.
int64_t tablesOf(const MemoryShape &shape, unsigned width);

} // namespace nnc::hls
