//===- ContractionTile.h - How a contraction is cut into tiles -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Contraction.h"
#include "MultiplyAccumulate.h"
#include "TileReader.h"

namespace nnc {

/// What `tile` of a contraction's kernel says. `block` is the candidate's, for weights are packed
/// by it; the rest is chosen when the layouts are known.
struct ContractionTile {
  int64_t block;        ///< columns whose accumulators stay in registers
  int64_t rows0, rows1; ///< and rows of each row dimension
  bool columnsOutside;  ///< all rows for each block of columns, or the other way round
  bool prefetch;        ///< tiles fetch the next block of weights ahead
};

mlir::Type elementOf(mlir::Value v);
/// How `anchor` is multiplied; `packed`: the right operand is packed for it.
MultiplyAccumulate::Form formOf(mlir::Operation *anchor, const TargetModel &target, bool packed);
/// The dimension of the left operand that groups of factors run along: they need a stride of 1.
int64_t groupDim(mlir::Operation *anchor);

/// What one contraction walks, in the steps of `form`.
Contraction contractionOf(mlir::Operation *anchor, MultiplyAccumulate::Form form,
                          plan::LayoutAttr lhs = {}, plan::LayoutAttr rhs = {});
/// The same for the layouts of `kernel`, neighbouring dimensions walked as one where they can be.
Contraction contractionOf(const AnchoredGroup &group, plan::KernelOp kernel,
                          const TargetModel &target);

/// The whole tile of `kernel`, which states its `block`.
mlir::DictionaryAttr chooseContractionTile(const AnchoredGroup &group, plan::KernelOp kernel,
                                           const TargetModel &target);
/// The tile that `kernel` states. A failure was reported.
llvm::FailureOr<ContractionTile>
readContractionTile(const AnchoredGroup &group, plan::KernelOp kernel, const TargetModel &target);
/// Bytes of the next block of weights that each row fetches; 0: the tile does not prefetch.
int64_t bytesAheadPerRow(const Contraction &c, const ContractionTile &tile);

} // namespace nnc
