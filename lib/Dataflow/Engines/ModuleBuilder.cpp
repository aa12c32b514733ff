//===- ModuleBuilder.cpp - One engine as an rtl module ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ModuleBuilder.h"
#include "dialects/NN/NNOps.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace nnc::rtl;

namespace nnc::dataflow {

/// What is at the end of an ONNX name, which is often a path, tells most.
static constexpr size_t maxLayerLength = 40;

std::string uniqueModuleName(DesignOp design, Location loc, StringRef hint) {
  StringSet<> taken; // in lower case: files that differ in it only would be one on some systems
  for (StringRef around : {"", "_axis", "_axis_fifo", "_axis_memory"}) // what stands around engines
    taken.insert(StringRef((design.getSymName() + around).str()).lower());
  for (Operation &op : design.getBody().front())
    taken.insert(SymbolTable::getSymbolName(&op).getValue().lower());
  std::string text = design.getSymName().str();
  SmallVector<StringRef> nodes = nn::nodeNames(loc);
  for (StringRef part :
       {nodes.empty() ? StringRef() : nodes.front().take_back(maxLayerLength), hint}) {
    std::string word;
    for (char c : part)
      if (llvm::isAlnum(c))
        word += c;
      else if (!word.empty() && word.back() != '_')
        word += '_';
    StringRef trimmed = StringRef(word).trim('_');
    if (!trimmed.empty())
      text += ("_" + trimmed).str();
  }
  std::string name = text;
  for (unsigned number = 2; taken.contains(StringRef(name).lower()); ++number)
    name = text + "_" + std::to_string(number);
  return name;
}

ModuleBuilder::ModuleBuilder(DesignOp design, Location loc, const Twine &hint,
                             ArrayRef<std::pair<StringRef, unsigned>> inputs, bool pauses)
    : builder(OpBuilder::atBlockEnd(&design.getBody().front())) {
  SmallVector<StringRef> names;
  SmallVector<Type> types;
  for (auto [name, width] : inputs) {
    names.push_back(name);
    types.push_back(builder.getIntegerType(width));
  }
  if (pauses) {
    names.push_back(advancePort);
    types.push_back(builder.getI1Type());
  }
  OperationState state(loc, RTLModuleOp::getOperationName());
  state.addAttribute("sym_name", builder.getStringAttr(uniqueModuleName(design, loc, hint.str())));
  state.addAttribute("input_names", builder.getStrArrayAttr(names));
  state.addAttribute("output_names", builder.getStrArrayAttr({}));
  state.addAttribute("output_types", builder.getTypeArrayAttr({}));
  Block *body = new Block;
  body->addArguments(types, SmallVector<Location>(types.size(), loc));
  state.addRegion()->push_back(body);
  module = cast<RTLModuleOp>(builder.create(state));
  builder.setInsertionPointToEnd(body);
  builtWires.emplace(builder, loc, pauses ? body->getArguments().back() : Value());
}

Value ModuleBuilder::input(unsigned index) { return module.getBlock().getArgument(index); }

RTLModuleOp ModuleBuilder::finish(ArrayRef<std::pair<StringRef, Value>> outputs) {
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

SmallVector<Value> instantiate(Wires &wires, Operation *module, StringRef name, ValueRange inputs,
                               Value advance) {
  Signature signature = signatureOf(module);
  SmallVector<Value> operands(inputs);
  SmallVector<StringRef> inputNames, outputNames;
  SmallVector<Type> types;
  for (Port port : signature.inputs)
    inputNames.push_back(port.name);
  if (operands.size() < inputNames.size())
    operands.push_back(advance);
  for (Port port : signature.outputs) {
    outputNames.push_back(port.name);
    types.push_back(port.type);
  }
  OpBuilder &b = wires.ops();
  auto instance =
      b.create<InstanceOp>(wires.location(), types, b.getStringAttr(name),
                           FlatSymbolRefAttr::get(SymbolTable::getSymbolName(module)), operands,
                           b.getStrArrayAttr(inputNames), b.getStrArrayAttr(outputNames));
  return SmallVector<Value>(instance.getOutputs());
}

RamOp buildMemory(DesignOp design, Location loc, StringRef hint, int64_t depth, unsigned width) {
  auto builder = OpBuilder::atBlockEnd(&design.getBody().front());
  return builder.create<RamOp>(loc, uniqueModuleName(design, loc, hint), depth,
                               builder.getIntegerType(width));
}

SmallVector<Value> unpack(Wires &wires, Value bus, unsigned lanes) {
  unsigned width = widthOf(bus) / lanes;
  SmallVector<Value> values;
  for (unsigned lane = 0; lane < lanes; ++lane)
    values.push_back(wires.extract(bus, lane * width, width));
  return values;
}

} // namespace nnc::dataflow
