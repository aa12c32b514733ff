//===- LayoutAssigner.cpp - Layouts of one network ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LayoutAssigner.h"

#include "GroupAttributes.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using nnc::plan::LayoutAttr;

namespace nnc::schedule {

Value rootOf(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isViewMover(op))
      break;
    value = op->getOperand(0);
  }
  return value;
}

SmallVector<Operation *> bodyOps(func::FuncOp func) {
  return llvm::to_vector(llvm::make_pointer_range(func.getBody().front().without_terminator()));
}

static bool isEmpty(Value value) { return llvm::is_contained(shapeOf(value), 0); }

static LayoutAttr rowMajorOf(Value value) {
  return LayoutAttr::rowMajor(value.getContext(), shapeOf(value));
}

LogicalResult LayoutAssigner::run() {
  for (auto concat : func.getOps<nn::ConcatOp>())
    concatNumber[concat] = concatNumber.size();
  dropEmptyTensors();
  if (failed(wrapLoneOps()))
    return failure();
  bool chosen = true; // every group without a kernel is reported
  for (auto group : func.getOps<nn::FusedOp>())
    chosen &= choices.contains(group) || succeeded(choose(group));
  if (!chosen || failed(voteBackward()) || failed(settleForward()))
    return failure();
  demandHalos();
  if (options.shareHalos)
    shareHalos();
  placeRoots();
  copies.clear(); // those made so far are parts of joint buffers
  for (auto group : llvm::to_vector(func.getOps<nn::FusedOp>()))
    if (failed(fixOperands(group)))
      return failure();
  if (failed(bindOutputs()))
    return failure();
  return attach();
}

//===----------------------------------------------------------------------===//
// Preparation
//===----------------------------------------------------------------------===//

/// A tensor without elements needs no step: it becomes a constant.
void LayoutAssigner::dropEmptyTensors() {
  for (Operation &op : llvm::make_early_inc_range(func.getBody().front().without_terminator())) {
    if (auto concat = dyn_cast<nn::ConcatOp>(op)) {
      SmallVector<Value> parts =
          llvm::to_vector(llvm::make_filter_range(concat.getInputs(), std::not_fn(isEmpty)));
      if (!parts.empty())
        concat.getInputsMutable().assign(parts);
    }
    for (Value result : op.getResults())
      if (isEmpty(result) && !isa<nn::ConstantOp>(op)) {
        builder.setInsertionPointAfter(&op);
        auto type = cast<RankedTensorType>(result.getType());
        result.replaceAllUsesWith(
            builder.create<nn::ConstantOp>(op.getLoc(), nn::makeElements(type, {})).getResult());
      }
  }
  // What nobody uses is not computed (bottom up, so that whole chains go).
  SmallVector<Operation *> ops = bodyOps(func);
  for (Operation *op : llvm::reverse(ops))
    if (op->use_empty())
      op->erase();
}

/// Ops that stand outside of groups and move or compute become groups.
LogicalResult LayoutAssigner::wrapLoneOps() {
  for (Operation &op : llvm::make_early_inc_range(func.getBody().front().without_terminator())) {
    if (isa<nn::ConstantOp, nn::FusedOp, nn::ConcatOp>(op) || isViewMover(&op))
      continue;
    if (failed(wrap(&op)))
      return failure();
  }
  return success();
}

/// Puts `op` into a group of its own, which takes over what is known of its result.
FailureOr<nn::FusedOp> LayoutAssigner::wrap(Operation *op) {
  builder.setInsertionPoint(op);
  auto group = builder.create<nn::FusedOp>(op->getLoc(), op->getResultTypes(), op->getOperands());
  Block &body = group.getBody().emplaceBlock();
  IRMapping map;
  for (Value operand : op->getOperands())
    map.map(operand, body.addArgument(operand.getType(), op->getLoc()));
  // Operands are mapped one by one: the same value may come several times.
  OpBuilder inside = OpBuilder::atBlockEnd(&body);
  Operation *moved = inside.clone(*op, map);
  for (auto [i, argument] : llvm::enumerate(body.getArguments()))
    moved->setOperand(i, argument);
  inside.create<nn::YieldOp>(op->getLoc(), moved->getResults());
  for (auto [before, after] : llvm::zip(op->getResults(), group.getResults())) {
    auto inherit = [&, from = Value(before), to = Value(after)](auto &map) {
      if (auto known = map.find(from); known != map.end()) {
        auto kept = known->second;
        map.erase(known);
        map[to] = kept;
      }
    };
    inherit(votes);
    inherit(orders);
    inherit(jointOf);
    before.replaceAllUsesWith(after);
  }
  op->erase();
  if (failed(choose(group)))
    return failure();
  return group;
}

