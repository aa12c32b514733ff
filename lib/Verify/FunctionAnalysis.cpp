//===- FunctionAnalysis.cpp - One function under one entry state -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Analysis.h"
#include "Conditions.h"

#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace nnc::verify {
namespace {

constexpr uint8_t argumentRegisters[] = {RDI, RSI, RDX, RCX, 8, 9};

/// The same value seen from two frames that may lie at different depths.
bool sameFromFrames(const Value &a, const Value &spA, const Value &b, const Value &spB) {
  if (a.region.kind != Region::Stack || b.region.kind != Region::Stack)
    return a == b;
  if (!(a.region == spA.region) || !(b.region == spB.region))
    return false;
  return __int128(a.lo) - spA.lo == __int128(b.lo) - spB.lo && a.sameTerms(b) &&
         __int128(a.hi) - a.lo == __int128(b.hi) - b.lo && a.tainted == b.tainted;
}

/// Equal for arguments that are the same from their frames.
uint64_t hashOfArguments(const State &entry) {
  const Value &sp = entry.gpr[RSP];
  hash_code hash = 0;
  for (uint8_t reg : argumentRegisters) {
    const Value &v = entry.gpr[reg];
    bool onStack = v.region.kind == Region::Stack;
    uint64_t offset = uint64_t(v.lo) - (onStack ? uint64_t(sp.lo) : 0);
    hash = hash_combine(hash, unsigned(v.region.kind), v.region.index, v.count, offset);
  }
  return hash;
}

bool isReusable(const Summary &known, const State &entry) {
  if (known.readsOtherFrames || known.entry.counters != entry.counters ||
      known.entry.floatMode != entry.floatMode)
    return false;
  const Value &oldSP = known.entry.gpr[RSP], &newSP = entry.gpr[RSP];
  for (uint8_t reg : argumentRegisters)
    if (!sameFromFrames(known.entry.gpr[reg], oldSP, entry.gpr[reg], newSP))
      return false;
  return all_of(known.reads, [&](const Summary::Read &r) {
    uint16_t base = newSP.region.index;
    int64_t offset = newSP.lo + r.offset;
    return r.stored == entry.isStored(base, offset, r.size) &&
           sameFromFrames(r.value, oldSP, entry.loadSlot(base, offset, r.size), newSP);
  });
}

} // namespace

Analysis::Analysis(const Image &image, const Contract &contract, const ControlFlow &flow)
    : image(image), contract(contract), flow(flow), prefix(contract.name + "_") {}

bool Analysis::isEntry(const Function &f) const {
  StringRef name = f.name;
  if (name == contract.name + ".steps") // behind run, run_v and run_steps alike
    return true;
  return name.consume_front(prefix) && is_contained(entryNames, name);
}

bool Analysis::isSelfTest(const Function &f) const { return f.name == prefix + "selftest"; }

bool Analysis::mayQueryCpu(const Function &f) const {
  return isSelfTest(f) || f.name == prefix + "cpu_ok";
}

bool Analysis::isExcepted(const Function &f) const {
  return any_of(contract.exceptions, [&](const auto &e) { return e.function == f.name; });
}

const Summary *Analysis::call(const Function &function, const State &entry, unsigned depth) {
  auto &seen = memo[{&function, hashOfArguments(entry)}];
  for (const auto &known : seen)
    if (isReusable(*known, entry))
      return known.get();
  auto summary = std::make_unique<Summary>();
  summary->entry = entry;
  active.push_back(&function);
  FunctionAnalysis(*this, function, *summary, depth).run();
  active.pop_back();
  // What of the callers' frames matters for later calls stands in `reads`.
  summary->entry.slots = {};
  auto &keep = guessing ? scratch : seen; // elements of a map stay where they are
  keep.push_back(std::move(summary));
  return keep.back().get();
}

FunctionAnalysis::FunctionAnalysis(Analysis &analysis, const Function &function, Summary &summary,
                                   unsigned depth)
    : analysis(analysis), function(function), summary(summary), depth(depth) {
  entryBase = summary.entry.gpr[RSP].region.index;
  entryOffset = summary.entry.gpr[RSP].lo;
  frame = &analysis.frames[&function];
}

void FunctionAnalysis::run() {
  if (!function.problems.empty()) {
    for (const auto &[address, reason] : function.problems)
      for (Promise p : {Promise::InstructionTrace, Promise::AddressTrace, Promise::Memory})
        summary.places.push_back({&function, address, p, ProofStatus::Violated, reason});
    return; // does not return: nothing behind the call is looked at
  }
  in.assign(function.blocks.size(), State());
  in[0] = summary.entry;
  in[0].reachable = true;
  // Nothing comes back to an element of the outermost nest: what counts is
  // recorded there and then, and its states are dropped.
  for (const LoopNest &element : function.order) {
    if (!in[element.block].reachable)
      continue;
    if (element.isLoop) {
      runLoop(element);
      recordLoop(element);
    } else {
      recording = true;
      runBlock(element.block, std::exchange(in[element.block], State()));
      recording = false;
    }
  }
}

