//===- RowEmitter.cpp - Passes over rows and their values ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "RowEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace nnc {

//===----------------------------------------------------------------------===//
// Setting up
//===----------------------------------------------------------------------===//

RowEmitter::RowEmitter(plan::KernelOp kernel, ValueRange pointers, KernelEmitter &emitter,
                       RowGroup g)
    : emitter(emitter), kernel(kernel), group(std::move(g)),
      operandCount(group.body->getNumArguments()) {
  for (unsigned i = 0; i < operandCount; ++i)
    accesses.push_back(
        makeAccess(group.body->getArgument(i), pointers[i], kernel.operandLayout(i)));
  for (auto [i, v] : llvm::enumerate(group.body->getTerminator()->getOperands()))
    accesses.push_back(makeAccess(v, pointers[operandCount + i], kernel.resultLayout(i)));
  chooseLanes();
}

RowAccess RowEmitter::makeAccess(Value value, Value base, plan::LayoutAttr layout) {
  RowAccess access{value, base, registerType(getElementTypeOrSelf(value.getType())), {}, {}, {}};
  access.outer = group.stridesAlong(value, layout.getStrides(), group.outerDims());
  access.inner = group.stridesAlong(value, layout.getStrides(), group.axes);
  // The row is one run if each axis steps over all of the next one.
  int64_t stride = 0;
  std::optional<int64_t> expected; // of the next axis outwards; strides may be negative
  bool flat = true;
  for (size_t i = group.axes.size(); i-- > 0;) {
    int64_t size = group.shape[group.axes[i]];
    if (size == 1)
      continue;
    if (!expected)
      stride = access.inner[i];
    else
      flat &= access.inner[i] == expected;
    expected = access.inner[i] * size;
  }
  if (flat)
    access.innerStride = stride;
  return access;
}

/// The tensor whose memory order the loops follow: the largest one.
const RowAccess &RowEmitter::leader() const {
  auto elements = [](const RowAccess &a) {
    return cast<RankedTensorType>(a.value.getType()).getNumElements();
  };
  return *std::max_element(
      accesses.begin(), accesses.end(),
      [&](const RowAccess &a, const RowAccess &b) { return elements(a) < elements(b); });
}

/// Lanes are rows if the leader is not contiguous along its rows but is across them.
void RowEmitter::chooseLanes() {
  const RowAccess &access = leader();
  SmallVector<int64_t> outer = group.outerDims();
  bool acrossRows = false;
  for (auto [d, stride] : llvm::zip(outer, access.outer))
    acrossRows |= stride == 1 && group.shape[d] > 1;
  lanesAlongRow = access.innerStride == 1 || !acrossRows;
}

void RowEmitter::emit() {
  SmallVector<int64_t> sizes;
  for (int64_t d : group.outerDims())
    sizes.push_back(group.shape[d]);
  std::vector<Access> outer{Access{leader().base, leader().element, 0, leader().outer}};
  for (const RowAccess &access : accesses)
    outer.push_back(Access{access.base, access.element, 0, access.outer});
  LoopNest loops(emitter, sizes, std::move(outer), /*byElement=*/lanesAlongRow);
  nest = &loops;
  loops.emit([&](const Lane &lane) { emitRow(lane); });
}

