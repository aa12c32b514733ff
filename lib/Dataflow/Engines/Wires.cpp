//===- Wires.cpp - Short ways to write rtl ops ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Wires.h"

using namespace mlir;
using namespace nnc::rtl;

namespace nnc::dataflow {

static IntegerAttr integer(OpBuilder &builder, int64_t value, unsigned width) {
  return builder.getIntegerAttr(builder.getIntegerType(width),
                                APInt(64, uint64_t(value), true).sextOrTrunc(width));
}

Value Wires::constant(int64_t value, unsigned width) {
  return builder.create<ConstantOp>(loc, integer(builder, value, width));
}

Value Wires::join(ArrayRef<Value> lowFirst) {
  SmallVector<Value> parts;
  for (Value part : llvm::reverse(lowFirst))
    if (part)
      parts.push_back(part);
  return parts.size() == 1 ? parts.front() : builder.createOrFold<ConcatOp>(loc, parts);
}

Value Wires::extract(Value value, unsigned low, unsigned width) {
  if (low == 0 && width == widthOf(value))
    return value;
  return builder.createOrFold<ExtractOp>(loc, builder.getIntegerType(width), value,
                                         builder.getI32IntegerAttr(low));
}

Value Wires::resize(Value value, unsigned width, bool isSigned) {
  unsigned from = widthOf(value);
  if (width <= from)
    return extract(value, 0, width);
  Type type = builder.getIntegerType(width);
  return isSigned ? builder.createOrFold<SextOp>(loc, type, value)
                  : builder.createOrFold<ZextOp>(loc, type, value);
}

Value Wires::reduce(ReduceKind kind, Value a) {
  if (widthOf(a) == 1)
    return a;
  return builder.createOrFold<ReduceOp>(loc, builder.getI1Type(), kind, a);
}

Value Wires::mux(Value condition, Value onTrue, Value onFalse) {
  return builder.createOrFold<MuxOp>(loc, condition, onTrue, onFalse);
}

Value Wires::compare(Predicate predicate, Value a, Value b) {
  return builder.createOrFold<ICmpOp>(loc, builder.getI1Type(), predicate, a, b);
}

Value Wires::equals(Value value, int64_t number) {
  unsigned width = widthOf(value);
  if (number < 0 || (width < 63 && number >> width))
    return zero(1);
  return compare(Predicate::eq, value, constant(number, width));
}

Value Wires::table(Value index, ArrayRef<int64_t> values, unsigned width) {
  SmallVector<APInt> words;
  for (int64_t value : values)
    words.push_back(APInt(64, uint64_t(value), true).sextOrTrunc(width));
  words.resize(size_t(1) << widthOf(index), words.back()); // what the index never is
  Type element = builder.getIntegerType(width);
  auto type = RankedTensorType::get({int64_t(words.size())}, element);
  return builder.createOrFold<TableOp>(loc, element, index, DenseElementsAttr::get(type, words));
}

Value Wires::enabled(Value when) {
  if (!when || !enable)
    return when ? when : enable;
  return both(when, enable);
}

Value Wires::reg(Value next, std::optional<int64_t> resetTo) {
  TypedAttr reset;
  if (resetTo)
    reset = integer(builder, *resetTo, widthOf(next));
  return builder.create<RegOp>(loc, next.getType(), next, enable, reset);
}

Value Wires::later(Value value, unsigned count, std::optional<int64_t> resetTo) {
  for (; count; --count)
    value = reg(value, resetTo);
  return value;
}

RegOp Wires::declare(unsigned width, int64_t resetTo, StringRef name) {
  // Modules are graphs, so the register may stand above what it takes.
  Value unknown = zero(width);
  auto reg = builder.create<RegOp>(loc, unknown.getType(), unknown, Value(),
                                   integer(builder, resetTo, width));
  reg->setAttr(nameAttr, builder.getStringAttr(name));
  return reg;
}

void Wires::drive(RegOp reg, Value next, Value when) {
  reg.getNextMutable().assign(next);
  if (Value moves = enabled(when))
    reg.getEnableMutable().assign(moves);
}

Value Wires::named(Value value, const llvm::Twine &name) {
  if (Operation *op = value.getDefiningOp(); op && !op->hasTrait<Wiring>() && !isa<ConstantOp>(op))
    op->setAttr(nameAttr, builder.getStringAttr(name));
  return value;
}

} // namespace nnc::dataflow
