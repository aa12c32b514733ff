//===- BuildGraph.h - Linear forms to adders --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "LinearForms.h"

namespace nnc::dataflow {

/// What becomes of an output: (negative ? -1 : 1) * (row << shift) + constant, or the constant.
struct RowUse {
  std::optional<unsigned> row;
  unsigned shift = 0;
  bool negative = false;
  int64_t constant = 0;
};

struct BuildOptions {
  unsigned counterBits = Counter::mostBits;
  unsigned maxDepth = ~0u; ///< of carry chains
  /// Adds the constants of the outputs in the same chains, where the row is no other's operand.
  bool foldConstants = false;
};

/// Adds up every form that an output needs.
AdderGraph buildGraph(const LinearForms &forms, llvm::ArrayRef<Input> inputs,
                      llvm::ArrayRef<RowUse> outputs, const BuildOptions &options);

} // namespace nnc::dataflow