/// Cycles of a copy, for comparing candidates: one element at a time if it transposes.
static double copyCycles(Value value) {
  return 100.0 + cast<RankedTensorType>(value.getType()).getNumElements();
}

/// Takes the candidate that is cheapest with the copies that fixed layouts
/// (the caller's inputs) make necessary.
LogicalResult LayoutAssigner::choose(nn::FusedOp group) {
  std::vector<Candidate> candidates = chooser.candidates(group);
  if (candidates.empty()) {
    SmallVector<StringRef> ops;
    for (Operation &op : group.getBody().front().without_terminator())
      ops.push_back(op.getName().getStringRef());
    return emitError(group.getLoc()) << "no kernel family can compute " << llvm::join(ops, ", ");
  }
  double best = 0;
  Candidate *taken = nullptr;
  for (Candidate &candidate : candidates) {
    double cycles = candidate.cycles;
    for (auto [operand, need] : llvm::zip(group.getInputs(), candidate.operands)) {
      Value root = rootOf(operand);
      if (root == operand && isa<BlockArgument>(root) &&
          !satisfies(rowMajorOf(root), shapeOf(root), need))
        cycles += copyCycles(operand);
    }
    if (!taken || cycles < best) {
      best = cycles;
      taken = &candidate;
    }
  }
  taken->mayAlias.resize(group.getInputs().size(), false);
  choices[group] = std::move(*taken);
  return success();
}

const LayoutNeed &LayoutAssigner::resultNeed(OpResult result) const {
  return choices.find(result.getOwner())->second.results[result.getResultNumber()];
}

//===----------------------------------------------------------------------===//
// Halos and strides
//===----------------------------------------------------------------------===//

/// The buffer that `value` is a part of, as far as halo goes: none if the part
/// would need it between itself and its neighbours.
static std::optional<std::pair<Value, Halo>>
throughJoints(Value value, Halo halo, const llvm::DenseMap<Value, nn::ConcatOp> &jointOf) {
  for (auto at = jointOf.find(value); at != jointOf.end(); at = jointOf.find(value)) {
    nn::ConcatOp concat = at->second;
    int64_t axis = concat.getAxis();
    if (halo.any() && (halo.low[axis] || halo.high[axis]))
      return std::nullopt;
    value = concat.getResult();
  }
  return std::pair(value, halo);
}

/// The most halo that consumers ask of each buffer. Demands that would break a
/// view of the buffer are refused; that consumer then gets a copy.
void LayoutAssigner::demandHalos() {
  for (auto group : func.getOps<nn::FusedOp>())
    for (auto [i, operand] : llvm::enumerate(group.getInputs())) {
      std::optional<Halo> halo = Halo::of(choices.find(group)->second.operands[i]);
      if (!halo->any())
        continue;
      Value root = operand;
      while (halo && root.getDefiningOp() && isViewMover(root.getDefiningOp())) {
        halo = haloBehind(root.getDefiningOp(), *halo);
        root = root.getDefiningOp()->getOperand(0);
      }
      if (!halo || !isa_and_nonnull<nn::FusedOp, nn::ConcatOp>(root.getDefiningOp()))
        continue;
      auto buffer = throughJoints(root, *halo, jointOf);
      if (!buffer)
        continue;
      Value owner = buffer->first;
      std::optional<Halo> joined = Halo::join(halos.lookup(owner), buffer->second);
      if (!joined)
        continue;
      View view{0, makeLayout(func.getContext(), shapeOf(owner), orders[owner], *joined)};
      if (viewsHold(owner, view))
        halos[owner] = *joined;
    }
}

