//===- ControlFlow.h - Functions, blocks and loops of the code ---*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Decoder.h"
#include "Image.h"

#include <map>
#include <memory>

namespace nnc::verify {

/// Instructions [first, last) of a function without a branch in between.
struct Block {
  unsigned first = 0, last = 0;
  /// Taken target first, then the one that follows; block numbers.
  llvm::SmallVector<unsigned, 2> successors;
  llvm::SmallVector<uint16_t, 4> loops; ///< around this block, outermost first
};

/// Blocks in weak topological order: a block, or a loop with its head.
struct LoopNest {
  unsigned block = 0; ///< the block, or the loop's head
  bool isLoop = false;
  uint16_t loop = 0;
  std::vector<LoopNest> body; ///< of the loop, without the head
};

/// A function as reached from its entry.
struct Function {
  std::string name;
  uint64_t entry = 0;
  uint16_t number = 0;
  std::vector<Instruction> instructions; ///< sorted by address
  std::vector<Block> blocks;             ///< block 0 is the entry
  std::vector<LoopNest> order;
  std::vector<std::pair<uint64_t, std::string>> problems; ///< address, what is wrong

  uint64_t bytes() const;
  bool endsInTailCall(const Instruction &inst) const {
    return inst.op() == Op::Jump && isTailCall(inst.target);
  }
  bool isTailCall(uint64_t target) const;
};

/// All functions reachable from a set of entries.
class ControlFlow {
public:
  ControlFlow(const Image &image, Decoder &decoder) : image(image), decoder(decoder) {}

  /// Decodes the function at `entry` and everything that it calls.
  void addEntry(uint64_t entry);
  Function *functionAt(uint64_t entry) const;
  const std::map<uint64_t, std::unique_ptr<Function>> &functions() const { return byEntry; }
  unsigned numLoops() const { return loops; }
  /// Executable bytes that no function reaches and that are no padding, as
  /// (address, bytes) of the first few.
  std::vector<std::pair<uint64_t, uint64_t>> unreachedCode() const;

private:
  void build(Function &function);
  bool decodeFrom(uint64_t address, Function &function, std::map<uint64_t, Instruction> &decoded,
                  std::vector<uint64_t> &pending);
  bool isInside(uint64_t target, const Function &function) const;
  void formBlocks(Function &function);
  void findLoops(Function &function);
  void markLoops(Function &function, std::vector<LoopNest> &nest,
                 llvm::SmallVectorImpl<uint16_t> &around);
  void checkOverlap(Function &function);

  const Image &image;
  Decoder &decoder;
  std::map<uint64_t, std::unique_ptr<Function>> byEntry;
  unsigned loops = 0;
};

} // namespace nnc::verify
