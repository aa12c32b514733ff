//===- ValueRanges.cpp - Which integers a tensor can hold ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ValueRanges.h"

#include "Constants.h"
#include "dialects/NN/ElementTypes.h"

using namespace mlir;

namespace nnc::quantization {

static Type elementOf(Value v) { return typeOf(v).getElementType(); }

static bool isInteger(Value v) {
  Type element = elementOf(v);
  return isa<IntegerType>(element) && element.getIntOrFloatBitWidth() > 1 &&
         element.getIntOrFloatBitWidth() <= 32;
}

Value ungrouped(Value v) {
  while (true) {
    if (auto argument = dyn_cast<BlockArgument>(v)) {
      auto group = dyn_cast<nn::FusedOp>(argument.getOwner()->getParentOp());
      if (!group)
        return v;
      v = group.getInputs()[argument.getArgNumber()];
    } else if (auto group = v.getDefiningOp<nn::FusedOp>()) {
      unsigned number = cast<OpResult>(v).getResultNumber();
      v = group.getBody().front().getTerminator()->getOperand(number);
    } else {
      return v;
    }
  }
}

IntegerRange typeRange(Type element) {
  return element.getIntOrFloatBitWidth() > 32 ? IntegerRange{INT32_MIN, INT32_MAX}
                                              : nn::integerRange(element);
}

IntegerRange ValueRanges::of(Value v) const {
  v = ungrouped(v);
  if (auto entry = known.find(v); entry != known.end())
    return entry->second;
  if (auto constant = v.getDefiningOp<nn::ConstantOp>(); constant && isInteger(v)) {
    std::vector<int64_t> values = integers(constantValue(v));
    if (!values.empty()) {
      auto [least, most] = std::minmax_element(values.begin(), values.end());
      return {*least, *most};
    }
  }
  return typeRange(elementOf(v));
}

void ValueRanges::record(Value v, IntegerRange range) {
  IntegerRange possible = typeRange(elementOf(v));
  known[v] = possible.contains(range) ? range : possible; // what leaves the type wraps
}

static int64_t number(Attribute attribute) {
  auto integer = cast<IntegerAttr>(attribute);
  return integer.getType().isUnsignedInteger()
             ? static_cast<int64_t>(integer.getValue().getZExtValue())
             : integer.getValue().getSExtValue();
}

/// `x` between the bounds of `op`.
static IntegerRange clipped(nn::ClipOp op, IntegerRange x) {
  int64_t least = number(op.getMin()), most = number(op.getMax());
  auto limit = [&](int64_t n) { return std::min(std::max(n, least), most); };
  return {limit(x.least), limit(x.most)};
}

/// What a table holds for the values of `x`.
static IntegerRange lookedUp(nn::LookupOp op, IntegerRange x) {
  auto at = [&](int64_t i) -> int64_t { return op.getTable()[i & 255]; };
  IntegerRange range{at(x.least), at(x.least)};
  for (int64_t i = 1; i < std::min<int64_t>(256, x.most - x.least + 1); ++i)
    range = hull(range, {at(x.least + i), at(x.least + i)});
  return range;
}

/// The bits of some operands' elements, and what pads them.
static IntegerRange moved(const ValueRanges &ranges, Operation *op) {
  IntegerRange range = ranges.of(op->getOperand(0));
  if (isa<nn::ConcatOp>(op))
    for (Value operand : op->getOperands().drop_front())
      range = hull(range, ranges.of(operand));
  if (auto pad = dyn_cast<nn::PadOp>(op))
    range = hull(range, {number(pad.getValue()), number(pad.getValue())});
  auto pool = dyn_cast<nn::MaxPoolOp>(op);
  if (pool && llvm::any_of(pool.getPads(), [](int64_t n) { return n != 0; }))
    range.least = typeRange(elementOf(op->getResult(0))).least; // a window may see no element
  return range;
}

void ValueRanges::visit(Operation *op) {
  if (op->getNumResults() != 1 || op->getNumOperands() == 0 || !isInteger(op->getResult(0)) ||
      !isInteger(op->getOperand(0)))
    return;
  Value result = op->getResult(0);
  IntegerRange x = of(op->getOperand(0));
  auto y = [&] { return of(op->getOperand(1)); };
  if (auto clip = dyn_cast<nn::ClipOp>(op))
    record(result, clipped(clip, x));
  else if (auto lookup = dyn_cast<nn::LookupOp>(op))
    record(result, lookedUp(lookup, x));
  else if (isa<nn::ReluOp>(op))
    record(result, {std::max<int64_t>(x.least, 0), std::max<int64_t>(x.most, 0)});
  else if (isa<nn::CastOp>(op))
    record(result, x);
  else if (isa<nn::AddOp>(op))
    record(result, {x.least + y().least, x.most + y().most});
  else if (isa<nn::SubOp>(op))
    record(result, {x.least - y().most, x.most - y().least});
  else if (isa<nn::MulOp>(op))
    record(result, product(x, y()));
  else if (isa<nn::MaxOp>(op))
    record(result, {std::max(x.least, y().least), std::max(x.most, y().most)});
  else if (isa<nn::MinOp>(op))
    record(result, {std::min(x.least, y().least), std::min(x.most, y().most)});
  else if (op->hasTrait<nn::Movement>() || isa<nn::MaxPoolOp, nn::ReduceMaxOp>(op))
    record(result, moved(*this, op));
}

} // namespace nnc::quantization