/// Results that may overwrite an operand take the halos of both.
void LayoutAssigner::shareHalos() {
  auto isOwnBuffer = [&](Value value) {
    return value.getDefiningOp<nn::FusedOp>() && !jointOf.contains(value) && !needsDense(value);
  };
  for (auto group : func.getOps<nn::FusedOp>()) {
    const Candidate &choice = choices.find(group)->second;
    Value result = group.getResult(0);
    for (auto [operand, alias] : llvm::zip(group.getInputs(), choice.mayAlias)) {
      if (!alias || operand.getType() != result.getType() || !isOwnBuffer(operand) ||
          !isOwnBuffer(result) || !sameOrder(shapeOf(result), orders[operand], orders[result]))
        continue;
      std::optional<Halo> joined = Halo::join(halos.lookup(operand), halos.lookup(result));
      if (!joined || !joined->any())
        continue;
      bool possible = true;
      for (Value value : {operand, result})
        possible &= viewsHold(
            value, {0, makeLayout(func.getContext(), shapeOf(value), orders[value], *joined)});
      if (possible)
        halos[operand] = halos[result] = *joined;
    }
  }
}

/// Do all views of `value`, and of the parts it is joined from, still exist if it stands at `view`?
bool LayoutAssigner::viewsHold(Value value, const View &view) const {
  for (Operation *user : value.getUsers())
    if (isViewMover(user)) {
      auto next = viewThrough(user, view);
      if (!next || !viewsHold(user->getResult(0), *next))
        return false;
    }
  if (auto concat = value.getDefiningOp<nn::ConcatOp>())
    for (Value part : concat.getInputs())
      if (!viewsHold(part, view))
        return false;
  return true;
}

/// May the rows of this buffer be further apart than they are long?
bool LayoutAssigner::canPad(Value buffer) const {
  // Rows at a distance of 1 KiB use four sets of a level-1 cache of 4 KiB ways:
  // a tile of eight rows then throws its own lines out (measured: 5 times slower).
  constexpr int64_t crowdedPitch = 1024;
  ArrayRef<int64_t> shape = shapeOf(buffer);
  const Order &order = orders.find(buffer)->second;
  auto type = cast<RankedTensorType>(buffer.getType());
  int64_t row = order.empty() ? 0 : shape[order.back()],
          size = nn::elementByteSize(type.getElementType());
  if (row == 0 || row * size % crowdedPitch != 0 || type.getNumElements() == row)
    return false;
  Halo halo = halos.lookup(buffer);
  View padded{0, makeLayout(buffer.getContext(), shape, order, halo, options.pitchPad)};
  return viewsHold(buffer, padded) && !needsDense(buffer);
}

/// Does a consumer of `value`, the caller among them, want it without gaps?
bool LayoutAssigner::needsDense(Value value) const {
  if (auto result = dyn_cast<OpResult>(value); result && isa<nn::FusedOp>(result.getOwner()))
    if (resultNeed(result).rowMajor)
      return true;
  if (auto concat = value.getDefiningOp<nn::ConcatOp>())
    if (llvm::any_of(concat.getInputs(), [&](Value part) { return needsDense(part); }))
      return true;
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    if (isa<func::ReturnOp>(user))
      return true;
    if (isViewMover(user) && needsDense(user->getResult(0)))
      return true;
    if (auto choice = choices.find(user); choice != choices.end())
      if (choice->second.operands[use.getOperandNumber()].rowMajor)
        return true;
  }
  return false;
}

