//===- TargetModel.cpp - The facts of a machine ----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Support/TargetModel.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;

namespace nnc {
namespace {

/// What differs between the x86 levels that we generate code for.
struct X86Level {
  StringLiteral cpu;
  StringLiteral level; ///< the x86-64 psABI level whose features the code uses
  int64_t l1, l2;
  StringLiteral dot = "";     ///< the feature beyond the level that brings vpdpbusd
  StringLiteral permute = ""; ///< and the one that brings vpermb
  bool fixedDeposits = false; ///< pdep and pext are known to take the same time for any mask
};

// Cache sizes are per core; they steer the cost model, never a result.
// Up to znver2, AMD's cores run pdep and pext as a loop over the bits of the mask; the levels stand
// for any core, and what the small cores of alderlake do is not known to us.
constexpr X86Level x86Levels[] = {
    {"x86-64-v3", "v3", 32 << 10, 512 << 10},
    {"x86-64-v4", "v4", 32 << 10, 1 << 20},
    {"haswell", "v3", 32 << 10, 256 << 10, "", "", true},
    {"znver2", "v3", 32 << 10, 512 << 10},
    {"znver3", "v3", 32 << 10, 512 << 10, "", "", true},
    {"znver4", "v4", 32 << 10, 1 << 20, "avx512vnni", "avx512vbmi", true},
    {"znver5", "v4", 48 << 10, 1 << 20, "avx512vnni", "avx512vbmi", true},
    {"skylake-avx512", "v4", 32 << 10, 1 << 20, "", "", true},
    {"cascadelake", "v4", 32 << 10, 1 << 20, "avx512vnni", "", true},
    {"icelake-server", "v4", 48 << 10, 1280 << 10, "avx512vnni", "avx512vbmi", true},
    {"sapphirerapids", "v4", 48 << 10, 2 << 20, "avx512vnni", "avx512vbmi", true},
    {"alderlake", "v3", 48 << 10, 1280 << 10, "avxvnni"},
};

constexpr StringLiteral targets[] = {"x86"};

const X86Level *findX86(StringRef cpu) {
  const auto *it = find_if(x86Levels, [&](const X86Level &l) { return l.cpu == cpu; });
  return it == std::end(x86Levels) ? nullptr : it;
}

/// This machine as one of the known CPUs: its own entry, else its level's.
Expected<const X86Level *> nativeX86() {
  if (const X86Level *exact = findX86(sys::getHostCPUName()))
    return exact;
  StringMap<bool> has = sys::getHostCPUFeatures();
  auto all = [&](ArrayRef<StringRef> names) {
    return all_of(names, [&](StringRef n) { return has.lookup(n); });
  };
  if (!all({"avx2", "fma", "bmi", "bmi2", "f16c", "lzcnt", "movbe"}))
    return createStringError("this machine is below x86-64-v3, the least x86 level that float "
                             "networks can use; name a -cpu= to compile for another machine");
  if (all({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}))
    return findX86("x86-64-v4");
  return findX86("x86-64-v3");
}

TargetModel makeX86(const X86Level &l) {
  TargetModel m;
  bool v4 = l.level == "v4";
  m.target = "x86";
  m.cpu = l.cpu.str();
  m.isaLevel = ("x86-64-" + l.level).str();
  m.triple = "x86_64-unknown-linux-gnu";
  m.cpuFeatures = {"sse4.2", "popcnt", "avx2", "fma", "bmi", "bmi2", "f16c", "lzcnt", "movbe"};
  if (v4)
    m.cpuFeatures.insert(m.cpuFeatures.end(),
                         {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"});
  m.hasWordPairs = m.hasSaturatingPacks = true;
  m.hasByteDotProduct = !l.dot.empty();
  m.hasBytePermute = !l.permute.empty();
  for (StringRef feature : {StringRef(l.dot), StringRef(l.permute)}) {
    if (feature.empty())
      continue;
    m.features += (m.features.empty() ? "+" : ",+") + feature.str();
    m.cpuFeatures.push_back(feature.str());
  }
  m.vectorBits = v4 ? 512 : 256;
  m.vectorRegisters = v4 ? 32 : 16;
  m.hasMaskRegisters = v4;
  m.fmaPerCycle = v4 && !l.cpu.starts_with("znver4") ? 2 : (v4 ? 1 : 2);
  m.loadsPerCycle = m.fmaPerCycle;
  m.l1DataBytes = l.l1;
  m.l2Bytes = l.l2;
  m.variableLatency = {"div", "idiv"};
  if (!l.fixedDeposits)
    m.variableLatency.insert(m.variableLatency.end(), {"pdep", "pext"});
  return m;
}

} // namespace

Expected<TargetModel> lookupTargetModel(StringRef target, StringRef cpu) {
  if (!is_contained(targets, target))
    return createStringError("unknown target '" + target + "'; choose x86");
  if (cpu == "native") {
    Expected<const X86Level *> level = nativeX86();
    if (!level)
      return level.takeError();
    return makeX86(**level);
  }
  if (const X86Level *level = findX86(cpu))
    return makeX86(*level);
  return createStringError("unknown cpu '" + cpu + "' for target x86; choose native, " +
                           join(knownCPUs(target), ", "));
}

std::vector<std::string> knownCPUs(StringRef target) {
  std::vector<std::string> names;
  if (target == "x86")
    for (const X86Level &l : x86Levels)
      names.push_back(l.cpu.str());
  return names;
}

ArrayRef<StringLiteral> knownTargets() { return targets; }

} // namespace nnc
