//===- CollectBits.cpp - From rtl to gates and cells --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "CollectBits.h"
#include "Memories.h"
#include "WordLogic.h"

#include "dialects/NN/NNOps.h"
#include "dialects/RTL/CombinationalPaths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace llvm;
using namespace nnc::rtl;
using mlir::Operation;
using mlir::Value;

namespace nnc::hls {
namespace {

/// A module where it is instantiated. Null parent: the top.
struct Frame {
  RTLModuleOp module;
  Frame *parent = nullptr;
  InstanceOp instance = {};
  std::string part = {}; ///< what has no node of its own belongs to it
};

class Collector {
public:
  explicit Collector(FlatDesign &design) : n(design.network), parts(design.parts) {}

  void run(RTLModuleOp top) {
    Frame *frame = &frames[{nullptr, top}];
    *frame = {top};
    reset = n.leaf(n.addCell(Cell::Port, 1), 0);
    for (Value result : top.getOutputs().getValues())
      setInputs(n.addCell(Cell::Result, 0), bitsOf(frame, result));
    while (!pending.empty()) { // what registers take may read further registers
      auto [at, op, cell] = pending.back();
      pending.pop_back();
      if (auto reg = dyn_cast<RegOp>(op))
        finishRegister(at, reg, cell);
      else
        finishMemory(at, cast<InstanceOp>(op), cell);
    }
  }

private:
  using Node = std::pair<Frame *, Value>;

  //===--------------------------------------------------------------------===//
  // Places
  //===--------------------------------------------------------------------===//

  static std::string nodesOf(mlir::Location location) {
    return join(nn::nodeNames(location), ", ");
  }

  Frame *enter(Frame *parent, InstanceOp instance, RTLModuleOp module) {
    Frame &frame = frames[{parent, instance}];
    if (!frame.module) {
      frame = {module, parent, instance, nodesOf(instance.getLoc())};
      if (frame.part.empty())
        frame.part = nodesOf(module.getLoc());
      if (frame.part.empty())
        frame.part = parent->part.empty() ? instance.getName().str() : parent->part;
    }
    return &frame;
  }

  void setPart(Frame *frame, Operation *op) {
    std::string name = nodesOf(op->getLoc());
    if (name.empty() && isa<InstanceOp>(op) && frame->part.empty()) // a memory
      name = cast<InstanceOp>(op).getName().str();
    if (name.empty())
      name = frame->part;
    auto [at, isNew] = numbers.try_emplace(name, parts.size());
    if (isNew)
      parts.push_back(name);
    n.setPart(at->second);
  }

  /// What an instance's result is inside of it; null: it is that of a memory.
  Node inside(Frame *frame, Value value) {
    auto instance = value.getDefiningOp<InstanceOp>();
    auto module = dyn_cast<RTLModuleOp>(instance.lookupTarget());
    if (!module)
      return {nullptr, {}};
    unsigned number = cast<mlir::OpResult>(value).getResultNumber();
    return {enter(frame, instance, module), module.getOutputs().getValues()[number]};
  }

  SmallVector<Node> dependsOn(Node node) {
    auto [frame, value] = node;
    Operation *op = value.getDefiningOp();
    if (!op) {
      if (!frame->parent)
        return {};
      unsigned number = cast<mlir::BlockArgument>(value).getArgNumber();
      return {{frame->parent, frame->instance.getInputs()[number]}};
    }
    if (isa<RegOp>(op))
      return {};
    if (isa<InstanceOp>(op)) {
      Node result = inside(frame, value);
      return result.first ? SmallVector<Node>{result} : SmallVector<Node>{};
    }
    SmallVector<Node> operands;
    for (Value operand : op->getOperands())
      operands.push_back({frame, operand});
    return operands;
  }

  //===--------------------------------------------------------------------===//
  // Values
  //===--------------------------------------------------------------------===//

  Bits bitsOf(Frame *frame, Value value) {
    walk.walk(
        {frame, value}, [&](Node node) { return dependsOn(node); },
        [&](Node node) {
          Bits built = build(node);
          bits[node] = std::move(built);
        });
    return bits[{frame, value}];
  }

  Bits leaves(Cell::Kind kind, unsigned width) {
    uint32_t cell = n.addCell(kind, width);
    Bits result;
    for (unsigned i = 0; i < width; ++i)
      result.push_back(n.leaf(cell, i));
    return result;
  }

  Bits build(Node node) {
    auto [frame, value] = node;
    Operation *op = value.getDefiningOp();
    SmallVector<Node> from = dependsOn(node);
    if (!op)
      return from.empty() ? leaves(Cell::Port, widthOf(value)) : bits.find(from.front())->second;
    setPart(frame, op);
    if (auto reg = dyn_cast<RegOp>(op))
      return beginRegister(frame, reg);
    if (auto instance = dyn_cast<InstanceOp>(op))
      return from.empty() ? beginMemory(frame, instance) : bits.find(from.front())->second;
    SmallVector<ArrayRef<Bit>> operands;
    for (Node operand : from)
      operands.push_back(bits.find(operand)->second);
    return buildLogic(n, op, operands);
  }

  void setInputs(uint32_t cell, Bits inputs) { n.cells[cell].inputs = std::move(inputs); }

  //===--------------------------------------------------------------------===//
  // State
  //===--------------------------------------------------------------------===//

  Bits beginRegister(Frame *frame, RegOp reg) {
    pending.push_back({frame, reg, uint32_t(n.cells.size())});
    return registers(widthOf(reg));
  }

