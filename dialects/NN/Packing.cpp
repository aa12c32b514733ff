//===- Packing.cpp - Elements below eight bits at the caller's border -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/NN/Packing.h"

#include "dialects/NN/ElementTypes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace nnc::nn {

/// The same elements in a row.
static RankedTensorType rowOf(RankedTensorType type) {
  return RankedTensorType::get({type.getNumElements()}, type.getElementType());
}

bool isPacked(RankedTensorType type) {
  const ElementType *element = findElementType(type.getElementType());
  return element && element->isSubByte();
}

Value createUnpacked(OpBuilder &builder, Value bytes, RankedTensorType type) {
  Value row = builder.create<UnpackOp>(bytes.getLoc(), rowOf(type), bytes);
  return type.getRank() == 1 ? row : builder.create<ReshapeOp>(bytes.getLoc(), type, row);
}

Value createPacked(OpBuilder &builder, Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  Value row = type.getRank() == 1
                  ? tensor
                  : builder.create<ReshapeOp>(tensor.getLoc(), rowOf(type), tensor).getResult();
  return builder.create<PackOp>(tensor.getLoc(), packedType(type), row);
}

} // namespace nnc::nn
