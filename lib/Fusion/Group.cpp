//===- Group.cpp - Choosing the members of a group ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Group.h"

#include "nnc/Fusion/Passes.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace nnc::fusion {

static RankedTensorType tensor(Value v) { return cast<RankedTensorType>(v.getType()); }

/// The op's ONNX nodes, else its mnemonic (of a group: its first op's).
static std::string nameOf(Operation *op) {
  SmallVector<StringRef> names = nn::nodeNames(op->getLoc());
  if (auto fused = dyn_cast<nn::FusedOp>(op); fused && names.empty())
    op = &fused.getBody().front().front();
  return names.empty() ? op->getName().stripDialect().str() : llvm::join(names, "+");
}

static bool isBefore(Operation *a, Operation *b) { return a->isBeforeInBlock(b); }

SmallVector<Value> Group::results() const {
  SmallVector<Value> values;
  for (Operation *op : members)
    for (Value v : op->getResults())
      if (llvm::any_of(v.getUsers(), [&](Operation *user) { return !contains(user); }))
        values.push_back(v);
  return values;
}

llvm::SetVector<Value> Group::operands() const {
  llvm::SetVector<Value> values;
  for (Operation *op : members)
    for (Value operand : op->getOperands())
      if (!contains(operand.getDefiningOp()))
        values.insert(operand);
  return values;
}

bool Group::admits(Operation *op) const {
  return members.size() < maxMembers && operands().size() + op->getNumOperands() <= maxOperands;
}

//===----------------------------------------------------------------------===//
// Growing
//===----------------------------------------------------------------------===//

void Group::growForward(Refusal refusal) {
  addReaders(refusal);
  trimToOneResult();
  noteReaders(refusal); // of what is widened, not the ops that widen it
  if (trimWidening())
    notes.push_back("stored as narrow integers, which the reader widens");
}

void Group::addReaders(Refusal refusal) {
  // Ops outside that depend on the group: who reads them cannot join.
  llvm::SmallPtrSet<Operation *, 16> dependent;
  Operation *last = members.front();
  auto extend = [&](Operation *op) {
    for (Operation *user : op->getUsers())
      last = isBefore(last, user) ? user : last;
  };
  extend(last);
  for (Operation *op = members.front()->getNextNode(); op && op != last->getNextNode();
       op = op->getNextNode()) {
    bool readsGroup = false, readsDependent = false;
    for (Value operand : op->getOperands())
      if (Operation *source = operand.getDefiningOp()) {
        readsGroup |= contains(source);
        readsDependent |= dependent.contains(source);
      }
    if (readsGroup && !readsDependent && refusal(op).empty() && admits(op)) {
      members.insert(op);
      extend(op);
    } else if (readsGroup || readsDependent) {
      dependent.insert(op);
    }
  }
}

void Group::trimToOneResult() {
  // The last member is read outside, for nothing is dead; without it the
  // others still need nobody behind them.
  while (members.size() > 1 && results().size() > 1)
    members.pop_back();
}

/// Whether `op`, which may be null, casts integers to a wider type.
static bool isWidening(Operation *op) {
  auto cast = dyn_cast_or_null<nn::CastOp>(op);
  if (!cast)
    return false;
  Type from = tensor(cast.getInput()).getElementType(), to = tensor(cast).getElementType();
  return from.isInteger() && from.getIntOrFloatBitWidth() < to.getIntOrFloatBitWidth();
}

size_t Group::wideningTail() const {
  Operation *last = members.back();
  auto isReduction = [](Operation *op) { return op->hasTrait<nn::Reduction>(); };
  bool isOutput = llvm::any_of(last->getUsers(), llvm::IsaPred<func::ReturnOp>);
  bool isReduced = llvm::all_of(last->getUsers(), isReduction);
  if ((isa<nn::DequantizeOp>(last) && !isOutput) || (isWidening(last) && isReduced))
    return 1;
  auto shift = dyn_cast<nn::SubOp>(last); // by the zero point
  if (!shift || !isReduced || contains(shift.getRhs().getDefiningOp()))
    return 0;
  Operation *widened = shift.getLhs().getDefiningOp();
  return contains(widened) && isWidening(widened) ? 2 : 0;
}

bool Group::trimWidening() {
  size_t before = members.size();
  for (size_t tail = wideningTail(); tail > 0 && tail < members.size(); tail = wideningTail())
    while (tail-- > 0)
      members.pop_back();
  return members.size() < before;
}

void Group::noteReaders(Refusal refusal) {
  SmallVector<Value> ends = results();
  if (ends.size() != 1)
    return;
  llvm::SmallPtrSet<Operation *, 8> readers(ends.front().getUsers().begin(),
                                            ends.front().getUsers().end());
  if (readers.size() > 1) {
    notes.push_back("result has " + std::to_string(readers.size()) + " readers");
    return;
  }
  Operation *reader = *readers.begin();
  std::string reason = refusal(reader);
  if (reason.empty())
    reason = admits(reader) ? "also reads what is computed later" : "the group is full";
  if (isa<func::ReturnOp>(reader))
    notes.push_back("result is an output");
  else
    notes.push_back(nameOf(reader) + " not fused: " + reason);
}

