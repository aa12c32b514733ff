//===- Overlap.h - Do two tensors of a step share bytes? -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Plan/PlanOps.h"

namespace nnc::schedule {

/// Bytes [first, end) of a buffer.
struct ByteRange {
  int64_t first, end;
};

/// An operand or a result of a step.
struct TensorPlace {
  mlir::Operation *buffer;
  int64_t origin; ///< bytes
  mlir::RankedTensorType type;
  plan::LayoutAttr layout;

  bool isEmpty() const { return type.getNumElements() == 0; }
  /// From the first byte of the tensor and its halo to the last. Not for empty tensors.
  ByteRange range() const;
};

/// Do they have a byte in common, halos included? Exact: the parts of a joint buffer may
/// alternate in it.
bool overlap(const TensorPlace &a, const TensorPlace &b);

/// The same elements in the same places.
bool coincide(const TensorPlace &a, const TensorPlace &b);

} // namespace nnc::schedule
