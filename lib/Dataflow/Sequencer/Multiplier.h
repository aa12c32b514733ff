//===- Multiplier.h - Multipliers of carry chains -----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/Wires.h"

namespace nnc::sequencer {

using mlir::Value;

/// A product of signed numbers is `value` + `carry`, the carry to be added by whoever adds the
/// product to something.
struct Product {
  Value value;
  Value carry; ///< a bit
};

/// x * y. Without multiplier blocks by Booth's recoding: a digit of -2 to 2 for two bits of the
/// factor with fewer rows of cells. Each row is one carry chain of cells with six inputs: a third
/// of what synthesis makes of `*`.
Product multiply(rtl::Wires &w, Value x, Value y, bool hasBlocks);

/// x + y + carry, in one carry chain. If there is a carry, its tables hold the logic in front of y
/// where x and the carry are there as wires.
Value addWithCarry(rtl::Wires &w, Value x, Value y, Value carry);

} // namespace nnc::sequencer