void Group::growBackward(Refusal refusal) {
  auto feedsGroupOnly = [&](Operation *op) {
    return llvm::all_of(op->getUsers(), [&](Operation *user) { return contains(user); });
  };
  for (size_t i = 0; i < members.size(); ++i)
    for (Value operand : members[i]->getOperands()) {
      Operation *source = operand.getDefiningOp();
      if (source && !contains(source) && refusal(source).empty() && feedsGroupOnly(source) &&
          admits(source)) {
        members.insert(source);
        i = -1; // one more reader inside may complete the readers of another op
        break;
      }
    }
  auto ordered = members.takeVector();
  llvm::sort(ordered, isBefore);
  members.insert(ordered.begin(), ordered.end());
}

//===----------------------------------------------------------------------===//
// Forming
//===----------------------------------------------------------------------===//

/// Operands in which a contraction reads once more what an operand before reads:
/// left and right are laid out each in its own way.
static SmallVector<OpOperand *> repeatedOperands(ArrayRef<Operation *> members) {
  SmallVector<OpOperand *> repeated;
  for (Operation *op : members) {
    if (!op->hasTrait<nn::Contraction>())
      continue;
    for (OpOperand &operand : op->getOpOperands())
      if (llvm::is_contained(op->getOperands().take_front(operand.getOperandNumber()),
                             operand.get()))
        repeated.push_back(&operand);
  }
  return repeated;
}

nn::FusedOp Group::form() {
  SmallVector<Value> outputs = results();
  SmallVector<Value> inputs = operands().takeVector();
  SmallVector<OpOperand *> repeated = repeatedOperands(members.getArrayRef());
  SmallVector<Location> locations;
  for (Operation *op : members)
    locations.push_back(op->getLoc());
  OpBuilder b(members.back());
  Location loc = b.getFusedLoc(locations);
  for (OpOperand *operand : repeated)
    inputs.push_back(operand->get());
  auto fused = b.create<nn::FusedOp>(loc, ValueRange(outputs).getTypes(), inputs);
  Block *body = b.createBlock(&fused.getBody());
  for (Value input : inputs) {
    BlockArgument argument = body->addArgument(input.getType(), input.getLoc());
    input.replaceUsesWithIf(argument, [&](OpOperand &use) { return contains(use.getOwner()); });
  }
  for (auto [operand, argument] :
       llvm::zip(repeated, body->getArguments().take_back(repeated.size())))
    operand->set(argument);
  for (auto [inside, outside] : llvm::zip_equal(outputs, fused.getResults()))
    inside.replaceUsesWithIf(outside, [&](OpOperand &use) { return !contains(use.getOwner()); });
  for (Operation *op : members)
    op->moveBefore(body, body->end());
  b.setInsertionPointToEnd(body);
  b.create<nn::YieldOp>(loc, outputs);
  if (!notes.empty())
    fused->setAttr(nn::notesAttr,
                   b.getStrArrayAttr(SmallVector<StringRef>(notes.begin(), notes.end())));
  return fused;
}

std::string refuseWidening(Operation *op, Operation *anchor) {
  auto type = tensor(anchor->getResult(0));
  bool widens = isa<nn::DequantizeOp>(op) && tensor(op->getResult(0)).getShape() == type.getShape();
  return widens && !llvm::is_contained(op->getUsers(), anchor)
             ? refuseEpilogue(op, type, /*channel=*/-1)
             : "computed before";
}

std::string refuseOther(Operation *op) {
  if (op->hasTrait<nn::Contraction>() ||
      isa<nn::FusedOp, nn::MaxPoolOp, nn::AveragePoolOp, nn::ThresholdOp>(op))
    return "a step of its own";
  if (op->hasTrait<nn::Movement>())
    return "moves data";
  return op->hasTrait<nn::Elementwise>() ? "" : "not elementwise";
}

/// Elements that the lanes of 32-bit accumulators can take and give.
static bool fitsLanes(Type element) {
  return element.getIntOrFloatBitWidth() <= 32 && !element.isInteger(1);
}

std::string refuseEpilogue(Operation *op, RankedTensorType anchor, int64_t channel) {
  if (std::string reason = refuseOther(op); !reason.empty())
    return reason;
  if (tensor(op->getResult(0)).getShape() != anchor.getShape() ||
      !fitsLanes(tensor(op->getResult(0)).getElementType()))
    return "its result has another shape or wider elements";
  if (isa<nn::LookupOp>(op))
    return "its table would make the kernel one that no other step shares";
  for (Value operand : op->getOperands()) {
    RankedTensorType type = tensor(operand);
    if (!fitsLanes(type.getElementType()))
      return "an operand has wider elements, or bools";
    int64_t lead = anchor.getRank() - type.getRank();
    bool perChannel = true;
    for (auto [d, size] : llvm::enumerate(type.getShape()))
      perChannel &= size == 1 || lead + static_cast<int64_t>(d) == channel;
    if (type.getShape() != anchor.getShape() && !perChannel)
      return "an operand repeats along other dimensions than the channels";
  }
  return {};
}

} // namespace nnc::fusion