/// Gives each buffer and each part of a joint buffer its strides.
void LayoutAssigner::placeRoots() {
  MLIRContext *context = func.getContext();
  for (Operation &op : llvm::reverse(func.getBody().front().without_terminator())) {
    if (!isa<nn::FusedOp, nn::ConcatOp>(op))
      continue;
    for (Value value : op.getResults())
      if (!jointOf.contains(value))
        layouts[value] = makeLayout(context, shapeOf(value), orders[value], halos.lookup(value),
                                    canPad(value) ? options.pitchPad : 0);
    auto concat = dyn_cast<nn::ConcatOp>(op);
    if (!concat)
      continue;
    LayoutAttr joint = layouts[concat.getResult()];
    size_t axis = concat.getAxis();
    for (Value part : concat.getInputs()) {
      Halo halo = Halo::of(joint);
      if (halo.any()) {
        // Only the outermost parts border on the joint buffer's halo.
        halo.low[axis] = part == concat.getInputs().front() ? halo.low[axis] : 0;
        halo.high[axis] = part == concat.getInputs().back() ? halo.high[axis] : 0;
      }
      layouts[part] = halo.around(context, joint.getStrides());
    }
  }
}

//===----------------------------------------------------------------------===//
// Uses
//===----------------------------------------------------------------------===//

View LayoutAssigner::viewOf(Value value) const {
  Operation *op = value.getDefiningOp();
  if (!op || isa<nn::ConstantOp>(op))
    return {0, rowMajorOf(value)};
  if (!isViewMover(op))
    return {0, layouts.find(value)->second};
  return *viewThrough(op, viewOf(op->getOperand(0)));
}

/// A group that copies `value` into a buffer of its own. Equal copies are made once.
FailureOr<Value> LayoutAssigner::copy(Value value, const Order &order, const Halo &halo,
                                      Location loc) {
  for (Value made : copies[value])
    if (sameOrder(shapeOf(made), orders[made], order) && halos.lookup(made).covers(halo))
      return made;
  Type type = value.getType();
  auto group = builder.create<nn::FusedOp>(loc, TypeRange(type), ValueRange(value));
  Block &body = group.getBody().emplaceBlock();
  Value argument = body.addArgument(type, loc);
  OpBuilder::atBlockEnd(&body).create<nn::YieldOp>(loc, argument);
  group->setAttr(nn::notesAttr,
                 builder.getStrArrayAttr({"copies into the layout its reader needs"}));
  if (failed(choose(group)))
    return failure();
  Value result = group.getResult(0);
  orders[result] = order;
  halos[result] = halo;
  layouts[result] = makeLayout(func.getContext(), shapeOf(result), order, halo);
  copies[value].push_back(result);
  return result;
}

/// Constants are packed as the kernel wants them; seen through movers they are
/// gathered first unless their strides will do.
FailureOr<Value> LayoutAssigner::constantOperand(nn::FusedOp group, unsigned index, View view,
                                                 nn::ConstantOp root) {
  Value operand = group.getInputs()[index];
  auto type = cast<RankedTensorType>(operand.getType());
  const LayoutNeed &need = choices.find(group)->second.operands[index];
  LayoutAttr &layout = operandLayouts[group].emplace_back();
  if (!need.packed && satisfies(view.layout, type.getShape(), need)) {
    layout = asNeeded(view.layout, type.getShape(), need);
    return operand;
  }
  Order order =
      need.rowMajor ? rowMajorOrder(type.getRank()) : unitLastOrder(type.getRank(), need.unitDim);
  layout = need.packed ? need.packed
                       : makeLayout(func.getContext(), type.getShape(), order, Halo::of(need));
  if (operand == root.getResult())
    return operand;
  builder.setInsertionPoint(group);
  return builder.create<nn::ConstantOp>(root.getLoc(), gatherConstant(root.getValue(), view, type))
      .getResult();
}

