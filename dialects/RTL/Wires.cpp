//===- Wires.cpp - Short ways to write rtl ops ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/RTL/Wires.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace nnc::rtl;

IntegerAttr Wires::number(int64_t value, unsigned width) {
  return b.getIntegerAttr(b.getIntegerType(width),
                          APInt(64, uint64_t(value), true).sextOrTrunc(width));
}

Value Wires::constant(int64_t value, unsigned width) {
  return b.create<ConstantOp>(loc, number(value, width));
}

std::optional<int64_t> Wires::known(Value value) {
  auto constant = value.getDefiningOp<ConstantOp>();
  if (!constant)
    return std::nullopt;
  return cast<IntegerAttr>(constant.getValue()).getValue().trySExtValue();
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

Value Wires::reduce(ReduceKind kind, Value value) {
  return widthOf(value) == 1 ? value : make<ReduceOp>(b.getI1Type(), kind, value);
}

Value Wires::mux(Value condition, Value onTrue, Value onFalse) {
  if (known(onTrue) && known(onTrue) == known(onFalse))
    return onTrue;
  return make<MuxOp>(condition, onTrue, onFalse);
}

Value Wires::compare(Predicate predicate, Value x, Value y) {
  return make<ICmpOp>(b.getI1Type(), predicate, x, y);
}

Value Wires::equals(Value value, int64_t number) {
  unsigned width = widthOf(value);
  if (number < 0 || (width < 63 && number >> width))
    return zero();
  return compare(Predicate::eq, value, constant(number, width));
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
  SmallVector<APInt> words;
  for (int64_t value : values)
    words.push_back(number(value, width).getValue());
  words.resize(size_t(1) << widthOf(index), words.back()); // what the index never is
  Type element = b.getIntegerType(width);
  auto type = RankedTensorType::get({int64_t(words.size())}, element);
  return make<TableOp>(element, index, DenseElementsAttr::get(type, words));
}

//===----------------------------------------------------------------------===//
// Wiring
//===----------------------------------------------------------------------===//

Value Wires::extract(Value value, unsigned low, unsigned width) {
  if (low == 0 && width == widthOf(value))
    return value;
  return make<ExtractOp>(b.getIntegerType(width), value, b.getI32IntegerAttr(low));
}

Value Wires::join(ArrayRef<Value> lowFirst) {
  SmallVector<Value> parts;
  for (Value part : llvm::reverse(lowFirst))
    if (part)
      parts.push_back(part);
  return parts.size() == 1 ? parts.front() : make<ConcatOp>(parts);
}

Value Wires::resize(Value value, unsigned width, bool isSigned) {
  if (width <= widthOf(value))
    return extract(value, 0, width);
  Type type = b.getIntegerType(width);
  return isSigned ? make<SextOp>(type, value) : make<ZextOp>(type, value);
}

Value Wires::shiftedLeft(Value value, unsigned by) {
  return by == 0 ? value : join({zero(by), value});
}

Value Wires::gated(Value condition, Value value) {
  return both(make<ReplicateOp>(value.getType(), condition), value);
}

//===----------------------------------------------------------------------===//
// State
//===----------------------------------------------------------------------===//

Value Wires::enabled(Value when) {
  if (!when || !enable)
    return when ? when : enable;
  return both(when, enable);
}

Value Wires::reg(Value next, std::optional<int64_t> resetTo) {
  TypedAttr reset = resetTo ? TypedAttr(number(*resetTo, widthOf(next))) : TypedAttr();
  return b.create<RegOp>(loc, next.getType(), next, enable, reset);
}

Value Wires::later(Value value, unsigned clocks, std::optional<int64_t> resetTo) {
  if (!known(value))
    for (; clocks; --clocks)
      value = reg(value, resetTo);
  return value;
}

Value Wires::declare(StringRef name, unsigned width, std::optional<int64_t> resetTo) {
  // Modules are graphs, so the register may stand above what it takes.
  TypedAttr reset = resetTo ? TypedAttr(number(*resetTo, width)) : TypedAttr();
  Value unknown = constant(resetTo.value_or(0), width);
  return named(b.create<RegOp>(loc, unknown.getType(), unknown, Value(), reset), name);
}

void Wires::drive(Value declared, Value next, Value when) {
  auto reg = declared.getDefiningOp<RegOp>();
  Operation *unknown = reg.getNext().getDefiningOp();
  reg.getNextMutable().assign(next);
  if (Value moves = enabled(when); moves && known(moves) != -1)
    reg.getEnableMutable().assign(moves);
  unknown->erase();
  reg->moveBefore(b.getInsertionBlock(), b.getInsertionPoint()); // read it where it is explained
}

void Wires::replace(Value declared, Value value) {
  auto reg = declared.getDefiningOp<RegOp>();
  Operation *unknown = reg.getNext().getDefiningOp();
  declared.replaceAllUsesWith(value);
  reg.erase();
  unknown->erase();
}

SmallVector<Value> Wires::instance(StringRef name, Operation *target,
                                   ArrayRef<Named<Value>> inputs) {
  Signature signature = signatureOf(target);
  SmallVector<Value> operands;
  SmallVector<StringRef> inputNames, outputNames;
  SmallVector<Type> types;
  for (Port port : signature.inputs) {
    inputNames.push_back(port.name);
    operands.push_back(llvm::find_if(inputs, [&](const Named<Value> &given) {
                         return given.first == port.name;
                       })->second);
  }
  for (Port port : signature.outputs) {
    outputNames.push_back(port.name);
    types.push_back(port.type);
  }
  auto instance = b.create<InstanceOp>(
      loc, types, b.getStringAttr(name), FlatSymbolRefAttr::get(SymbolTable::getSymbolName(target)),
      operands, b.getStrArrayAttr(inputNames), b.getStrArrayAttr(outputNames));
  return SmallVector<Value>(instance.getOutputs());
}

Value Wires::named(Value value, const Twine &name) {
  Operation *op = value.getDefiningOp();
  if (op && !op->hasTrait<Wiring>() && !isa<ConstantOp>(op) && !op->hasAttr(nameAttr))
    op->setAttr(nameAttr, b.getStringAttr(name));
  return value;
}

void Wires::comment(StringRef text) { b.create<CommentOp>(loc, text); }

Counter::Counter(Wires &wires, StringRef name, int64_t count) : wires(wires) {
  now = count == 1 ? wires.zero() : wires.declare(name, addressWidth(count), 0);
  isFirst = wires.equals(now, 0);
  isLast = wires.equals(now, count - 1);
}

void Counter::run(Value step, Value restart) {
  if (Wires::known(now))
    return;
  Value end = restart ? wires.either(isLast, restart) : isLast;
  Value next = wires.add(now, wires.constant(1, widthOf(now)));
  wires.drive(now, wires.gated(wires.invert(end), next),
              restart ? wires.either(step, restart) : step);
}

ModuleBuilder::ModuleBuilder(DesignOp design, Location loc, StringRef name,
                             ArrayRef<Named<unsigned>> inputs, StringRef enable)
    : builder(OpBuilder::atBlockEnd(&design.getBody().front())) {
  SmallVector<StringRef> names;
  SmallVector<Type> types;
  for (auto [port, width] : inputs) {
    names.push_back(port);
    types.push_back(builder.getIntegerType(width));
  }
  if (!enable.empty()) {
    names.push_back(enable);
    types.push_back(builder.getI1Type());
  }
  module = builder.create<RTLModuleOp>(loc, builder.getStringAttr(name),
                                       builder.getStrArrayAttr(names), builder.getStrArrayAttr({}),
                                       builder.getTypeArrayAttr({}), StringAttr(), StringAttr());
  Block &body = module.getBody().emplaceBlock();
  body.addArguments(types, SmallVector<Location>(types.size(), loc));
  builder.setInsertionPointToEnd(&body);
  builtWires.emplace(builder, loc, enable.empty() ? Value() : body.getArguments().back());
}

RTLModuleOp ModuleBuilder::finish(ArrayRef<Named<Value>> outputs) {
  SmallVector<StringRef> names;
  SmallVector<Type> types;
  SmallVector<Value> values;
  for (auto [name, value] : outputs) {
    names.push_back(name);
    types.push_back(value.getType());
    values.push_back(value);
  }
  module.setOutputNamesAttr(builder.getStrArrayAttr(names));
  module.setOutputTypesAttr(builder.getTypeArrayAttr(types));
  builder.create<OutputOp>(module.getLoc(), values);
  return module;
}
