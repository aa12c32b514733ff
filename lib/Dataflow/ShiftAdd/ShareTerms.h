//===- ShareTerms.h - Common subexpressions of linear forms -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "LinearForms.h"

namespace nnc::dataflow {

struct SharingOptions {
  /// Shared sums of shared sums of ... so many at most; 0 shares nothing.
  unsigned maxDepth = ~0u;
  /// How much the size of a sum counts as the logarithm of its values instead of its wires, 0 to 1.
  double smoothness = 0.25;
  /// Scores vary by this fraction, in a way that depends on `seed`: other sharings of like value.
  double variation = 0;
  uint64_t seed = 0;
  /// Groups of neighbouring inputs; terms of different groups are not paired. Sharing takes time
  /// by the pairs of terms in a row, so that large matrices have to do with several.
  unsigned groups = 1;
};

/// Makes forms of two terms of the pairs that occur in several rows, up to shift and sign, and uses
/// them there; the pair that saves most goes first. Then dissolves forms that do not pay after all.
void shareTerms(LinearForms &forms, const SharingOptions &options);

} // namespace nnc::dataflow
