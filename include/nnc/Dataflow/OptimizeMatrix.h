//===- OptimizeMatrix.h - Constant matrices as adder graphs -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Dataflow/AdderGraph.h"

#include "llvm/Support/Error.h"

namespace nnc::dataflow {

/// y[i] = bias[i] + sum over j of weights[i][j] * x[j].
struct ConstantMatrix {
  unsigned outputs = 0, inputs = 0;
  std::vector<int64_t> weights; ///< by outputs, then inputs
  std::vector<int64_t> bias;    ///< one per output

  llvm::ArrayRef<int64_t> row(unsigned i) const {
    return llvm::ArrayRef(weights).slice(size_t(i) * inputs, inputs);
  }
};

struct MatrixOptions {
  /// Carry chains on the longest way; what cannot be had is exceeded as little as possible.
  unsigned maxDepth = ~0u;
  /// Bits that the table in front of a carry chain can count besides the chain's own operand: five
  /// on Xilinx 7 and later; one where the chain adds two wires (iCE40, and ECP5 as yosys maps it).
  unsigned counterBits = Counter::mostBits;
  /// Adds the constants of outputs in the same chains where it can: their words are then the
  /// results themselves, in two's complement if they can be negative.
  bool foldConstants = false;
  /// How many ways of sharing to try; the cheapest is kept. 0: as many as a matrix of this size
  /// leaves time for.
  unsigned tries = 0;
};

/// The adder graph for `matrix` with the fewest tables that was found. Deterministic. Fails if
/// sums may have more than 61 bits.
llvm::Expected<AdderGraph> optimizeMatrix(const ConstantMatrix &matrix,
                                          llvm::ArrayRef<Input> inputs,
                                          const MatrixOptions &options = {});

} // namespace nnc::dataflow
