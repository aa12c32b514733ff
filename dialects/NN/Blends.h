//===- Blends.h - Sums of a few elements that constants pick ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What Resize becomes: gather, product and sum, dimension by dimension. Each element of the result
// takes so few others that they may be computed where they are read, instead of being stored.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

namespace nnc::nn {

/// So many elements of an operand one element of a blend takes at most: those of a cubic
/// interpolation in two dimensions.
inline constexpr int64_t mostBlended = 16;

/// Does `op` insert or remove dimensions of one element only?
bool movesOnlyUnits(ReshapeOp op);

/// How often one element of the result of `op` makes its operands be computed; none if `op` can be
/// no part of a blend.
std::optional<int64_t> blendedBy(mlir::Operation *op);

/// What one element of the result of a blend takes.
struct Blend {
  int64_t values = 0; ///< results of ops
  int64_t picked = 0; ///< elements of the operand that most are taken of
};

/// Facts of `body`, of a group or kernel, if it is a blend: gathers by indices that are its
/// arguments, sums of what they pick, elementwise ops, and one result.
std::optional<Blend> matchBlend(mlir::Block &body);

//===----------------------------------------------------------------------===//
// Positions: an index for each dimension of a tensor, of a type that callers choose
//===----------------------------------------------------------------------===//

/// The position in a tensor of `type` that is broadcast to one with `position`.
template <typename Index>
llvm::SmallVector<Index> positionUnder(llvm::ArrayRef<Index> position, mlir::RankedTensorType type,
                                       const Index &zero) {
  llvm::SmallVector<Index> own(position.take_back(type.getRank()));
  for (auto [index, size] : llvm::zip_equal(own, type.getShape()))
    if (size == 1)
      index = zero;
  return own;
}

/// The position in the operand of a reshape for which movesOnlyUnits() holds.
template <typename Index>
llvm::SmallVector<Index> positionBefore(ReshapeOp op, llvm::ArrayRef<Index> position,
                                        const Index &zero) {
  llvm::SmallVector<Index> wide, own;
  for (auto [index, size] : llvm::zip_equal(position, op.getType().getShape()))
    if (size != 1)
      wide.push_back(index);
  auto next = wide.begin();
  for (int64_t size : op.getInput().getType().getShape())
    own.push_back(size != 1 ? *next++ : zero);
  return own;
}

/// The position in the operand of a sum, whose reduced dimensions have the indices `along`.
template <typename Index>
llvm::SmallVector<Index> positionBefore(ReduceSumOp op, llvm::ArrayRef<Index> position,
                                        llvm::ArrayRef<Index> along) {
  llvm::SmallVector<Index> own;
  auto kept = position.begin();
  auto next = along.begin();
  for (int64_t d = 0, rank = op.getInput().getType().getRank(); d < rank; ++d) {
    bool isReduced = llvm::is_contained(op.getAxes(), d);
    own.push_back(isReduced ? *next++ : *kept);
    if (!isReduced || op.getKeepdims())
      ++kept;
  }
  return own;
}

/// The position in the data of a gather, `picked` along its axis.
template <typename Index>
llvm::SmallVector<Index> positionBefore(GatherOp op, llvm::ArrayRef<Index> position,
                                        const Index &picked) {
  int64_t axis = op.getAxis(), rank = op.getIndices().getType().getRank();
  llvm::SmallVector<Index> own(position.take_front(axis));
  own.push_back(picked);
  own.append(position.begin() + axis + rank, position.end());
  return own;
}

} // namespace nnc::nn