void FunctionAnalysis::runNest(ArrayRef<LoopNest> nest) {
  for (const LoopNest &element : nest) {
    if (!in[element.block].reachable)
      continue;
    if (element.isLoop)
      runLoop(element);
    else
      runBlock(element.block, in[element.block]);
  }
}

/// Steps through the instructions of a block.
void FunctionAnalysis::walkBlock(const Block &block, State &state) {
  Transfer transfer(*this, state);
  for (unsigned i = block.first; i < block.last && state.reachable; ++i) {
    if (recording)
      summary.reached.push_back(function.instructions[i].address);
    transfer.step(function.instructions[i]);
  }
}

void FunctionAnalysis::runBlock(unsigned number, State state) {
  const Block &block = function.blocks[number];
  walkBlock(block, state);
  if (!state.reachable)
    return;
  const Instruction &end = function.instructions[block.last - 1];
  if (end.op() != Op::JumpIf) {
    for (unsigned next : block.successors)
      deliver(next, std::move(state));
    return;
  }
  noteExitTest(number, state);
  for (unsigned taken : {1, 0}) {
    State side = state;
    if (assume(side, taken ? end.condition : opposite(end.condition)))
      deliver(block.successors[taken ? 0 : 1], std::move(side));
  }
}

/// Hands a state to a block of the innermost loop, back to its head, or out.
void FunctionAnalysis::deliver(unsigned target, State state) {
  if (loops.empty()) {
    in[target].joinWith(state);
    return;
  }
  ActiveLoop &loop = *loops.back();
  if (target == loop.nest->block)
    loop.backs.push_back(std::move(state));
  else if (is_contained(function.blocks[target].loops, loop.nest->loop))
    in[target].joinWith(state);
  else
    loop.exits.push_back({target, std::move(state)});
}

void FunctionAnalysis::noteExitTest(unsigned number, const State &state) {
  const Block &block = function.blocks[number];
  const Instruction &end = function.instructions[block.last - 1];
  for (ActiveLoop *loop : loops)
    for (unsigned taken : {1, 0}) {
      unsigned target = block.successors[taken ? 0 : 1];
      if (is_contained(function.blocks[target].loops, loop->nest->loop))
        continue;
      Condition condition = taken ? end.condition : opposite(end.condition);
      auto last = firstIterationWhere(state, condition, loop->nest->loop);
      if (last && (!loop->candidate || last->number < loop->candidate->number))
        loop->candidate = last;
    }
}

/// One more walk over the final states of a loop, in which everything counts.
void FunctionAnalysis::recordLoop(const LoopNest &nest) {
  auto record = [&](unsigned block) {
    State state = std::exchange(in[block], State());
    if (!state.reachable)
      return;
    recording = true;
    walkBlock(function.blocks[block], state);
    recording = false;
  };
  record(nest.block);
  for (const LoopNest &element : nest.body)
    if (element.isLoop)
      recordLoop(element);
    else
      record(element.block);
}

void FunctionAnalysis::report(const Instruction &inst, Promise promise, std::string reason,
                              ProofStatus status) {
  if (!recording || analysis.guessing)
    return;
  if (promise == Promise::AddressTrace && analysis.isExcepted(function) &&
      StringRef(reason).contains("depends on data"))
    status = ProofStatus::Excepted;
  summary.places.push_back({&function, inst.address, promise, status, std::move(reason)});
}

void FunctionAnalysis::noteAccess(const Instruction &inst, ProofStatus status) {
  if (recording && !analysis.guessing)
    summary.accesses.push_back({inst.address, status});
}

void FunctionAnalysis::returnFrom(const State &state) {
  if (!recording)
    return;
  bool first = !summary.returns;
  summary.returns = true;
  summary.result = first ? state.gpr[RAX] : join(summary.result, state.gpr[RAX], state.counters);
  summary.resultHigh =
      first ? state.gpr[RDX] : join(summary.resultHigh, state.gpr[RDX], state.counters);
  for (unsigned reg : {unsigned(RBX), unsigned(RBP), 12u, 13u, 14u, 15u}) {
    bool kept = state.gpr[reg] == Value::pointer({Region::Saved, uint16_t(reg)}, 0);
    summary.preserves[reg] = kept && (first || summary.preserves[reg]);
  }
}

} // namespace nnc::verify
