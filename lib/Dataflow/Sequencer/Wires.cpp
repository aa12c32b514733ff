//===- Wires.cpp - Hardware in a few words ------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Wires.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using nnc::rtl::widthOf;

namespace nnc::sequencer {

IntegerAttr Wires::number(int64_t value, unsigned width) {
  return b.getIntegerAttr(type(width), APInt(64, value, true).sextOrTrunc(width));
}

Value Wires::constant(int64_t value, unsigned width) {
  return b.create<rtl::ConstantOp>(loc(), number(value, width));
}

std::optional<int64_t> Wires::known(Value value) {
  auto constant = value.getDefiningOp<rtl::ConstantOp>();
  if (!constant)
    return std::nullopt;
  return cast<IntegerAttr>(constant.getValue()).getValue().getSExtValue();
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

Value Wires::both(Value x, Value y) {
  if (known(x))
    std::swap(x, y);
  if (auto constant = known(y); constant == 0 || constant == -1)
    return constant == 0 ? y : x;
  return binary<rtl::AndOp>(x, y);
}

Value Wires::different(Value x, Value y) {
  if (known(x))
    std::swap(x, y);
  if (auto constant = known(y); constant == 0 || constant == -1)
    return constant == 0 ? x : inverse(x);
  return binary<rtl::XorOp>(x, y);
}

Value Wires::either(Value x, Value y) {
  if (known(x))
    std::swap(x, y);
  if (auto constant = known(y); constant == 0 || constant == -1)
    return constant == 0 ? x : y;
  return binary<rtl::OrOp>(x, y);
}

Value Wires::inverse(Value x) {
  if (auto constant = known(x))
    return this->constant(~*constant, widthOf(x));
  return b.create<rtl::NotOp>(loc(), x);
}

Value Wires::any(Value x) {
  return widthOf(x) == 1 ? x
                         : b.create<rtl::ReduceOp>(loc(), b.getI1Type(), rtl::ReduceKind::Or, x);
}

Value Wires::all(Value x) {
  return widthOf(x) == 1 ? x
                         : b.create<rtl::ReduceOp>(loc(), b.getI1Type(), rtl::ReduceKind::And, x);
}

Value Wires::mux(Value condition, Value yes, Value no) {
  if (auto constant = known(condition))
    return *constant ? yes : no;
  if (yes == no || (known(yes) && known(yes) == known(no)))
    return yes;
  return b.create<rtl::MuxOp>(loc(), condition, yes, no);
}

Value Wires::compare(rtl::Predicate predicate, Value x, Value y) {
  return b.create<rtl::ICmpOp>(loc(), b.getI1Type(), predicate, x, y);
}

Value Wires::select(Value index, ArrayRef<Value> values) {
  if (values.size() == 1)
    return values[0];
  size_t half = size_t(1) << (llvm::Log2_64_Ceil(values.size()) - 1);
  return mux(bit(index, llvm::Log2_64(half)), select(index, values.drop_front(half)),
             select(index, values.take_front(half)));
}

Value Wires::table(Value index, ArrayRef<int64_t> values, unsigned width) {
  if (llvm::all_equal(values))
    return constant(values[0], width);
  std::vector<APInt> words;
  for (size_t i = 0; i < size_t(1) << widthOf(index); ++i)
    words.push_back(number(values[std::min(i, values.size() - 1)], width).getValue());
  auto shape = RankedTensorType::get({static_cast<int64_t>(words.size())}, type(width));
  return b.create<rtl::TableOp>(loc(), type(width), index, DenseElementsAttr::get(shape, words));
}

//===----------------------------------------------------------------------===//
// Wiring
//===----------------------------------------------------------------------===//

Value Wires::bits(Value x, unsigned low, unsigned width) {
  if (low == 0 && width == widthOf(x))
    return x;
  return b.create<rtl::ExtractOp>(loc(), type(width), x, low);
}

Value Wires::concat(ArrayRef<Value> highestFirst) {
  return highestFirst.size() == 1 ? highestFirst[0]
                                  : b.create<rtl::ConcatOp>(loc(), highestFirst).getResult();
}

Value Wires::shiftedLeft(Value x, unsigned by) {
  return by == 0 ? x : concat({x, constant(0, by)});
}

Value Wires::toSigned(Value x, unsigned width) {
  if (width <= widthOf(x))
    return bits(x, 0, width);
  return b.create<rtl::SextOp>(loc(), type(width), x);
}

Value Wires::toUnsigned(Value x, unsigned width) {
  if (width <= widthOf(x))
    return bits(x, 0, width);
  return b.create<rtl::ZextOp>(loc(), type(width), x);
}

Value Wires::gated(Value condition, Value x) {
  if (auto constant = known(condition))
    return *constant ? x : this->constant(0, widthOf(x));
  Value mask = condition;
  if (widthOf(x) > 1)
    mask = b.create<rtl::ReplicateOp>(loc(), x.getType(), condition);
  return binary<rtl::AndOp>(mask, x);
}

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

Value Wires::named(Value x, StringRef name) {
  if (Operation *op = x.getDefiningOp(); op && !known(x) && !op->hasAttr(rtl::nameAttr))
    op->setAttr(rtl::nameAttr, b.getStringAttr(name));
  return x;
}

Value Wires::reg(StringRef name, unsigned width, std::optional<int64_t> reset) {
  TypedAttr resetValue;
  if (reset)
    resetValue = number(*reset, width);
  auto op = b.create<rtl::RegOp>(loc(), type(width), constant(reset.value_or(0), width), Value(),
                                 resetValue);
  return named(op, name);
}

void Wires::drive(Value reg, Value next, Value enable) {
  auto op = reg.getDefiningOp<rtl::RegOp>();
  Operation *placeholder = op.getNext().getDefiningOp();
  op.getNextMutable().assign(next);
  if (enable && known(enable) != -1)
    op.getEnableMutable().assign(enable);
  placeholder->erase();
}

Value Wires::delayed(Value x, StringRef name, unsigned clocks, bool hasReset) {
  if (known(x))
    return x;
  for (unsigned i = 0; i < clocks; ++i) {
    Value later = reg(name, widthOf(x), hasReset ? std::optional<int64_t>(0) : std::nullopt);
    drive(later, x);
    x = later;
  }
  return x;
}

ValueRange Wires::instance(StringRef name, StringRef target, ArrayRef<StringRef> inputNames,
                           ArrayRef<Value> inputs, StringRef output, unsigned width) {
  return b
      .create<rtl::InstanceOp>(loc(), TypeRange{type(width)}, b.getStringAttr(name),
                               FlatSymbolRefAttr::get(b.getContext(), target), inputs,
                               b.getStrArrayAttr(inputNames), b.getStrArrayAttr({output}))
      .getOutputs();
}

} // namespace nnc::sequencer