/// Notes where each operand stands; where that does not do, the group reads a copy.
LogicalResult LayoutAssigner::fixOperands(nn::FusedOp group) {
  operandLayouts[group].clear();
  for (OpOperand &operand : group->getOpOperands()) {
    Value value = operand.get();
    View view = viewOf(value);
    unsigned index = operand.getOperandNumber();
    if (auto constant = rootOf(value).getDefiningOp<nn::ConstantOp>()) {
      FailureOr<Value> packed = constantOperand(group, index, view, constant);
      if (failed(packed))
        return failure();
      operand.set(*packed);
      continue;
    }
    LayoutNeed need = choices.find(group)->second.operands[index];
    if (!satisfies(view.layout, shapeOf(value), need)) {
      int64_t rank = shapeOf(value).size();
      builder.setInsertionPoint(group);
      Order order = need.rowMajor ? rowMajorOrder(rank) : unitLastOrder(rank, need.unitDim);
      FailureOr<Value> copied = copy(value, order, Halo::of(need), group.getLoc());
      if (failed(copied) || failed(fixOperands((*copied).getDefiningOp<nn::FusedOp>())))
        return failure();
      operand.set(*copied);
      view = {0, layouts[*copied]};
    }
    operandLayouts[group].push_back(asNeeded(view.layout, shapeOf(value), need));
  }
  return success();
}

/// Whatever is returned must be all of a buffer that a step writes, row-major,
/// so that it can be the caller's.
LogicalResult LayoutAssigner::bindOutputs() {
  Operation *terminator = func.getBody().front().getTerminator();
  llvm::DenseSet<Value> bound;
  for (OpOperand &operand : terminator->getOpOperands()) {
    Value value = operand.get();
    if (isEmpty(value))
      continue;
    bool whole = true;
    Value root = value;
    while (root.getDefiningOp() && isViewMover(root.getDefiningOp())) {
      whole &= isa<nn::ReshapeOp, nn::TransposeOp>(root.getDefiningOp());
      root = root.getDefiningOp()->getOperand(0);
    }
    bool written = isa_and_nonnull<nn::FusedOp, nn::ConcatOp>(root.getDefiningOp());
    if (whole && written && !jointOf.contains(root) && !halos.lookup(root).any() &&
        viewOf(value).layout.isRowMajor(shapeOf(value)) && bound.insert(root).second)
      continue;
    builder.setInsertionPoint(terminator);
    copies.erase(value);
    FailureOr<Value> copied = copy(value, rowMajorOrder(shapeOf(value).size()), {}, value.getLoc());
    if (failed(copied) || failed(fixOperands((*copied).getDefiningOp<nn::FusedOp>())))
      return failure();
    bound.insert(*copied);
    operand.set(*copied);
  }
  return success();
}

/// Writes the decisions into the IR and drops what they left unused. A result
/// that does not stand as its kernel writes it would be a wrong answer.
LogicalResult LayoutAssigner::attach() {
  auto arrayOf = [&](ArrayRef<LayoutAttr> list) {
    return builder.getArrayAttr(SmallVector<Attribute>(list.begin(), list.end()));
  };
  for (auto group : func.getOps<nn::FusedOp>()) {
    const Candidate &choice = choices.find(group)->second;
    SmallVector<LayoutAttr> results;
    for (OpResult result : group.getResults()) {
      results.push_back(asWritten(layouts[result], shapeOf(result), resultNeed(result)));
      if (!satisfies(results.back(), shapeOf(result), resultNeed(result)))
        return group.emitError() << choice.algorithm << " cannot write its result as "
                                 << results.back();
    }
    group->setAttr(algorithmAttr, builder.getStringAttr(choice.algorithm));
    group->setAttr(tileAttr, choice.tile ? choice.tile : builder.getDictionaryAttr({}));
    group->setAttr(operandsAttr, arrayOf(operandLayouts[group]));
    group->setAttr(resultsAttr, arrayOf(results));
    group->setAttr(aliasAttr, builder.getDenseBoolArrayAttr(choice.mayAlias));
  }
  for (auto concat : func.getOps<nn::ConcatOp>())
    concat->setAttr(layoutAttr, layouts[concat.getResult()]);
  SmallVector<Operation *> ops = bodyOps(func);
  for (Operation *op : llvm::reverse(ops))
    if (op->use_empty() && (isViewMover(op) || isa<nn::ConstantOp>(op)))
      op->erase();
  return success();
}

} // namespace nnc::schedule
