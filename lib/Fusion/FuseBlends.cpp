//===- FuseBlends.cpp - Sums of few elements with what picks them ----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Group.h"
#include "dialects/NN/Blends.h"
#include "nnc/Fusion/Passes.h"

using namespace mlir;

namespace nnc::fusion {
#define GEN_PASS_DEF_FUSEBLENDS
#include "nnc/Fusion/Passes.h.inc"

namespace {

bool isConstant(Value v) { return v.getDefiningOp<nn::ConstantOp>() != nullptr; }

/// The gather by constants whose elements `op` sums, be they scaled or widened on the way; null if
/// there is none.
nn::GatherOp gatherBehind(nn::ReduceSumOp op) {
  Operation *source = op.getInput().getDefiningOp();
  while (source && source->hasTrait<nn::Elementwise>()) {
    Operation *next = nullptr; // the one that is no constant
    for (Value operand : source->getOperands()) {
      if (isConstant(operand))
        continue;
      if (next || !operand.getDefiningOp())
        return {};
      next = operand.getDefiningOp();
    }
    source = next;
  }
  auto gather = dyn_cast_or_null<nn::GatherOp>(source);
  return gather && isConstant(gather.getIndices()) ? gather : nn::GatherOp();
}

/// Is `op` so cheap that it may be computed again for each element that reads it?
bool isCheap(Operation *op) { return isa<nn::DequantizeOp, nn::MulOp, nn::SubOp, nn::CastOp>(op); }

/// The sum whose results `sum` picks; null if it picks others.
nn::ReduceSumOp sumBefore(nn::ReduceSumOp sum) {
  Operation *before = gatherBehind(sum).getData().getDefiningOp();
  if (auto reshape = dyn_cast_or_null<nn::ReshapeOp>(before))
    before = reshape.getInput().getDefiningOp();
  auto inner = dyn_cast_or_null<nn::ReduceSumOp>(before);
  return inner && gatherBehind(inner) ? inner : nn::ReduceSumOp();
}

/// The most elements that one of the result is made of. Vectors run along what all dimensions pick
/// alike, channels. Where these are few each lane looks up its own elements: then one dimension at
/// a time is faster, and two linear ones are worth it to keep floats between bytes out of memory.
int64_t mostElements(nn::ReduceSumOp sum) {
  constexpr int64_t vector = 8, mostPerLane = 4;
  nn::ReduceSumOp inner = sumBefore(sum);
  if (!inner)
    return nn::mostBlended;
  nn::GatherOp gather = gatherBehind(sum), first = gatherBehind(inner);
  RankedTensorType data = gather.getData().getType();
  int64_t alike = data.getNumElements();
  for (int64_t axis : {gather.getAxis(), first.getAxis()})
    alike /= std::max<int64_t>(1, data.getDimSize(axis));
  if (alike >= vector)
    return nn::mostBlended;
  return first.getType().getElementType().isInteger() ? mostPerLane
                                                      : nn::blendedBy(sum).value_or(1);
}

/// What may precede a sum that is in the group: how often each op is computed is kept in `times`,
/// where it is not once.
class Sources {
public:
  Sources(const Group &group, int64_t mostElements) : group(group), mostElements(mostElements) {}

  std::string refuse(Operation *op) {
    int64_t most = 0;
    for (Operation *user : op->getUsers())
      if (group.contains(user))
        most = std::max(most,
                        times.try_emplace(user, 1).first->second * nn::blendedBy(user).value_or(1));
    std::string reason = refuse(op, most);
    if (reason.empty())
      times[op] = most;
    return reason;
  }

private:
  std::string refuse(Operation *op, int64_t most) const {
    auto each = nn::blendedBy(op);
    auto gather = dyn_cast<nn::GatherOp>(op);
    auto sum = dyn_cast<nn::ReduceSumOp>(op);
    if (!each || (gather && !isConstant(gather.getIndices())) || (sum && !gatherBehind(sum)))
      return "a step of its own";
    if (most * *each > mostElements)
      return "so many elements are summed first";
    bool isComputed = op->hasTrait<nn::Elementwise>() && !isCheap(op);
    return isComputed && most > 1 ? "computed once" : "";
  }

  const Group &group;
  int64_t mostElements;
  llvm::DenseMap<Operation *, int64_t> times;
};

/// What may follow: elementwise ops on the sums.
std::string refuseAfter(Operation *op, int64_t elements) {
  if (auto reshape = dyn_cast<nn::ReshapeOp>(op))
    return nn::movesOnlyUnits(reshape) ? "" : "moves data";
  if (std::string reason = refuseOther(op); !reason.empty())
    return reason;
  bool same = cast<RankedTensorType>(op->getResult(0).getType()).getNumElements() == elements;
  return same ? "" : "its result has another shape";
}

struct FuseBlends : impl::FuseBlendsBase<FuseBlends> {
  void runOnOperation() override {
    SmallVector<nn::ReduceSumOp> sums(getOperation().getOps<nn::ReduceSumOp>());
    for (nn::ReduceSumOp sum : llvm::reverse(sums))
      if (sum->getParentOp() == getOperation() && nn::blendedBy(sum) && gatherBehind(sum))
        form(sum);
  }

private:
  static void form(nn::ReduceSumOp sum) {
    nn::GatherOp gather = gatherBehind(sum);
    int64_t elements = sum.getType().getNumElements();
    Group group(sum);
    Sources sources(group, mostElements(sum));
    group.growForward([&](Operation *op) { return refuseAfter(op, elements); });
    group.growBackward([&](Operation *op) { return sources.refuse(op); });
    if (group.contains(gather)) // else others read what is picked
      group.form();
  }
};

} // namespace
} // namespace nnc::fusion
