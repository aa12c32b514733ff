//===- Fingerprint.cpp - The code of a network, wherever it was linked -----===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A linker moves functions and constants and fills in distances. What it leaves
// alone is hashed: instructions, which function calls which, and in place of
// the address of a constant what stands there.
//
//===----------------------------------------------------------------------===//
#include "Fingerprint.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

#include <map>

using namespace llvm;

namespace nnc::verify {
namespace {

class Fingerprint {
public:
  Fingerprint(const Image &image, const ControlFlow &flow, StringRef name)
      : image(image), flow(flow), rom(image.symbol((name + ".rom").str())) {}

  void add(const Symbol &entry) { number(entry.address); }

  std::string finish() {
    for (size_t i = 0; i < order.size(); ++i) // callees join while we walk
      if (const Function *function = flow.functionAt(order[i]))
        for (const Instruction &inst : function->instructions)
          addInstruction(*function, inst);
    return toHex(hash.final(), /*LowerCase=*/true);
  }

private:
  /// Of a function in the order in which calls meet them.
  uint64_t number(uint64_t address) {
    auto [it, isNew] = numbers.try_emplace(address, order.size());
    if (isNew)
      order.push_back(address);
    return it->second;
  }

  void addNumber(uint64_t v) {
    uint8_t bytes[8];
    for (unsigned i = 0; i < 8; ++i)
      bytes[i] = uint8_t(v >> (8 * i));
    hash.update(bytes);
  }

  void addInstruction(const Function &function, const Instruction &inst) {
    addNumber(inst.address - function.entry);
    if (inst.op() == Op::Call || function.endsInTailCall(inst))
      return addShape(inst, number(inst.target));
    if (inst.memory.ripRelative)
      return addConstant(inst);
    hash.update(image.bytes(inst.address, inst.size));
  }

  /// All of an instruction but the distance, for which `place` stands.
  void addShape(const Instruction &inst, uint64_t place) {
    hash.update(inst.info->name);
    addNumber(inst.destination.location);
    addNumber(inst.maskLocation);
    for (const Operand &source : inst.sources) {
      addNumber(source.kind);
      addNumber(source.location);
      if (inst.memory.ripRelative)
        addNumber(source.immediate);
    }
    addNumber(place);
  }

  void addConstant(const Instruction &inst) {
    uint64_t address = inst.end() + inst.memory.displacement;
    bool isRom = rom && address >= rom->address && address - rom->address < rom->size;
    addShape(inst, isRom ? address - rom->address : 0);
    if (!isRom)
      hash.update(image.bytes(address, inst.info->memoryBytes));
  }

  const Image &image;
  const ControlFlow &flow;
  const Symbol *rom;
  SHA256 hash;
  std::map<uint64_t, uint64_t> numbers;
  std::vector<uint64_t> order;
};

} // namespace

std::string fingerprint(const Image &image, const ControlFlow &flow, StringRef name) {
  Fingerprint result(image, flow, name);
  for (StringRef entry : entryNames)
    if (const Symbol *symbol = image.symbol((name + "_" + entry).str()))
      result.add(*symbol);
  return result.finish();
}

} // namespace nnc::verify
