//===- Footprint.cpp - How much memory a network takes --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Footprint.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace nnc::schedule {

std::vector<SlotRequest> slotRequests(Placement &placement, std::vector<int64_t> &requestOf) {
  std::vector<SlotRequest> requests;
  requestOf.assign(placement.buffers().size(), -1);
  for (auto [i, buffer] : llvm::enumerate(placement.buffers()))
    if (buffer.kind == Buffer::Slot && buffer.mergedInto < 0 && buffer.first >= 0) {
      requestOf[i] = requests.size();
      requests.push_back({buffer.bytes, buffer.first, buffer.last});
    }
  return requests;
}

Footprint footprint(func::FuncOp func) {
  Placement placement(func);
  placement.runInPlace();
  std::vector<int64_t> requestOf;
  std::vector<SlotRequest> slots = slotRequests(placement, requestOf), withoutHalo = slots;
  for (auto [i, buffer] : llvm::enumerate(placement.buffers()))
    if (requestOf[i] >= 0)
      withoutHalo[requestOf[i]].bytes -= buffer.haloBytes;
  return {packSlots(slots).bytes, liveBytes(slots) - liveBytes(withoutHalo)};
}

static int64_t paddedBytes(Value value) {
  constexpr int64_t laneBlock = 16;
  auto type = cast<RankedTensorType>(value.getType());
  int64_t elements = type.getNumElements();
  if (type.getRank() > 0 && elements > 0)
    elements = elements / type.getShape().back() * llvm::alignTo(type.getShape().back(), laneBlock);
  return llvm::alignTo(elements * nn::elementByteSize(type.getElementType()), slotAlignment);
}

int64_t livenessPeak(func::FuncOp func) {
  Block &body = func.getBody().front();
  std::vector<SlotRequest> tensors;
  llvm::DenseMap<Operation *, int64_t> number;
  for (Operation &op : body)
    number[&op] = number.size();
  auto add = [&](Value value, int64_t first) {
    int64_t last = first;
    for (Operation *user : value.getUsers())
      last = std::max(last, number[user]);
    tensors.push_back({paddedBytes(value), first, last});
  };
  for (BlockArgument argument : body.getArguments())
    add(argument, 0);
  for (Operation &op : body)
    if (!isa<nn::ConstantOp>(op))
      for (Value result : op.getResults())
        add(result, number[&op]);
  return liveBytes(tensors);
}

} // namespace nnc::schedule
