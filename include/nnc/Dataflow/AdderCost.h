//===- AdderCost.h - What an adder graph takes on a chip --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Dataflow/AdderGraph.h"

namespace nnc::dataflow {

/// An estimate for devices with six-input tables in front of carry chains (Xilinx 7 and later).
///
/// It is exact where the mapper can do what is meant, which takes some care in Verilog. The wires
/// of the addend must be the operand that the carry multiplexers take, and yosys picks that itself
/// in a sum but not in a difference: `{addend, carry} - {~counted, 1'b1}`, less its lowest bit, is
/// the sum with both carry and order as they should be. Counters are written in `^`, `&`, `|`: as
/// sums they would become chains of their own.
struct AdderCost {
  unsigned tables = 0;    ///< LUTs
  unsigned inverters = 0; ///< in front of a carry multiplexer, which takes wires only

  AdderCost &operator+=(const AdderCost &other);
};

/// A position where two bits meet, or more in a counter, takes one table; where one bit meets the
/// carry it goes straight into the chain.
AdderCost costOf(const Node &node);
AdderCost costOf(const AdderGraph &graph);

} // namespace nnc::dataflow
