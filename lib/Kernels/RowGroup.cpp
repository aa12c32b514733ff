//===- RowGroup.cpp - What a group with reductions looks like ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "RowGroup.h"
#include "nnc/Kernels/KernelEmitter.h"

using namespace mlir;

namespace nnc {

static RankedTensorType tensor(Value v) { return cast<RankedTensorType>(v.getType()); }

static ArrayRef<int64_t> reducedAxes(Operation *op) {
  return cast<DenseI64ArrayAttr>(op->getAttr("axes")).asArrayRef();
}

static bool canReduce(Operation *op) {
  Type element = tensor(op->getOperand(0)).getElementType();
  bool isInteger = element.isSignlessInteger(32) || element.isSignlessInteger(64);
  return element.isF32() || (isInteger && !isa<nn::ReduceMeanOp>(op));
}

/// Records the dimensions of an operand that broadcasts to a value with `dims`.
static bool recordOperand(RowGroup &group, Value operand, ArrayRef<int64_t> dims) {
  int64_t rank = tensor(operand).getRank();
  if (rank > static_cast<int64_t>(dims.size()))
    return false;
  ArrayRef<int64_t> own = dims.take_back(rank);
  auto [it, isNew] = group.dims.try_emplace(operand, own);
  return isNew || ArrayRef<int64_t>(it->second) == own;
}

/// Reductions fix the dimensions of their operands and results.
static bool recordReduction(RowGroup &group, Operation *op) {
  SmallVector<int64_t> all = llvm::to_vector(llvm::seq<int64_t>(0, group.shape.size())), kept;
  bool keepdims = cast<BoolAttr>(op->getAttr("keepdims")).getValue();
  for (int64_t d : all)
    if (keepdims || !group.isReduced(d))
      kept.push_back(d);
  return tensor(op->getOperand(0)).getShape() == ArrayRef<int64_t>(group.shape) &&
         reducedAxes(op) == ArrayRef<int64_t>(group.axes) &&
         recordOperand(group, op->getOperand(0), all) &&
         recordOperand(group, op->getResult(0), kept);
}

/// An elementwise result has the dimensions of its operand of the same rank;
/// walked backwards, operands get theirs from the results.
static bool recordElementwise(RowGroup &group, Operation *op) {
  Value result = op->getResult(0);
  if (!group.dims.count(result))
    for (Value v : op->getOperands())
      if (group.dims.count(v) && tensor(v).getRank() == tensor(result).getRank()) {
        SmallVector<int64_t> dims = group.dims[v];
        group.dims[result] = dims;
        break;
      }
  auto it = group.dims.find(result);
  if (it == group.dims.end())
    return true; // known once its readers are
  SmallVector<int64_t> dims = it->second;
  return llvm::all_of(op->getOperands(), [&](Value v) { return recordOperand(group, v, dims); });
}

static bool record(RowGroup &group, Operation *op) {
  return op->hasTrait<nn::Reduction>() ? recordReduction(group, op) : recordElementwise(group, op);
}

/// Every value has its dimensions, and each is as long as its row's or 1.
static bool isComplete(RowGroup &group) {
  auto fits = [&](Value v) {
    auto it = group.dims.find(v);
    if (it == group.dims.end())
      return false;
    for (auto [d, size] : llvm::zip(it->second, tensor(v).getShape()))
      if (size != group.shape[d] && size != 1)
        return false;
    return true;
  };
  for (Value argument : group.body->getArguments())
    if (!argument.use_empty() && !fits(argument))
      return false;
  return llvm::all_of(group.body->without_terminator(),
                      [&](Operation &op) { return fits(op.getResult(0)); });
}

std::optional<RowGroup> RowGroup::match(Block &body) {
  RowGroup group;
  group.body = &body;
  for (Operation &op : body.without_terminator()) {
    if (op.hasTrait<nn::Reduction>() && canReduce(&op))
      group.reductions.push_back(&op);
    else if (!op.hasTrait<nn::Elementwise>() || !canEmitElementwise(&op))
      return std::nullopt;
  }
  if (group.reductions.empty())
    return std::nullopt;
  Operation *first = group.reductions.front();
  group.shape.assign(tensor(first->getOperand(0)).getShape().begin(),
                     tensor(first->getOperand(0)).getShape().end());
  group.axes.assign(reducedAxes(first).begin(), reducedAxes(first).end());
  // Forwards for results, backwards for operands that feed them.
  for (Operation &op : body.without_terminator())
    if (!record(group, &op))
      return std::nullopt;
  for (Operation &op : llvm::reverse(body.without_terminator()))
    if (!record(group, &op))
      return std::nullopt;
  if (!isComplete(group))
    return std::nullopt;
  // A row result fills the whole shape.
  for (Value v : body.getTerminator()->getOperands())
    if (isa<BlockArgument>(v) ||
        (group.isRow(v) && tensor(v).getShape() != ArrayRef<int64_t>(group.shape)))
      return std::nullopt;
  return group;
}

bool RowGroup::isRow(Value v) const {
  auto shapeOf = tensor(v).getShape();
  for (auto [i, d] : llvm::enumerate(dims.lookup(v)))
    if (isReduced(d) && shapeOf[i] != 1)
      return true;
  return false;
}

SmallVector<int64_t> RowGroup::outerDims() const {
  SmallVector<int64_t> outer;
  for (int64_t d = 0, rank = shape.size(); d < rank; ++d)
    if (!isReduced(d))
      outer.push_back(d);
  return outer;
}

int64_t RowGroup::rowElements() const {
  int64_t count = 1;
  for (int64_t d : axes)
    count *= shape[d];
  return count;
}

SmallVector<int64_t> RowGroup::stridesAlong(Value v, ArrayRef<int64_t> strides,
                                            ArrayRef<int64_t> along) const {
  SmallVector<int64_t> result(along.size(), 0);
  auto own = dims.lookup(v);
  auto sizes = tensor(v).getShape();
  for (auto [i, d] : llvm::enumerate(own))
    if (auto at = llvm::find(along, d); at != along.end() && sizes[i] != 1)
      result[at - along.begin()] = strides[i];
  return result;
}

} // namespace nnc