  void finishRegister(Frame *frame, RegOp reg, uint32_t cell) {
    Bits next = bitsOf(frame, reg.getNext());
    Bit enable = reg.getEnable() ? bitsOf(frame, reg.getEnable()).front() : oneBit;
    auto resetValue = dyn_cast_or_null<mlir::IntegerAttr>(reg.getResetValueAttr());
    for (auto [i, bit] : enumerate(next)) {
      setInputs(cell + i, {bit, enable, resetValue ? reset : zeroBit});
      n.cells[cell + i].resetsToOne = resetValue && resetValue.getValue()[i];
    }
  }

  /// New registers, the first of them numbered as the next cell is.
  Bits registers(unsigned width) {
    Bits result;
    for (unsigned i = 0; i < width; ++i)
      result.push_back(n.leaf(n.addCell(Cell::Register, 1), 0));
    return result;
  }

  Bits beginMemory(Frame *frame, InstanceOp instance) {
    Operation *target = instance.lookupTarget();
    unsigned width = widthOf(instance.getResult(0));
    MemoryShape shape = shapeOf(target);
    uint32_t first = n.cells.size();
    pending.push_back({frame, instance, first});
    if (shape.kind != MemoryShape::Blocks)
      return registers(width);
    std::vector<Bits> banks;
    for (int64_t bank = 0; bank < shape.banks; ++bank)
      banks.push_back(leaves(Cell::Memory, width));
    n.cells[first].blocks = shape.blocks;
    return lookUp(n, registers(bankBits(shape)), banks);
  }

  /// Bits of the address that choose a bank.
  static unsigned bankBits(const MemoryShape &shape) { return Log2_64_Ceil(shape.banks); }

  static MemoryShape shapeOf(Operation *target) {
    if (auto rom = dyn_cast<RomOp>(target))
      return shapeOfRom(rom.getContents().getNumElements(),
                        widthOf(rom.getContents().getElementType()));
    auto ram = cast<RamOp>(target);
    return shapeOfRam(ram.getDepth(), widthOf(ram.getWord()));
  }

  void finishMemory(Frame *frame, InstanceOp instance, uint32_t cell) {
    std::vector<Bits> ports;
    for (Value input : instance.getInputs())
      ports.push_back(bitsOf(frame, input));
    setPart(frame, instance);
    Operation *target = instance.lookupTarget();
    MemoryShape shape = shapeOf(target);
    if (shape.kind == MemoryShape::Blocks)
      return finishBlocks(shape, ports, cell);
    auto rom = dyn_cast<RomOp>(target);
    Bits next = rom ? lookUp(n, ports[1], wordsOf(rom.getContents()))
                    : tableRam(cast<RamOp>(target), shape, ports);
    Bit enable = rom ? ports[0].front() : ports[3].front();
    for (auto [i, bit] : enumerate(next))
      setInputs(cell + i, {bit, enable, zeroBit});
  }

  /// Each bank gets all that the memory gets; registers remember which one was read.
  void finishBlocks(const MemoryShape &shape, ArrayRef<Bits> ports, uint32_t cell) {
    Bits all;
    for (const Bits &port : ports)
      append_range(all, port);
    for (int64_t bank = 0; bank < shape.banks; ++bank)
      setInputs(cell++, all);
    const Bits &address = ports.back();
    Bit enable = ports[ports.size() - 2].front();
    for (Bit bit : ArrayRef(address).take_back(bankBits(shape)))
      setInputs(cell++, {bit, enable, zeroBit});
  }

  /// Banks of tables, each with its enable, and what chooses between them.
  Bits tableRam(RamOp ram, const MemoryShape &shape, ArrayRef<Bits> ports) {
    const Bits &writeAddress = ports[1], &readAddress = ports[4];
    unsigned width = widthOf(ram.getWord()), high = bankBits(shape);
    ArrayRef<Bit> highWrite = ArrayRef(writeAddress).take_back(high);
    ArrayRef<Bit> highRead = ArrayRef(readAddress).take_back(high);
    std::vector<Bits> banks;
    uint32_t first = 0;
    for (int64_t bank = 0; bank < shape.banks; ++bank) {
      uint32_t cell = n.addCell(Cell::Memory, width);
      if (bank == 0)
        first = cell;
      Bits selected{ports[0].front()};
      for (auto [i, bit] : enumerate(highWrite))
        selected.push_back((bank >> i) & 1 ? bit : !bit);
      Bits inputs{n.all(std::move(selected))};
      append_range(inputs, ArrayRef(writeAddress).drop_back(high));
      append_range(inputs, ports[2]);
      append_range(inputs, ArrayRef(readAddress).drop_back(high));
      setInputs(cell, std::move(inputs));
      Bits data;
      for (unsigned i = 0; i < width; ++i)
        data.push_back(n.leaf(cell, i));
      banks.push_back(std::move(data));
    }
    n.cells[first].tables = tablesOf(shape, width);
    return lookUp(n, highRead, banks);
  }

  struct Pending {
    Frame *frame;
    Operation *op;
    uint32_t cell;
  };

  BitNetwork &n;
  std::vector<std::string> &parts;
  StringMap<uint32_t> numbers;
  std::map<std::pair<Frame *, Operation *>, Frame> frames;
  PostOrder<Node> walk;
  DenseMap<Node, Bits> bits;
  std::vector<Pending> pending;
  Bit reset;
};

} // namespace

FlatDesign collectBits(RTLModuleOp top) {
  FlatDesign design;
  Collector(design).run(top);
  return design;
}

} // namespace nnc::hls
