//===- Contractions.h - What convolutions and matrix products share ------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"
#include "dialects/NN/Values.h"

#include <optional>

namespace nnc::nn {

/// The dimension of a contraction's result that its bias runs along.
inline int64_t channelOf(mlir::Operation *contraction) {
  return mlir::isa<ConvOp>(contraction) ? 1 : typeOf(contraction->getResult(0)).getRank() - 1;
}

/// The dimension of its weights, the second operand, that the result's channels run along; none:
/// matrices of a batch have no channels in common.
inline std::optional<int64_t> channelOfWeights(mlir::Operation *contraction) {
  if (mlir::isa<ConvOp>(contraction))
    return 0;
  return typeOf(contraction->getOperand(1)).getRank() == 2 ? std::optional<int64_t>(1)
                                                           : std::nullopt;
}

/// To which slice of a tensor along one dimension its elements belong; without a dimension all
/// are one.
class Slices {
public:
  Slices(mlir::RankedTensorType type, std::optional<int64_t> dimension) {
    if (!dimension)
      return;
    slices = type.getDimSize(*dimension);
    for (int64_t size : type.getShape().drop_front(*dimension + 1))
      inner *= size;
  }

  int64_t count() const { return slices; }
  int64_t of(int64_t element) const { return element / inner % slices; }

private:
  int64_t slices = 1, inner = 1;
};

/// Does `op` multiply integers of up to 16 bits and sum the products in int32?
inline bool isSumOfProducts(mlir::Operation *op) {
  return op->hasTrait<Contraction>() && typeOf(op->getResult(0)).getElementType().isInteger(32) &&
         typeOf(op->getOperand(0)).getElementTypeBitWidth() <= 16;
}

} // namespace nnc::nn
