//===- ControlFlow.cpp - Functions, blocks and loops of the code -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ControlFlow.h"

#include "llvm/ADT/STLExtras.h"

#include <climits>
#include <set>

using namespace llvm;

namespace nnc::verify {
namespace {

/// Keeps recursion over blocks shallow on hostile input.
constexpr unsigned maxBlocks = 20000;
constexpr unsigned maxInstructions = 1 << 20;

/// Bourdoncle's weak topological order of the blocks.
class LoopFinder {
public:
  explicit LoopFinder(const Function &f) : function(f), number(f.blocks.size(), 0) {}

  std::vector<LoopNest> run() {
    std::vector<LoopNest> order;
    visit(0, order);
    std::reverse(order.begin(), order.end());
    return order;
  }

private:
  unsigned visit(unsigned block, std::vector<LoopNest> &order) {
    stack.push_back(block);
    unsigned head = number[block] = ++last;
    bool isLoop = false;
    for (unsigned next : function.blocks[block].successors) {
      unsigned reached = number[next] == 0 ? visit(next, order) : number[next];
      if (reached <= head) {
        head = reached;
        isLoop = true;
      }
    }
    if (head != number[block])
      return head;
    number[block] = UINT_MAX;
    unsigned popped = pop();
    for (; isLoop && popped != block; popped = pop())
      number[popped] = 0;
    LoopNest nest;
    nest.block = block;
    nest.isLoop = isLoop;
    if (isLoop) {
      for (unsigned next : function.blocks[block].successors)
        if (number[next] == 0)
          visit(next, nest.body);
      std::reverse(nest.body.begin(), nest.body.end());
    }
    order.push_back(std::move(nest));
    return head;
  }

  unsigned pop() {
    unsigned block = stack.back();
    stack.pop_back();
    return block;
  }

