//===- WordLogic.h - What synthesis makes of each operator -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "BitNetwork.h"
#include "dialects/RTL/RTLOps.h"

namespace nnc::hls {

/// The result of a combinational op, lowest bit first, as yosys builds it for Xilinx 7.
Bits buildLogic(BitNetwork &network, mlir::Operation *op,
                llvm::ArrayRef<llvm::ArrayRef<Bit>> operands);

/// The word at `index` of `words`, by multiplexers.
Bits lookUp(BitNetwork &network, llvm::ArrayRef<Bit> index, llvm::ArrayRef<Bits> words);

/// The words of a table or memory.
std::vector<Bits> wordsOf(mlir::ElementsAttr contents);

} // namespace nnc::hls
