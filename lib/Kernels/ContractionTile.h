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
/// Neighbours along what is reduced can be taken together if the other operand is packed for it.
bool isGroupable(mlir::Operation *anchor);

/// What one contraction walks, in steps of `taken` neighbours along what is reduced.
Contraction contractionOf(mlir::Operation *anchor, int64_t taken, bool packed,
                          plan::LayoutAttr lhs = {}, plan::LayoutAttr rhs = {});
/// The same for the layouts of `kernel`, neighbouring dimensions walked as one where they can be.
Contraction contractionOf(const AnchoredGroup &group, plan::KernelOp kernel, int64_t taken);

/// The group of `fused` if it is a contraction of two tensors that can be walked in tiles.
std::optional<AnchoredGroup> matchContraction(nn::FusedOp fused);
/// Can the right operand of `group`, that of `fused`, be packed at compile time?
bool canPack(const AnchoredGroup &group, nn::FusedOp fused);
/// What `c` asks of layouts, `taken` neighbours a step; `packed`: of a right operand in blocks of
/// `block` columns.
Candidate contractionCandidate(const AnchoredGroup &group, const Contraction &c, int64_t taken,
                               int64_t block, bool packed);
/// How the right operand of `group` is packed then.
plan::LayoutAttr packingOf(const AnchoredGroup &group, int64_t block, int64_t taken);

/// Neighbours along what is reduced that a step of `kernel` takes.
int64_t takenBy(const AnchoredGroup &group, plan::KernelOp kernel, const TargetModel &target);
/// The whole tile of `kernel`, which states its `block`.
mlir::DictionaryAttr chooseContractionTile(const AnchoredGroup &group, plan::KernelOp kernel,
                                           const TargetModel &target);
/// Fails, and says so, unless `kernel` has layouts that its algorithm can walk: a plan may have
/// been edited.
llvm::LogicalResult checkContractionLayouts(const AnchoredGroup &group, plan::KernelOp kernel,
                                            int64_t block, int64_t taken);
/// The tile that `kernel` states. A failure was reported.
llvm::FailureOr<ContractionTile>
readContractionTile(const AnchoredGroup &group, plan::KernelOp kernel, const TargetModel &target);
/// Does it pay to fetch the next block of weights while this one is used?
/// `tiles`: of rows, for each block.
bool prefetchPays(const Contraction &c, int64_t block, int64_t tiles, const TargetModel &target);
/// Bytes of the next `block` of weights for each row to fetch.
int64_t bytesAheadPerRow(const Contraction &c, int64_t block);

} // namespace nnc