void RowEmitter::emitRow(const Lane &lane) {
  row = &lane;
  fixed.clear();
  kept = nextKept = Value();
  evaluateFixed();
  SmallVector<Value> roots;
  for (Operation *op : group.reductions)
    roots.push_back(op->getOperand(0));
  llvm::append_range(roots, group.body->getTerminator()->getOperands());
  for (auto [i, op] : llvm::enumerate(group.reductions)) {
    chooseKept(roots[i], ArrayRef(roots).drop_front(i + 1));
    fixed[op->getResult(0)] = reduce(op);
    if (nextKept)
      kept = nextKept;
    nextKept = Value();
    evaluateFixed();
  }
  storeResults();
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// The offset of element `index` of the row in access `number`. A row whose
/// axes are not one run is counted apart; all of these numbers are public.
Value RowEmitter::offsetAt(unsigned number, Value index) {
  const RowAccess &access = accesses[number];
  Value offset = row->offsets[number + 1];
  if (access.innerStride)
    return emitter.add(offset, emitter.mul(index, *access.innerStride));
  ImplicitLocOpBuilder &b = emitter.builder();
  for (size_t d = group.axes.size(); d-- > 0;) {
    Value size = emitter.constant(group.shape[group.axes[d]]);
    Value along = b.createOrFold<arith::RemUIOp>(index, size);
    offset = emitter.add(offset, emitter.mul(along, access.inner[d]));
    index = b.createOrFold<arith::DivUIOp>(index, size);
  }
  return offset;
}

Value RowEmitter::load(unsigned number, const RowPlace &place) {
  const RowAccess &access = accesses[number];
  if (!lanesAlongRow)
    return loadStrided(emitter, access.base, access.element, offsetAt(number, place.index),
                       nest->laneStride(number + 1), row->lanes, row->active);
  if (access.innerStride)
    return loadStrided(emitter, access.base, access.element, offsetAt(number, place.index),
                       *access.innerStride, emitter.lanes(), place.active);
  Value vector = emitter.splat(VectorType::get(emitter.lanes(), access.element), 0.0);
  for (int64_t i = 0; i < place.active; ++i) {
    Value offset = offsetAt(number, emitter.add(place.index, i));
    Value scalar = emitter.loadScalar(access.base, access.element, offset);
    vector = emitter.builder().create<vector::InsertOp>(scalar, vector, i);
  }
  return vector;
}

void RowEmitter::store(Value value, unsigned number, const RowPlace &place) {
  const RowAccess &to = accesses[number];
  if (!lanesAlongRow)
    return storeStrided(emitter, value, to.base, offsetAt(number, place.index),
                        nest->laneStride(number + 1), row->active);
  if (to.innerStride)
    return storeStrided(emitter, value, to.base, offsetAt(number, place.index), *to.innerStride,
                        place.active);
  for (int64_t i = 0; i < place.active; ++i)
    emitter.storeScalar(emitter.builder().create<vector::ExtractOp>(value, i), to.base,
                        offsetAt(number, emitter.add(place.index, i)));
}

Value RowEmitter::rowValue(Value v, const RowPlace &place, DenseMap<Value, Value> &known) {
  if (auto it = known.find(v); it != known.end())
    return it->second;
  Value result;
  if (Value same = fixed.lookup(v)) {
    result = lanesAlongRow ? emitter.splat(VectorType::get(emitter.lanes(), same.getType()), same)
                           : same;
  } else if (v == kept) {
    result = load(operandCount, place);
  } else if (auto argument = dyn_cast<BlockArgument>(v)) {
    result = load(argument.getArgNumber(), place);
  } else {
    SmallVector<Value> inputs;
    for (Value operand : v.getDefiningOp()->getOperands())
      inputs.push_back(rowValue(operand, place, known));
    result = emitElementwise(v.getDefiningOp(), inputs, emitter);
  }
  if (v == nextKept)
    store(result, operandCount, place);
  return known[v] = result;
}

/// Values that are the same all along the row, as far as they can be known now.
void RowEmitter::evaluateFixed() {
  for (unsigned i = 0; i < operandCount; ++i) {
    Value argument = group.body->getArgument(i);
    if (argument.use_empty() || group.isRow(argument) || fixed.count(argument))
      continue;
    const RowAccess &access = accesses[i];
    fixed[argument] = lanesAlongRow
                          ? emitter.loadScalar(access.base, access.element, row->offsets[i + 1])
                          : loadStrided(emitter, access.base, access.element, row->offsets[i + 1],
                                        nest->laneStride(i + 1), row->lanes, row->active);
  }
  for (Operation &op : group.body->without_terminator()) {
    if (op.hasTrait<nn::Reduction>() || fixed.count(op.getResult(0)))
      continue;
    SmallVector<Value> inputs;
    for (Value v : op.getOperands())
      if (Value known = fixed.lookup(v))
        inputs.push_back(known);
    if (inputs.size() == op.getNumOperands())
      fixed[op.getResult(0)] = emitElementwise(&op, inputs, emitter);
  }
}

/// A value that this pass computes and a later one needs is kept in result 0,
/// so that it is not computed again. The last such value in the body is it.
void RowEmitter::chooseKept(Value root, ArrayRef<Value> later) {
  const RowAccess &to = accesses[operandCount];
  if (!group.isRow(to.value))
    return;
  auto reach = [&](Value from, auto &&self, SmallPtrSetImpl<Operation *> &seen) -> void {
    Operation *op = from.getDefiningOp();
    if (!op || fixed.count(from) || from == kept || op->hasTrait<nn::Reduction>() ||
        !seen.insert(op).second)
      return;
    for (Value v : op->getOperands())
      self(v, self, seen);
  };
  SmallPtrSet<Operation *, 16> now, then;
  reach(root, reach, now);
  for (Value v : later)
    reach(v, reach, then);
  for (Operation &op : llvm::reverse(group.body->without_terminator()))
    if (now.contains(&op) && then.contains(&op) &&
        op.getResult(0).getType() == to.value.getType()) {
      nextKept = op.getResult(0);
      return;
    }
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

void RowEmitter::storeResults() {
  SmallVector<unsigned> rowResults;
  for (unsigned i = operandCount; i < accesses.size(); ++i) {
    const RowAccess &to = accesses[i];
    if (group.isRow(to.value)) {
      rowResults.push_back(i);
      continue;
    }
    Value v = fixed.lookup(to.value), offset = row->offsets[i + 1];
    if (lanesAlongRow)
      emitter.storeScalar(v, to.base, offset);
    else
      storeStrided(emitter, v, to.base, offset, nest->laneStride(i + 1), row->active);
  }
  if (rowResults.empty())
    return;
  auto storeAll = [&](const RowPlace &place) {
    DenseMap<Value, Value> known;
    for (unsigned i : rowResults)
      rowValue(accesses[i].value, place, known);
    for (unsigned i : rowResults)
      store(known[accesses[i].value], i, place);
  };
  int64_t elements = group.rowElements(), step = lanesAlongRow ? emitter.lanes() : 1;
  int64_t whole = elements / step * step;
  emitter.loop(0, whole, step, [&](Value i) { storeAll({i, step}); });
  if (whole < elements)
    storeAll({emitter.constant(whole), elements - whole});
}

} // namespace nnc
