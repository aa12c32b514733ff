//===- MemoryWriter.h - Memories as Verilog -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/RTLOps.h"

#include "llvm/Support/raw_ostream.h"

namespace nnc::hls {

/// A module that loads its words from `image`.
void writeRomOfImage(rtl::RomOp rom, llvm::StringRef image, llvm::raw_ostream &os);
/// A module that holds its words as a `case`.
void writeRomOfCase(rtl::RomOp rom, llvm::raw_ostream &os);
/// The words as $readmemh reads them, one a line.
void writeImage(rtl::RomOp rom, llvm::raw_ostream &os);

void writeRam(rtl::RamOp ram, llvm::raw_ostream &os);

} // namespace nnc::hls
