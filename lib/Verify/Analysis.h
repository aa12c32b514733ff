//===- Analysis.h - Taint and range analysis of the code ---------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every function is analysed once per distinct arguments (Analysis::call). In
// it, blocks are visited in weak topological order; each loop is summarised by
// its iteration number k: a register that grows by a constant per iteration is
// init + step * k with 0 <= k <= last, where `last` comes from the exit test.
// Guesses (steps, last) are proved by one more pass over the body: the state on
// the back edge in iteration k must be covered by the head's state in k + 1,
// and no back edge may be possible in the last iteration.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "ControlFlow.h"
#include "State.h"

#include "nnc/Verify/Verify.h"

#include "llvm/ADT/DenseMap.h"

#include <map>
#include <set>

namespace nnc::verify {

/// Bytes below the stack pointer that no signal handler touches.
constexpr int64_t redZone = 128;

/// A place that breaks or leaves open a promise.
struct Place {
  const Function *function = nullptr;
  uint64_t address = 0;
  Promise promise = Promise::InstructionTrace;
  ProofStatus status = ProofStatus::Violated;
  std::string reason;

  auto key() const { return std::tuple(address, promise, status); }
};

/// A call as the stack walk needs it: from `base` 0 (the frame's entry) or 1
/// (after realigning), with the stack pointer after the return address.
struct CallSite {
  const Function *callee = nullptr;
  bool realigned = false;
  int64_t offset = 0;
  auto operator<=>(const CallSite &) const = default;
};

/// How one function uses the stack, relative to its stack pointer on entry.
struct Frame {
  int64_t lowest = 0;          ///< lowest touched offset before realigning
  int64_t realignedLowest = 0; ///< lowest offset from the realigned base
  int64_t alignment = 0;       ///< of the realigned base, 0 if there is none
  int64_t realignedAt = 0;     ///< offset of the stack pointer when realigned
  std::set<CallSite> calls;
};

/// What a call does, for one state of the arguments.
struct Summary {
  State entry;
  Value result, resultHigh; ///< rax, rdx on return
  bool returns = false;
  bool preserves[16] = {}; ///< callee-saved registers that come back
  bool readsOtherFrames = false;
  struct Read {
    int64_t offset;
    uint32_t size;
    Value value;
    bool stored; ///< by a caller, all of it
  };
  std::vector<Read> reads; ///< of the caller's frame
  std::vector<Place> places;
  std::vector<std::pair<uint64_t, ProofStatus>> accesses; ///< instruction, bounds
  std::vector<uint64_t> reached;                          ///< instructions
  std::set<const Summary *> callees;
};

/// Facts shared by the analyses of all functions.
class Analysis {
public:
  Analysis(const Image &image, const Contract &contract, const ControlFlow &flow);

  const Summary *call(const Function &function, const State &entry, unsigned depth);
  /// One of those that callers call: NAME_run and its kin.
  bool isEntry(const Function &f) const;
  bool isSelfTest(const Function &f) const;
  bool mayQueryCpu(const Function &f) const;
  bool isExcepted(const Function &f) const;

  const Image &image;
  const Contract &contract;
  const ControlFlow &flow;
  /// Above 0 while a guessed state is being tried out: numbers are formal,
  /// nothing is kept.
  unsigned guessing = 0;
  std::map<const Function *, Frame> frames;
  std::vector<const Function *> active; ///< call chain, to refuse recursion
  std::set<uint64_t> selfTestBranches;
  std::set<uint64_t> maskedReads; ///< of fixed operands, with a mask from data

private:
  /// By the function and a hash of its arguments.
  std::map<std::pair<const Function *, uint64_t>, std::vector<std::unique_ptr<Summary>>> memo;
  std::vector<std::unique_ptr<Summary>> scratch;
  std::string prefix;
};

/// How one location behaves from one iteration to the next.
struct Evolution {
  enum Kind : uint8_t { Same, Step, Range, Lost } kind = Same;
  bool tainted = false;
  int64_t step = 0;
  Value range; ///< Range: covers all values seen
};

/// The guess about one loop.
struct LoopGuess {
  Evolution gpr[16], mask[8];
  LocationSet wideVectors = 0, taintedVectors = 0; ///< bit i: vector register i
  std::map<std::tuple<uint16_t, int64_t, uint32_t>, Evolution> slots;
  bool carryTainted = false, flagsTainted = false, floatModeLost = false, shapesLost = false;
  LocationSet lowNumberLost = 0, lowLost = 0; ///< of the low parts
  std::optional<LastIteration> last;
  bool isUnbounded = false; ///< no exit test bounds the loop
  bool firstOnly = true;    ///< the first pass runs iteration 0 alone
  bool hasSteps() const;
};

/// One function under one entry state.
class FunctionAnalysis {
public:
  FunctionAnalysis(Analysis &analysis, const Function &function, Summary &summary, unsigned depth);
  void run();

