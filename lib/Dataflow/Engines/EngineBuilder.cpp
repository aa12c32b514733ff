//===- EngineBuilder.cpp - One engine as an rtl module ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "EngineBuilder.h"
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

EngineBuilder::EngineBuilder(DesignOp design, Location loc, const Twine &hint,
                             ArrayRef<Named<unsigned>> inputs, bool pauses)
    : ModuleBuilder(design, loc, uniqueModuleName(design, loc, hint.str()), inputs,
                    pauses ? StringRef(advancePort) : StringRef()) {}

SmallVector<Value> instantiate(Wires &wires, Operation *module, StringRef name, ValueRange inputs,
                               Value advance) {
  Signature signature = signatureOf(module);
  SmallVector<Named<Value>> connected;
  for (auto [i, port] : llvm::enumerate(signature.inputs))
    connected.push_back({port.name, i < inputs.size() ? inputs[i] : advance});
  return wires.instance(name, module, connected);
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
