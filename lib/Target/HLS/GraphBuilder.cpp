//===- GraphBuilder.cpp - Writes the body of an rtl.module --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "GraphBuilder.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace nnc::rtl;

namespace nnc::hls {

GraphBuilder::GraphBuilder(DesignOp design, StringRef name, ArrayRef<Named<unsigned>> inputs,
                           ArrayRef<Named<unsigned>> outputs)
    : b(design.getLoc(), OpBuilder::atBlockEnd(&design.getBody().front())) {
  SmallVector<Attribute> outputTypes;
  for (auto [port, width] : outputs)
    outputTypes.push_back(TypeAttr::get(b.getIntegerType(width)));
  auto namesOf = [&](ArrayRef<Named<unsigned>> ports) {
    return b.getStrArrayAttr(llvm::to_vector(llvm::make_first_range(ports)));
  };
  module =
      b.create<RTLModuleOp>(b.getStringAttr(name), namesOf(inputs), namesOf(outputs),
                            b.getArrayAttr(outputTypes), StringAttr(), StringAttr(), UnitAttr());
  Block &block = module.getBody().emplaceBlock();
  for (auto [port, width] : inputs)
    block.addArgument(b.getIntegerType(width), b.getLoc());
  b.setInsertionPointToEnd(&block);
}

template <typename Op, typename... Args>
Value GraphBuilder::make(StringRef name, Args &&...args) {
  auto op = b.create<Op>(std::forward<Args>(args)...);
  if (!name.empty())
    op->setAttr(nameAttr, b.getStringAttr(name));
  return op->getResult(0);
}

Value GraphBuilder::constant(uint64_t value, unsigned width) {
  return make<ConstantOp>("", b.getIntegerAttr(b.getIntegerType(width), APInt(width, value)));
}

Value GraphBuilder::bitAnd(Value a, Value b, StringRef name) { return make<AndOp>(name, a, b); }
Value GraphBuilder::bitOr(Value a, Value b, StringRef name) { return make<OrOp>(name, a, b); }
Value GraphBuilder::bitXor(Value a, Value b, StringRef name) { return make<XorOp>(name, a, b); }
Value GraphBuilder::invert(Value a) { return make<NotOp>("", a); }
Value GraphBuilder::add(Value a, Value b) { return make<AddOp>("", a, b); }

Value GraphBuilder::mux(Value condition, Value onTrue, Value onFalse) {
  return make<MuxOp>("", condition, onTrue, onFalse);
}

Value GraphBuilder::equals(Value a, uint64_t value, StringRef name) {
  return make<ICmpOp>(name, b.getI1Type(), Predicate::eq, a, constant(value, widthOf(a)));
}

Value GraphBuilder::differs(Value a, uint64_t value, StringRef name) {
  return make<ICmpOp>(name, b.getI1Type(), Predicate::ne, a, constant(value, widthOf(a)));
}

Value GraphBuilder::resized(Value a, unsigned width) {
  if (widthOf(a) == width)
    return a;
  Type type = b.getIntegerType(width);
  return widthOf(a) > width ? make<ExtractOp>("", type, a, 0u) : make<ZextOp>("", type, a);
}

Value GraphBuilder::step(Value down, unsigned width) {
  Value high = make<ReplicateOp>("", b.getIntegerType(width - 1), down);
  return make<ConcatOp>("", b.getIntegerType(width), ValueRange{high, constant(1, 1)});
}

Value GraphBuilder::reg(unsigned width, StringRef name) {
  Value zero = constant(0, width); // until drive() says better
  return make<RegOp>(name, zero.getType(), zero, Value(),
                     b.getIntegerAttr(zero.getType(), APInt(width, 0)));
}

void GraphBuilder::drive(Value reg, Value next, Value enable) {
  auto op = reg.getDefiningOp<RegOp>();
  Operation *before = op.getNext().getDefiningOp();
  op.getNextMutable().assign(next);
  if (enable)
    op.getEnableMutable().assign(enable);
  before->erase();
}

GraphBuilder::Counter GraphBuilder::counter(uint64_t count, StringRef name) {
  if (count == 1)
    return {{}, constant(1, 1), constant(1, 1)};
  Value value = reg(llvm::Log2_64_Ceil(count), name);
  return {value, equals(value, 0), equals(value, count - 1)};
}

void GraphBuilder::advance(const Counter &counter, Value enable) {
  if (!counter.value)
    return;
  unsigned width = widthOf(counter.value);
  Value next = add(counter.value, constant(1, width));
  drive(counter.value, mux(counter.isLast, constant(0, width), next), enable);
}

SmallVector<Value> GraphBuilder::instance(StringRef name, Operation *target,
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
  return b
      .create<InstanceOp>(types, name, SymbolTable::getSymbolName(target), operands,
                          b.getStrArrayAttr(inputNames), b.getStrArrayAttr(outputNames))
      .getOutputs();
}

void GraphBuilder::output(ValueRange values) { b.create<OutputOp>(values); }

} // namespace nnc::hls