  const Function &function;
  std::vector<unsigned> number, stack;
  unsigned last = 0;
};

} // namespace

uint64_t Function::bytes() const {
  uint64_t total = 0;
  for (const Instruction &inst : instructions)
    total += inst.size;
  return total;
}

bool Function::isTailCall(uint64_t target) const {
  auto it = lower_bound(instructions, target,
                        [](const Instruction &i, uint64_t a) { return i.address < a; });
  return it == instructions.end() || it->address != target;
}

Function *ControlFlow::functionAt(uint64_t entry) const {
  auto it = byEntry.find(entry);
  return it == byEntry.end() ? nullptr : it->second.get();
}

void ControlFlow::addEntry(uint64_t entry) {
  std::vector<uint64_t> pending = {entry};
  while (!pending.empty()) {
    uint64_t address = pending.back();
    pending.pop_back();
    auto [it, isNew] = byEntry.try_emplace(address);
    if (!isNew)
      continue;
    it->second = std::make_unique<Function>();
    Function &function = *it->second;
    function.entry = address;
    function.number = byEntry.size();
    const Symbol *symbol = image.functionAround(address);
    function.name = symbol && symbol->address == address ? symbol->name
                                                         : "function_" + utohexstr(address, true);
    build(function);
    for (const Instruction &inst : function.instructions)
      if (inst.op() == Op::Call || function.endsInTailCall(inst))
        pending.push_back(inst.target);
  }
}

bool ControlFlow::isInside(uint64_t target, const Function &function) const {
  const Symbol *mine = image.functionAround(function.entry);
  const Symbol *theirs = image.functionAround(target);
  if (target == function.entry)
    return true;
  return mine == theirs && !byEntry.count(target);
}

bool ControlFlow::decodeFrom(uint64_t address, Function &function,
                             std::map<uint64_t, Instruction> &decoded,
                             std::vector<uint64_t> &pending) {
  while (!decoded.count(address)) {
    const Section *section = image.sectionAt(address);
    if (!section || !section->executable) {
      function.problems.push_back({address, "control reaches bytes that are not code"});
      return false;
    }
    uint64_t left = section->address + section->size - address;
    Instruction inst;
    if (!decoder.decode(image.bytes(address, std::min<uint64_t>(left, 15)), address, inst)) {
      function.problems.push_back({address, "the bytes are no instruction"});
      return false;
    }
    if (address != function.entry && !isInside(address, function)) {
      function.problems.push_back({address, "control falls into another function"});
      return false;
    }
    if (decoded.size() > maxInstructions) {
      function.problems.push_back({address, "the function is too large to analyse"});
      return false;
    }
    if ((inst.op() == Op::Jump || inst.op() == Op::JumpIf) && isInside(inst.target, function))
      pending.push_back(inst.target);
    else if (inst.op() == Op::JumpIf)
      function.problems.push_back({address, "a conditional branch leaves the function"});
    bool ends = inst.isTerminator() && inst.op() != Op::JumpIf;
    uint64_t next = inst.end();
    decoded.emplace(address, std::move(inst));
    if (ends)
      return true;
    address = next;
  }
  return true;
}

void ControlFlow::build(Function &function) {
  std::map<uint64_t, Instruction> decoded;
  std::vector<uint64_t> pending = {function.entry};
  while (!pending.empty()) {
    uint64_t address = pending.back();
    pending.pop_back();
    decodeFrom(address, function, decoded, pending);
  }
  for (auto &[address, inst] : decoded)
    function.instructions.push_back(std::move(inst));
  checkOverlap(function);
  if (function.problems.empty())
    formBlocks(function);
  if (function.problems.empty())
    findLoops(function);
}

void ControlFlow::checkOverlap(Function &function) {
  for (size_t i = 1; i < function.instructions.size(); ++i)
    if (function.instructions[i].address < function.instructions[i - 1].end())
      function.problems.push_back(
          {function.instructions[i].address, "an instruction starts inside another one"});
}

void ControlFlow::formBlocks(Function &function) {
  auto &insts = function.instructions;
  std::set<uint64_t> leaders = {function.entry};
  for (const Instruction &inst : insts) {
    if ((inst.op() == Op::Jump || inst.op() == Op::JumpIf) && !function.isTailCall(inst.target))
      leaders.insert(inst.target);
    if (inst.isTerminator())
      leaders.insert(inst.end());
  }
  std::map<uint64_t, unsigned> blockAt;
  for (unsigned i = 0; i < insts.size();) {
    Block block;
    block.first = i;
    do
      ++i;
    while (i < insts.size() && !leaders.count(insts[i].address));
    block.last = i;
    blockAt[insts[block.first].address] = function.blocks.size();
    function.blocks.push_back(block);
  }
  if (function.blocks.size() > maxBlocks) {
    function.problems.push_back({function.entry, "the function has too many blocks to analyse"});
    return;
  }
  for (Block &block : function.blocks) {
    const Instruction &end = insts[block.last - 1];
    if ((end.op() == Op::Jump || end.op() == Op::JumpIf) && !function.isTailCall(end.target))
      block.successors.push_back(blockAt[end.target]);
    if (end.op() != Op::Jump && end.op() != Op::Return && end.op() != Op::IndirectBranch)
      block.successors.push_back(blockAt[end.end()]);
  }
  // The entry is block 0 everywhere else.
  unsigned entry = blockAt[function.entry];
  if (entry == 0)
    return;
  std::swap(function.blocks[0], function.blocks[entry]);
  for (Block &block : function.blocks)
    for (unsigned &next : block.successors)
      next = next == 0 ? entry : next == entry ? 0 : next;
}

void ControlFlow::markLoops(Function &function, std::vector<LoopNest> &nest,
                            SmallVectorImpl<uint16_t> &around) {
  for (LoopNest &element : nest) {
    if (element.isLoop) {
      element.loop = loops++;
      around.push_back(element.loop);
    }
    function.blocks[element.block].loops.assign(around.begin(), around.end());
    if (!element.isLoop)
      continue;
    markLoops(function, element.body, around);
    around.pop_back();
  }
}

void ControlFlow::findLoops(Function &function) {
  function.order = LoopFinder(function).run();
  SmallVector<uint16_t, 8> around;
  markLoops(function, function.order, around);
  if (loops > 60000)
    function.problems.push_back({function.entry, "the code has too many loops to analyse"});
  // Every edge into a loop must enter at its head.
  std::map<uint16_t, unsigned> heads;
  std::vector<const std::vector<LoopNest> *> levels = {&function.order};
  while (!levels.empty()) {
    const auto *level = levels.back();
    levels.pop_back();
    for (const LoopNest &element : *level)
      if (element.isLoop) {
        heads[element.loop] = element.block;
        levels.push_back(&element.body);
      }
  }
  for (const Block &block : function.blocks)
    for (unsigned next : block.successors)
      for (uint16_t loop : function.blocks[next].loops)
        if (!is_contained(block.loops, loop) && heads[loop] != next)
          function.problems.push_back({function.instructions[block.last - 1].address,
                                       "a branch enters the middle of a loop"});
}

std::vector<std::pair<uint64_t, uint64_t>> ControlFlow::unreachedCode() const {
  std::map<uint64_t, uint64_t> reached;
  for (const auto &[entry, function] : byEntry)
    for (const Instruction &inst : function->instructions)
      reached[inst.address] = inst.end();
  std::vector<std::pair<uint64_t, uint64_t>> result;
  for (const Section &section : image.sections()) {
    if (!section.executable)
      continue;
    uint64_t end = section.address + section.size;
    for (uint64_t address = section.address; address < end;) {
      auto it = reached.find(address);
      if (it != reached.end()) {
        address = it->second;
        continue;
      }
      ArrayRef<uint8_t> bytes = image.bytes(address, std::min<uint64_t>(end - address, 15));
      Instruction inst;
      bool isPadding = !bytes.empty() && bytes[0] == 0xCC;
      uint64_t size = 1;
      if (!isPadding && decoder.decode(bytes, address, inst)) {
        isPadding = inst.op() == Op::Nop || inst.op() == Op::Prefix;
        size = inst.size;
      }
      if (!isPadding) {
        if (!result.empty() && result.back().first + result.back().second == address)
          result.back().second += size;
        else
          result.push_back({address, size});
      }
      address += size;
    }
  }
  return result;
}

} // namespace nnc::verify
