//===- LayoutOrders.cpp - Which dimension stands innermost ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LayoutAssigner.h"

#include "llvm/ADT/SetVector.h"
using namespace mlir;
using nnc::plan::LayoutAttr;

namespace nnc::schedule {

/// May a tensor stand in `order` if its producer or consumer states `need`?
static bool allows(const LayoutNeed &need, ArrayRef<int64_t> shape, const Order &order) {
  if (need.rowMajor)
    return sameOrder(shape, order, rowMajorOrder(shape.size()));
  if (need.unitDim < 0 || shape[need.unitDim] == 1)
    return true;
  auto wide = llvm::find_if(llvm::reverse(order), [&](int64_t d) { return shape[d] != 1; });
  return *wide == need.unitDim;
}

/// What one kernel takes of a concat: the pointers to all parts are its arguments.
constexpr size_t mostParts = 24;

static ArrayRef<Value> pieceOf(ArrayRef<Value> parts) {
  return parts.take_front(std::min(parts.size(), mostParts));
}

static Order naturalOrder(const LayoutNeed &need, int64_t rank) {
  return need.rowMajor ? rowMajorOrder(rank) : unitLastOrder(rank, need.unitDim);
}

//===----------------------------------------------------------------------===//
// Backward: consumers vote
//===----------------------------------------------------------------------===//

LogicalResult LayoutAssigner::voteBackward() {
  Block &body = func.getBody().front();
  for (Value value : body.getTerminator()->getOperands()) {
    double elements = cast<RankedTensorType>(value.getType()).getNumElements();
    votes[value].push_back({rowMajorOrder(shapeOf(value).size()), elements});
  }
  SmallVector<Operation *> ops = bodyOps(func);
  for (Operation *current : llvm::reverse(ops)) {
    if (auto concat = dyn_cast<nn::ConcatOp>(current)) {
      FailureOr<bool> joined = joinConcat(concat);
      if (failed(joined))
        return failure();
      if (*joined)
        continue;
      if (concat.getInputs().size() > mostParts) {
        if (failed(joinPieces(concat)))
          return failure();
        continue;
      }
      FailureOr<nn::FusedOp> group = wrap(concat);
      if (failed(group))
        return failure();
      current = *group;
    }
    if (auto group = dyn_cast<nn::FusedOp>(current)) {
      for (OpResult result : group.getResults())
        decideOrder(result);
      voteForOperands(group);
    } else if (isViewMover(current)) {
      SmallVector<Vote, 2> passed = votes.lookup(current->getResult(0));
      for (Vote &vote : passed)
        votes[current->getOperand(0)].push_back({orderBehind(current, vote.order), vote.weight});
    }
  }
  return success();
}

/// The order with most votes among those that the producer can write; no
/// votes and no need: left open until operands are known.
void LayoutAssigner::decideOrder(OpResult result) {
  if (orders.contains(result))
    return;
  ArrayRef<int64_t> shape = shapeOf(result);
  const LayoutNeed &need = resultNeed(result);
  SmallVector<Vote, 4> sums;
  for (const Vote &vote : votes.lookup(result)) {
    if (!allows(need, shape, vote.order))
      continue;
    auto same = llvm::find_if(sums, [&](Vote &v) { return sameOrder(shape, v.order, vote.order); });
    if (same == sums.end())
      sums.push_back(vote);
    else
      same->weight += vote.weight;
  }
  auto best = std::max_element(sums.begin(), sums.end(),
                               [](const Vote &a, const Vote &b) { return a.weight < b.weight; });
  if (best != sums.end())
    orders[result] = best->order;
  else if (need.unitDim >= 0 || need.rowMajor)
    orders[result] = naturalOrder(need, shape.size());
}

void LayoutAssigner::voteForOperands(nn::FusedOp group) {
  const Candidate &choice = choices.find(group)->second;
  for (auto [i, operand] : llvm::enumerate(group.getInputs())) {
    const LayoutNeed &need = choice.operands[i];
    double elements = cast<RankedTensorType>(operand.getType()).getNumElements();
    int64_t rank = shapeOf(operand).size();
    if (need.rowMajor || need.unitDim >= 0) {
      votes[operand].push_back({naturalOrder(need, rank), elements});
      continue;
    }
    // Takes any layout: fastest in that of its result.
    Value result = group.getResult(0);
    auto order = orders.find(result);
    if (order != orders.end() && shapeOf(result).size() == static_cast<size_t>(rank))
      votes[operand].push_back({order->second, elements / 2});
  }
}

/// The order of a joint buffer for which its readers and its parts are.
void LayoutAssigner::decideJointOrder(nn::ConcatOp concat) {
  Value joint = concat.getResult();
  if (orders.contains(joint))
    return;
  ArrayRef<int64_t> shape = shapeOf(joint);
  for (Value part : concat.getInputs())
    if (auto result = dyn_cast<OpResult>(part); result && isa<nn::FusedOp>(result.getOwner())) {
      const LayoutNeed &need = resultNeed(result);
      double elements = cast<RankedTensorType>(part.getType()).getNumElements();
      if (need.unitDim >= 0 || need.rowMajor)
        votes[joint].push_back({naturalOrder(need, shape.size()), elements});
    }
  SmallVector<Vote, 4> sums; // in the order of the first vote for each
  for (const Vote &vote : votes.lookup(joint)) {
    auto same = llvm::find_if(sums, [&](Vote &v) { return sameOrder(shape, v.order, vote.order); });
    if (same == sums.end())
      sums.push_back(vote);
    else
      same->weight += vote.weight;
  }
  auto best = std::max_element(sums.begin(), sums.end(),
                               [](const Vote &a, const Vote &b) { return a.weight < b.weight; });
  bool isVoted = best != sums.end() && best->weight > 0;
  orders[joint] = isVoted ? best->order : rowMajorOrder(shape.size());
}

/// The greatest extents of the buffers that `concat` may be a part of. A dimension that is one
/// element wide in a part may be wide there, and then has a stride of its own.
static SmallVector<int64_t> outermostShape(nn::ConcatOp concat) {
  SmallVector<int64_t> shape(shapeOf(concat.getResult()));
  llvm::SetVector<Operation *> joints;
  joints.insert(concat);
  for (size_t i = 0; i < joints.size(); ++i) {
    for (auto [extent, size] : llvm::zip_equal(shape, shapeOf(joints[i]->getResult(0))))
      extent = std::max(extent, size);
    for (Operation *user : joints[i]->getUsers())
      if (isa<nn::ConcatOp>(user))
        joints.insert(user);
  }
  return shape;
}

/// Makes the inputs of a concat parts of one buffer if at least one producer
/// can write into it; the other inputs are copied there. False: it stays a
/// step of its own.
FailureOr<bool> LayoutAssigner::joinConcat(nn::ConcatOp concat, bool mayBeSeparate) {
  llvm::SmallDenseSet<Value> seen, repeated;
  for (Value part : concat.getInputs())
    if (!seen.insert(part).second)
      repeated.insert(part);
  auto canJoin = [&](Value part) {
    Operation *producer = part.getDefiningOp();
    return isa_and_nonnull<nn::FusedOp, nn::ConcatOp>(producer) && !jointOf.contains(part) &&
           !repeated.contains(part);
  };
  if ((mayBeSeparate && options.separate.contains(concatNumber.lookup(concat))) ||
      llvm::none_of(concat.getInputs(), canJoin))
    return false;
  decideJointOrder(concat);
  Order order = orders[concat.getResult()];
  SmallVector<int64_t> shape = outermostShape(concat);
  auto fits = [&](Value part) {
    auto result = dyn_cast<OpResult>(part);
    return canJoin(part) &&
           (!isa<nn::FusedOp>(result.getOwner()) ||
            (!resultNeed(result).rowMajor && allows(resultNeed(result), shape, order)));
  };
  if (llvm::none_of(concat.getInputs(), fits))
    return false;
  for (OpOperand &input : concat->getOpOperands()) {
    if (!fits(input.get())) {
      builder.setInsertionPoint(concat);
      copies.erase(input.get()); // each part needs bytes of its own
      FailureOr<Value> copied = copy(input.get(), order, {}, concat.getLoc());
      if (failed(copied))
        return failure();
      votes[input.get()].push_back({order, 0.0});
      input.set(*copied);
    }
    jointOf[input.get()] = concat;
    orders[input.get()] = order;
  }
  return true;
}

/// A concat that stays a step, but of more operands than one kernel should take:
/// a joint buffer into which several steps copy.
LogicalResult LayoutAssigner::joinPieces(nn::ConcatOp concat) {
  SmallVector<Value> parts(concat.getInputs()), pieces;
  for (ArrayRef<Value> rest = parts; !rest.empty(); rest = rest.drop_front(pieceOf(rest).size())) {
    builder.setInsertionPoint(concat);
    auto piece = builder.create<nn::ConcatOp>(concat.getLoc(), pieceOf(rest), concat.getAxisAttr());
    FailureOr<nn::FusedOp> group = wrap(piece);
    if (failed(group))
      return failure();
    pieces.push_back((*group).getResult(0));
  }
  concat.getInputsMutable().assign(pieces);
  FailureOr<bool> joined = joinConcat(concat, /*mayBeSeparate=*/false);
  if (failed(joined) || !*joined)
    return failure();
  for (Value piece : pieces)
    voteForOperands(piece.getDefiningOp<nn::FusedOp>());
  return success();
}

//===----------------------------------------------------------------------===//
// Forward: what is still open follows the operands
//===----------------------------------------------------------------------===//

LogicalResult LayoutAssigner::settleForward() {
  Block &body = func.getBody().front();
  for (BlockArgument argument : body.getArguments())
    orders[argument] = rowMajorOrder(shapeOf(argument).size());
  for (Operation *current : bodyOps(func)) {
    if (isa<nn::ConstantOp>(current))
      orders[current->getResult(0)] = rowMajorOrder(shapeOf(current->getResult(0)).size());
    if (isViewMover(current)) {
      if (auto view = viewThrough(current, viewOf(current->getOperand(0)))) {
        orders[current->getResult(0)] = orderOf(view->layout);
        continue;
      }
      FailureOr<nn::FusedOp> group = wrap(current);
      if (failed(group))
        return failure();
      current = *group;
      decideOrder(cast<OpResult>((*group).getResult(0)));
    }
    for (OpResult result : current->getResults()) {
      if (!orders.contains(result)) {
        Order order = orderLikeOperands(result);
        orders[result] = order;
      }
      layouts[result] = layoutWithoutHalo(result);
    }
  }
  return success();
}

/// The order of the largest operand of the same rank.
Order LayoutAssigner::orderLikeOperands(OpResult result) const {
  Value model;
  size_t rank = shapeOf(result).size();
  for (Value operand : result.getOwner()->getOperands())
    if (shapeOf(operand).size() == rank &&
        (!model || cast<RankedTensorType>(model.getType()).getNumElements() <
                       cast<RankedTensorType>(operand.getType()).getNumElements()))
      model = operand;
  return model ? orders.find(model)->second : rowMajorOrder(rank);
}

/// Strides as they are before halos are known: its own, or those of the buffer it is part of.
LayoutAttr LayoutAssigner::layoutWithoutHalo(Value value) const {
  auto joint = jointOf.find(value);
  if (joint != jointOf.end())
    return layoutWithoutHalo(Value(joint->second->getResult(0)));
  return makeLayout(value.getContext(), shapeOf(value), orders.find(value)->second);
}

} // namespace nnc::schedule