  // For the transfer rules.
  void report(const Instruction &inst, Promise promise, std::string reason,
              ProofStatus status = ProofStatus::Violated);
  void noteAccess(const Instruction &inst, ProofStatus status);
  void returnFrom(const State &state);
  Analysis &analysis;
  const Function &function;
  Summary &summary;
  unsigned depth;
  bool recording = false;
  uint16_t entryBase = 0;
  int64_t entryOffset = 0;
  Frame *frame = nullptr;

private:
  struct ActiveLoop {
    const LoopNest *nest;
    std::vector<State> backs;
    std::vector<std::pair<unsigned, State>> exits;
    std::optional<LastIteration> candidate; ///< least bound from the exit tests
  };
  void runNest(llvm::ArrayRef<LoopNest> nest);
  void runBlock(unsigned block, State state);
  void walkBlock(const Block &block, State &state);
  void runLoop(const LoopNest &nest);
  void passOverLoop(const LoopNest &nest, const State &head);
  void clearStates(const LoopNest &nest);
  void deliver(unsigned target, State state);
  void noteExitTest(unsigned block, const State &state);
  State headState(const State &entry, const LoopGuess &guess, uint16_t loop) const;
  bool improve(LoopGuess &guess, const State &entry, const State &head, const State &back,
               uint16_t loop) const;
  bool improveOne(Evolution &e, const Value &entry, const Value &head, const Value &back,
                  const Counters &counters) const;
  LoopGuess recall(uint16_t loop) const;
  void recordLoop(const LoopNest &nest);

  std::vector<State> in;
  std::vector<ActiveLoop *> loops;
  std::map<uint16_t, LoopGuess> remembered;
};

/// Applies one instruction to a state.
class Transfer {
public:
  Transfer(FunctionAnalysis &context, State &state) : context(context), s(state) {}
  void step(const Instruction &inst);

private:
  // Transfer.cpp
  bool stepSpecial(const Instruction &inst);
  void stepInteger(const Instruction &inst);
  void stepGeneric(const Instruction &inst);
  void stepShift(const Instruction &inst);
  void stepVector(const Instruction &inst);
  void stepSelect(const Instruction &inst);
  void stepSet(const Instruction &inst);
  void stepPush(const Instruction &inst);
  void stepPop(const Instruction &inst);
  void stepCall(const Instruction &inst, bool isTail);
  void stepReturn(const Instruction &inst);
  void checkReturn(const Instruction &inst);
  void checkRules(const Instruction &inst, bool operandsTainted);
  bool anyOperandTainted(const Instruction &inst) const;
  void writeFlags(const Instruction &inst, bool tainted);
  void compare(const Instruction &inst, Comparison::Kind kind, const Value &a, const Value &b);
  Value combine(const Instruction &inst, Op op, const Value &a, const Value &b);
  Value bitAnd(const Value &a, const Value &b, unsigned width);
  Value bitOr(const Value &a, const Value &b);
  Value notNegative(const Instruction &inst, const Value &v) const;
  uint8_t signSource(const Instruction &inst, const Value &count) const;
  Value alignStackPointer(const Instruction &inst, const Value &sp, int64_t mask);
  Value strict(Value v) const;
  Value truncated(const Value &v, unsigned width) const;
  Value signExtended(const Value &v, unsigned width) const;
  Value read(const Instruction &inst, const Operand &operand, unsigned width);
  Value readLow(unsigned location, unsigned bits) const;
  void write(const Instruction &inst, const Operand &operand, unsigned width, const Value &v);
  void setStackPointer(const Instruction &inst, const Value &v);

  // TransferFloatMode.cpp
  void stepControlWord(const Instruction &inst);
  FloatMode loadedMode(const Instruction &inst);
  void checkFloatMode(const Instruction &inst);

  // TransferMatrix.cpp
  void stepMatrix(const Instruction &inst);
  void loadShapes(const Instruction &inst);
  void accessRows(const Instruction &inst, unsigned rows, unsigned bytes, bool isStore);
  void reportMatrix(const Instruction &inst, const llvm::Twine &reason);

  // Access.cpp
  Value addressOf(const Instruction &inst);
  unsigned extent(const Instruction &inst);
  Value load(const Instruction &inst, const Value &address, unsigned bytes);
  void store(const Instruction &inst, const Value &address, unsigned bytes, const Value &v);
  void checkAddress(const Instruction &inst);
  bool isMaskTainted(const Instruction &inst) const;
  bool readsFixedOperand(const Instruction &inst);
  bool checkStack(const Instruction &inst, const Value &address, unsigned bytes, bool isStore);
  bool readsOwnFrame(const Instruction &inst, const Value &address, unsigned bytes);
  void noteDepth(uint16_t base, int64_t offset);
  llvm::StringRef stackRefusal(uint16_t base, int64_t offset, int64_t bytes, bool isStore) const;
  void checkBounds(const Instruction &inst, const Value &address, unsigned bytes, bool isStore);
  void boundsIn(const Instruction &inst, const Value &address, unsigned bytes, int64_t limit);
  void boundsInImage(const Instruction &inst, const Value &address, unsigned bytes, bool isStore);
  Value loadImage(const Value &address, unsigned bytes);
  Value loadTable(const Value &address, unsigned bytes);

  FunctionAnalysis &context;
  State &s;
};

/// Deepest stack use of an entry over all alignments that the ABI allows, in
/// bytes, its own return address included.
int64_t stackDepth(const std::map<const Function *, Frame> &frames, const Function *entry);

} // namespace nnc::verify
