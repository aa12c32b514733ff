//===- StackDepth.cpp - Exact stack use over the call graph ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A frame that realigns (`and rsp, -64`) loses between 0 and 48 bytes, which
// depends on where the caller's stack stands. So depths are computed for each
// residue of the stack pointer that the ABI allows on entry, and a realigned
// frame hands a known residue to its callees.
//
//===----------------------------------------------------------------------===//
#include "Analysis.h"

using namespace llvm;

namespace nnc::verify {
namespace {

class StackWalk {
public:
  StackWalk(const std::map<const Function *, Frame> &frames) : frames(frames) {
    for (const auto &[function, frame] : frames)
      modulus = std::max(modulus, frame.alignment);
  }

  int64_t worst(const Function *entry) {
    int64_t deepest = 0;
    for (int64_t residue = 8; residue < modulus; residue += 16)
      deepest = std::max(deepest, below(entry, residue));
    return deepest + 8; // the return address of the entry itself
  }

private:
  int64_t mod(int64_t v, int64_t m) const { return ((v % m) + m) % m; }

  /// Bytes below the stack pointer on entry, which stands at `residue`.
  int64_t below(const Function *function, int64_t residue) {
    auto found = frames.find(function);
    if (found == frames.end())
      return 0;
    if (auto known = memo.find({function, residue}); known != memo.end())
      return known->second;
    memo[{function, residue}] = 0; // the call graph is acyclic, or already refused
    const Frame &f = found->second;
    int64_t base = 0;
    if (f.alignment)
      base = f.realignedAt - mod(residue + f.realignedAt, f.alignment);
    int64_t deepest = std::max(-f.lowest, f.alignment ? -(base + f.realignedLowest) : 0);
    for (const CallSite &call : f.calls) {
      int64_t at = call.realigned ? base + call.offset : call.offset;
      deepest = std::max(deepest, -at + below(call.callee, mod(residue + at, modulus)));
    }
    return memo[{function, residue}] = deepest;
  }

  const std::map<const Function *, Frame> &frames;
  int64_t modulus = 16;
  std::map<std::pair<const Function *, int64_t>, int64_t> memo;
};

} // namespace

int64_t stackDepth(const std::map<const Function *, Frame> &frames, const Function *entry) {
  return StackWalk(frames).worst(entry);
}

} // namespace nnc::verify
