//===- Memories.cpp - Which memory becomes which cells ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The prices are those of yosys 0.23 (memory_libmap, and the files lutrams_xc5v.txt
// and brams_xc4v.txt that it reads for Xilinx 7). It takes the cheapest.
//
//===----------------------------------------------------------------------===//
#include "Memories.h"

#include "llvm/Support/MathExtras.h"

#include <initializer_list>

using namespace llvm;

namespace nnc::hls {
namespace {

constexpr double perMux = .5, perLogicBit = 1. / 64;

struct Priced {
  MemoryShape shape;
  double cost = 0;
};

void improve(Priced &best, const Priced &other) {
  if (other.cost < best.cost)
    best = other;
}

/// The cheapest way to build it of blocks; one has 2^14 or 2^15 bits besides those of parity, in
/// words of up to `widest`.
Priced inBlocks(int64_t words, unsigned width, bool isWritten) {
  Priced best;
  best.cost = 1e30;
  for (auto [addressBits, cost, widest] : {std::tuple(14, 129., 36u), {15, 257., 72u}})
    for (auto [scale, unit] :
         {std::pair(0u, 1u), {1, 2}, {2, 4}, {3, 9}, {4, 18}, {5, 36}, {6, 72}}) {
      if (unit > widest)
        continue;
      int64_t bankWords = int64_t(1) << (addressBits - scale);
      int64_t banks = divideCeil(words, bankWords);
      // Whoever writes has an enable for a byte of nine bits.
      int64_t bits = isWritten ? alignTo(width, std::min(unit, 9u)) : width;
      int64_t blocks = divideCeil(banks * bits, unit);
      double price = cost * blocks + (banks - 1) * double(width) * perMux +
                     (isWritten && banks > 1 ? banks * perMux : 0);
      improve(best, {{MemoryShape::Blocks, blocks, banks, bankWords}, price});
    }
  return best;
}

} // namespace

MemoryShape shapeOfRom(int64_t words, unsigned width) {
  Priced best{{MemoryShape::Logic, 0, 1, words}, double(words) * width * perLogicBit};
  improve(best, inBlocks(words, width, /*isWritten=*/false));
  return best.shape;
}

MemoryShape shapeOfRam(int64_t words, unsigned width) {
  Priced best = inBlocks(words, width, /*isWritten=*/true);
  for (auto [bankWords, unit] : {std::pair(32, 6), {64, 3}}) {
    int64_t banks = divideCeil(words, bankWords);
    int64_t cells = divideCeil(banks * width, unit);
    constexpr double emulated = 2; // the register behind it
    double price = cells + 7. * double(banks * width) / unit + (banks - 1) * width * perMux +
                   (banks > 1 ? banks * perMux : 0) + emulated;
    improve(best, {{MemoryShape::Tables, 0, banks, bankWords}, price});
  }
  return best.shape;
}

int64_t tablesOf(const MemoryShape &shape, unsigned width) {
  int64_t unit = shape.bankWords == 32 ? 6 : 3;
  return shape.kind == MemoryShape::Tables ? 4 * divideCeil(shape.banks * width, unit) : 0;
}

} // namespace nnc::hls
