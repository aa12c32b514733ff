//===- Placement.cpp - Which tensors share which buffer -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Placement.h"

#include "GroupAttributes.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using nnc::plan::LayoutAttr;

namespace nnc::schedule {

static int64_t elementBytesOf(Value value) {
  return nn::elementByteSize(cast<RankedTensorType>(value.getType()).getElementType());
}

static LayoutAttr layoutOf(Operation *op, StringRef name, unsigned index) {
  return cast<LayoutAttr>(op->getAttrOfType<ArrayAttr>(name)[index]);
}

Placement::Placement(func::FuncOp func) {
  Block &body = func.getBody().front();
  for (BlockArgument argument : body.getArguments()) {
    int64_t buffer = addBuffer(Buffer::Input);
    all[buffer].index = argument.getArgNumber();
    places[argument] = {buffer, 0, LayoutAttr::rowMajor(func.getContext(), shapeOf(argument))};
  }
  placeJoints(body);
  placeResults(body);
  for (auto group : body.getOps<nn::FusedOp>()) {
    order.push_back(group);
    placeOperands(group);
  }
  bindOutputs(body.getTerminator());
  findLifetimes();
}

int64_t Placement::addBuffer(Buffer::Kind kind) {
  all.emplace_back().kind = kind;
  return all.size() - 1;
}

/// A slot that holds all of `value`.
Place Placement::addSlot(Value value, LayoutAttr layout) {
  int64_t size = elementBytesOf(value), index = addBuffer(Buffer::Slot);
  int64_t elements = cast<RankedTensorType>(value.getType()).getNumElements();
  all[index].bytes = layout.spanElements(shapeOf(value)) * size;
  if (layout.hasHalo())
    all[index].haloBytes = all[index].bytes - elements * size;
  return {index, layout.originOffset() * size, layout};
}

int64_t Placement::constantBuffer(ElementsAttr value, LayoutAttr layout) {
  auto [known, isNew] = constants.insert({{value, layout}, static_cast<int64_t>(all.size())});
  if (isNew) {
    Buffer &buffer = all[addBuffer(Buffer::Constant)];
    buffer.value = value;
    buffer.layout = layout;
  }
  return known->second;
}

/// Concats from the last to the first, so that an outer one is placed before
/// those it contains.
void Placement::placeJoints(Block &body) {
  for (Operation &op : llvm::reverse(body)) {
    auto concat = dyn_cast<nn::ConcatOp>(op);
    if (!concat)
      continue;
    Value joint = concat.getResult();
    int64_t size = elementBytesOf(joint);
    if (!places.contains(joint)) {
      auto layout = concat->getAttrOfType<LayoutAttr>(layoutAttr);
      places[joint] = addSlot(joint, layout);
    }
    Place at = places[joint];
    int64_t axis = concat.getAxis();
    for (Value part : concat.getInputs()) {
      places[part] = at;
      at.origin += shapeOf(part)[axis] * at.layout.getStrides()[axis] * size;
    }
  }
}

void Placement::placeResults(Block &body) {
  for (Operation &op : body.without_terminator()) {
    if (auto group = dyn_cast<nn::FusedOp>(op)) {
      for (OpResult result : group.getResults()) {
        LayoutAttr layout = layoutOf(group, resultsAttr, result.getResultNumber());
        if (!places.contains(result))
          places[result] = addSlot(result, layout);
        else
          places[result].layout = layout;
      }
    } else if (auto constant = dyn_cast<nn::ConstantOp>(op)) {
      // Placed when a use says in which layout; this is for views of it.
      places[constant] = {-1, 0,
                          LayoutAttr::rowMajor(op.getContext(), shapeOf(constant.getResult()))};
    } else if (isViewMover(&op)) {
      Place source = places[op.getOperand(0)];
      View view = *viewThrough(&op, {0, source.layout});
      places[op.getResult(0)] = {source.buffer,
                                 source.origin + view.offset * elementBytesOf(op.getResult(0)),
                                 view.layout};
    }
  }
}

void Placement::placeOperands(nn::FusedOp group) {
  for (auto [i, operand] : llvm::enumerate(group.getInputs())) {
    LayoutAttr needed = layoutOf(group, operandsAttr, i);
    Place place = places[operand];
    Value root = operand;
    while (root.getDefiningOp() && isViewMover(root.getDefiningOp()))
      root = root.getDefiningOp()->getOperand(0);
    if (auto constant = root.getDefiningOp<nn::ConstantOp>()) {
      bool direct = root == operand;
      LayoutAttr layout = direct ? needed : places[root].layout;
      place.buffer = constantBuffer(constant.getValue(), layout);
      if (direct)
        place.origin = layout.originOffset() * elementBytesOf(operand);
    }
    operands[group].push_back(place);
  }
}

/// A value returned is all of its buffer (AssignLayouts saw to that), which becomes the caller's.
void Placement::bindOutputs(Operation *terminator) {
  for (auto [i, value] : llvm::enumerate(terminator->getOperands())) {
    Place place = places[value];
    if (place.buffer < 0) // without elements
      continue;
    all[place.buffer].kind = Buffer::Output;
    all[place.buffer].index = i;
  }
}

void Placement::findLifetimes() {
  for (auto [step, group] : llvm::enumerate(order)) {
    auto touch = [&, at = static_cast<int64_t>(step)](const Place &place) {
      Buffer &buffer = all[place.buffer];
      buffer.first = buffer.first < 0 ? at : std::min(buffer.first, at);
      buffer.last = std::max(buffer.last, at);
    };
    for (const Place &place : operands[group])
      touch(place);
    for (Value result : group.getResults())
      touch(places[result]);
  }
}

//===----------------------------------------------------------------------===//
// In place
//===----------------------------------------------------------------------===//

Place Placement::resolved(Place place) const {
  while (place.buffer >= 0 && all[place.buffer].mergedInto >= 0) {
    place.origin += all[place.buffer].mergedAt;
    place.buffer = all[place.buffer].mergedInto;
  }
  return place;
}

Place Placement::operandPlace(nn::FusedOp group, unsigned index) const {
  return resolved(operands.find(group)->second[index]);
}
Place Placement::resultPlace(OpResult result) const {
  return resolved(places.find(result)->second);
}

/// The same elements in the same places, halo included.
static bool sameLayout(LayoutAttr a, LayoutAttr b, ArrayRef<int64_t> shape) {
  for (size_t d = 0; d < shape.size(); ++d)
    if ((shape[d] != 1 && a.getStrides()[d] != b.getStrides()[d]) || a.lowHalo(d) != b.lowHalo(d) ||
        a.highHalo(d) != b.highHalo(d))
      return false;
  return a.getFill() == b.getFill();
}

void Placement::runInPlace() {
  for (auto [step, group] : llvm::enumerate(order)) {
    ArrayRef<bool> alias = group->getAttrOfType<DenseBoolArrayAttr>(aliasAttr);
    for (unsigned i = 0; i < alias.size(); ++i)
      if (alias[i] && mergeOperand(group, i, step))
        break;
  }
}

/// The operand's buffer becomes a part of the result's if it holds nothing
/// else, dies here, and no other operand of this step reads it in another way.
bool Placement::mergeOperand(nn::FusedOp group, unsigned index, int64_t step) {
  OpResult result = group->getResult(0);
  Value operand = group.getInputs()[index];
  ArrayRef<bool> alias = group->getAttrOfType<DenseBoolArrayAttr>(aliasAttr);
  Place from = operandPlace(group, index), to = resultPlace(result);
  ArrayRef<int64_t> shape = shapeOf(result);
  if (operand.getType() != result.getType() || from.buffer == to.buffer ||
      !sameLayout(from.layout, to.layout, shape))
    return false;
  Buffer &old = all[from.buffer], &target = all[to.buffer];
  int64_t size = elementBytesOf(result);
  bool whole = from.origin == from.layout.originOffset() * size &&
               old.bytes == from.layout.spanElements(shape) * size;
  if (old.kind != Buffer::Slot || target.kind == Buffer::Constant || !whole || old.last != step)
    return false;
  for (auto [i, other] : llvm::enumerate(group.getInputs())) {
    Place place = operandPlace(group, i);
    if (place.buffer == from.buffer &&
        (!alias[i] || place.origin != from.origin || other.getType() != operand.getType() ||
         !sameLayout(place.layout, from.layout, shape)))
      return false;
  }
  // Until now the target's bytes there must be untouched: it may be a joint
  // buffer, but the result is written here for the first time.
  old.mergedInto = to.buffer;
  old.mergedAt = to.origin - from.origin;
  target.first = std::min(target.first, old.first);
  return true;
}

} // namespace nnc::schedule
