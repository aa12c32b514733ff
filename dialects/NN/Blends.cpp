//===- Blends.cpp - Sums of a few elements that constants pick -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/NN/Blends.h"

#include "llvm/ADT/DenseMap.h"

using namespace mlir;

namespace nnc::nn {

static RankedTensorType tensor(Value v) { return cast<RankedTensorType>(v.getType()); }

bool movesOnlyUnits(ReshapeOp op) {
  auto isWide = [](int64_t size) { return size != 1; };
  return llvm::equal(llvm::make_filter_range(op.getInput().getType().getShape(), isWide),
                     llvm::make_filter_range(op.getType().getShape(), isWide));
}

std::optional<int64_t> blendedBy(Operation *op) {
  if (op->hasTrait<Elementwise>() || isa<GatherOp>(op))
    return 1;
  if (auto reshape = dyn_cast<ReshapeOp>(op))
    return movesOnlyUnits(reshape) ? std::optional<int64_t>(1) : std::nullopt;
  auto sum = dyn_cast<ReduceSumOp>(op);
  if (!sum || !(tensor(sum).getElementType().isF32() || tensor(sum).getElementType().isInteger(32)))
    return std::nullopt;
  int64_t count = 1;
  for (int64_t axis : sum.getAxes())
    count *= tensor(sum.getInput()).getDimSize(axis);
  return count >= 1 && count <= mostBlended ? std::optional(count) : std::nullopt;
}

std::optional<Blend> matchBlend(Block &body) {
  if (body.getTerminator()->getNumOperands() != 1)
    return std::nullopt;
  bool gathers = false, sums = false;
  Blend blend;
  llvm::DenseMap<Value, int64_t> times{{body.getTerminator()->getOperand(0), 1}};
  for (Operation &op : llvm::reverse(body.without_terminator())) {
    auto each = blendedBy(&op);
    int64_t all = each ? times.lookup(op.getResult(0)) * *each : 0;
    auto gather = dyn_cast<GatherOp>(op);
    if (!each || all > mostBlended || (gather && !isa<BlockArgument>(gather.getIndices())))
      return std::nullopt;
    for (Value operand : op.getOperands())
      times[operand] = std::max(times.lookup(operand), all);
    blend.values += all;
    blend.picked = std::max(blend.picked, all);
    gathers |= gather != nullptr;
    sums |= isa<ReduceSumOp>(op);
  }
  return gathers && sums ? std::optional(blend) : std::nullopt;
}

} // namespace nnc::nn
