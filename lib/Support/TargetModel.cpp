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

using Vendor = sys::detail::x86::VendorSignatures;
constexpr Vendor any = Vendor::UNKNOWN, amd = Vendor::AUTHENTIC_AMD, intel = Vendor::GENUINE_INTEL;

/// What differs between the x86 cores that we generate code for.
struct X86Core {
  StringLiteral cpu;
  Vendor vendor;  ///< `any`: a psABI level, which is no one's core
  unsigned level; ///< the x86-64 psABI level whose features the code uses
  int64_t l1, l2;
  StringLiteral dot = "";     ///< the feature beyond the level that brings vpdpbusd
  StringLiteral permute = ""; ///< and the one that brings vpermb
  bool fixedDeposits = false; ///< pdep and pext are known to take the same time for any mask
  unsigned fmaPerCycle = 2;   ///< at full width
  bool matrices = false;      ///< code may use its AMX registers: only where it is told so
};

// Cache sizes are per core; they steer the cost model, never a result.
// Up to znver2, AMD's cores run pdep and pext as a loop over the bits of the mask; the levels stand
// for any core, and what the small cores of alderlake do is not known to us.
constexpr X86Core x86Cores[] = {
    {"x86-64", any, 1, 32 << 10, 256 << 10},
    {"x86-64-v2", any, 2, 32 << 10, 256 << 10},
    {"x86-64-v3", any, 3, 32 << 10, 512 << 10},
    {"x86-64-v4", any, 4, 32 << 10, 1 << 20},
    {"haswell", intel, 3, 32 << 10, 256 << 10, "", "", true},
    {"znver2", amd, 3, 32 << 10, 512 << 10},
    {"znver3", amd, 3, 32 << 10, 512 << 10, "", "", true},
    {"znver4", amd, 4, 32 << 10, 1 << 20, "avx512vnni", "avx512vbmi", true, 1},
    {"znver5", amd, 4, 48 << 10, 1 << 20, "avx512vnni", "avx512vbmi", true},
    {"skylake-avx512", intel, 4, 32 << 10, 1 << 20, "", "", true},
    {"cascadelake", intel, 4, 32 << 10, 1 << 20, "avx512vnni", "", true},
    {"icelake-server", intel, 4, 48 << 10, 1280 << 10, "avx512vnni", "avx512vbmi", true},
    {"sapphirerapids", intel, 4, 48 << 10, 2 << 20, "avx512vnni", "avx512vbmi", true},
    {"sapphirerapids+amx", intel, 4, 48 << 10, 2 << 20, "avx512vnni", "avx512vbmi", true, 2, true},
    {"alderlake", intel, 3, 48 << 10, 1280 << 10, "avxvnni"},
};

constexpr StringLiteral targets[] = {"x86", "hls"};

/// The features of a psABI level beyond the first, by LLVM's names.
std::vector<std::string> featuresOf(unsigned level) {
  std::vector<std::string> features;
  if (level >= 2)
    features.insert(features.end(), {"sse4.2", "popcnt"});
  if (level >= 3)
    features.insert(features.end(), {"avx2", "fma", "bmi", "bmi2", "f16c", "lzcnt", "movbe"});
  if (level >= 4)
    features.insert(features.end(), {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"});
  return features;
}

std::string isaLevelName(unsigned level) {
  return level == 1 ? "x86-64" : "x86-64-v" + std::to_string(level);
}

TargetModel makeX86(const X86Core &core) {
  TargetModel m;
  m.target = "x86";
  m.cpu = core.cpu.str();
  m.isaLevel = isaLevelName(core.level);
  m.triple = "x86_64-unknown-linux-gnu";
  m.cpuFeatures = featuresOf(core.level);
  // Cores before AVX2 divide by few digits faster.
  m.hasFma = m.hasFixedTimeDivision = core.level >= 3;
  m.hasWordPairs = m.hasSaturatingPacks = true;
  m.hasByteDotProduct = !core.dot.empty();
  m.hasByteShuffle = core.level >= 2;
  m.hasBytePermute = !core.permute.empty();
  m.hasMatrixRegisters = core.matrices;
  for (StringRef feature :
       {core.dot, core.permute, core.matrices ? "amx-int8" : StringLiteral("")}) {
    if (feature.empty())
      continue;
    m.features += (m.features.empty() ? "+" : ",+") + feature.str();
    m.cpuFeatures.push_back(feature.str());
  }
  bool v4 = core.level >= 4;
  m.vectorBits = v4 ? 512 : core.level >= 3 ? 256 : 128;
  m.vectorRegisters = v4 ? 32 : 16;
  m.hasMaskRegisters = v4;
  m.fmaPerCycle = core.fmaPerCycle;
  m.loadsPerCycle = m.fmaPerCycle;
  m.isDoublePumped = v4 && m.fmaPerCycle == 1;
  m.instructionsPerCycle = 5.5;
  // One way of the first cache is 4 KiB on all of these, whatever its size.
  m.cacheLineBytes = 64;
  m.l1WayBytes = 4096;
  m.l1BytesPerCycle = 60;
  m.l2BytesPerCycle = 31;
  m.l2BytesBesideWork = 10;
  m.l2BytesBesideStores = 25;
  m.memoryBytesPerCycle = 20;
  m.streamedBytesPerCycle = 30;
  m.l1DataBytes = core.l1;
  m.l2Bytes = core.l2;
  m.variableLatency = {"div", "idiv"}; // the floats of old cores, divss and divps, too
  if (!m.hasFixedTimeDivision)
    m.variableLatency.push_back("sqrt");
  if (!core.fixedDeposits)
    m.variableLatency.insert(m.variableLatency.end(), {"pdep", "pext"});
  return m;
}

const X86Core *findX86(StringRef cpu) {
  const auto *it = find_if(x86Cores, [&](const X86Core &core) { return core.cpu == cpu; });
  return it == std::end(x86Cores) ? nullptr : it;
}

/// This machine as one of the known cores: its own entry, else the one that uses most of what it
/// has, of its own vendor if there is one: their costs differ.
const X86Core &nativeX86() {
  if (const X86Core *exact = findX86(sys::getHostCPUName()))
    return *exact;
  StringMap<bool> has = sys::getHostCPUFeatures();
  const X86Core *best = x86Cores;
  std::pair<size_t, bool> most;
  Vendor vendor = sys::detail::x86::getVendorSignature();
  for (const X86Core &core : x86Cores) {
    if (core.matrices) // the caller would have to ask for them
      continue;
    std::vector<std::string> needed = makeX86(core).cpuFeatures;
    bool fits = all_of(needed, [&](const std::string &feature) { return has.lookup(feature); });
    std::pair<size_t, bool> merit(needed.size(), core.vendor != any && core.vendor == vendor);
    if (fits && merit > most) {
      best = &core;
      most = merit;
    }
  }
  return *best;
}

} // namespace

Expected<TargetModel> lookupTargetModel(StringRef target, StringRef cpu) {
  if (target != "x86") // the only one with processors
    return createStringError("unknown target '" + target + "'; choose x86");
  if (cpu == "native")
    return makeX86(nativeX86());
  if (const X86Core *core = findX86(cpu))
    return makeX86(*core);
  return createStringError("unknown cpu '" + cpu + "' for target x86; choose native, " +
                           join(knownCPUs(target), ", "));
}

std::vector<std::string> knownCPUs(StringRef target) {
  std::vector<std::string> names;
  if (target == "x86")
    for (const X86Core &core : x86Cores)
      names.push_back(core.cpu.str());
  return names;
}

ArrayRef<StringLiteral> knownTargets() { return targets; }

} // namespace nnc
