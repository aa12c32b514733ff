//===- TargetModel.h - The facts of a machine ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nnc {

/// Facts of the machine that code is generated for: plain data, no state, no
/// options. Stages ask it instead of asking which target is chosen, and the
/// checker reads the same facts.
struct TargetModel {
  std::string target;                   ///< "x86"
  std::string cpu;                      ///< resolved name, never "native"
  std::string isaLevel;                 ///< whose instructions the code may use: "x86-64-v4"
  std::string triple;                   ///< LLVM target triple
  std::string features;                 ///< LLVM feature string beyond the level, "+avxvnni"
  std::vector<std::string> cpuFeatures; ///< the features the code may use, for NAME.json

  unsigned vectorBits = 0;       ///< widest SIMD register used
  unsigned vectorRegisters = 0;  ///< architectural registers of that width
  bool hasMaskRegisters = false; ///< predicated loads and stores (AVX-512)

  bool hasFma = false; ///< fused multiply-add of floats
  /// Float division and square root take the same time whatever the operands.
  bool hasFixedTimeDivision = false;
  bool hasWordPairs = false;       ///< products of 16-bit words added in pairs (pmaddwd)
  bool hasByteDotProduct = false;  ///< unsigned times signed bytes, four a lane (vpdpbusd)
  bool hasSaturatingPacks = false; ///< two registers to one of half as wide, saturated integers
  bool hasByteShuffle = false;     ///< one of 16 bytes for each byte of a register (pshufb)
  bool hasBytePermute = false;     ///< any order of a register's bytes in one instruction (vpermb)

  /// Registers of sixteen rows of 64 bytes that multiply matrices of bytes (AMX). Code may use them
  /// only where its caller has asked the operating system for them.
  bool hasMatrixRegisters = false;

  unsigned fmaLatencyCycles = 4;   ///< result latency of a vector FMA
  unsigned fmaPerCycle = 1;        ///< vector FMAs started per cycle at full width
  unsigned loadsPerCycle = 1;      ///< full-width vector loads per cycle
  double instructionsPerCycle = 4; ///< that code like ours issues, measured
  /// Vectors of half the width or less take half the time: the unit works on halves.
  bool isDoublePumped = false;

  int64_t l1DataBytes = 0;
  int64_t l2Bytes = 0;
  int64_t cacheLineBytes = 64;
  int64_t l1WayBytes = 4096; ///< addresses so far apart compete for the lines of one set
  // Bytes per cycle, measured on code like ours.
  double l1BytesPerCycle = 32;       ///< streamed from the first cache
  double l2BytesPerCycle = 16;       ///< streamed from the second
  double l2BytesBesideWork = 8;      ///< from the second, in the shadow of multiplications
  double l2BytesBesideStores = 12;   ///< from the second, with stores among the loads
  double memoryBytesPerCycle = 8;    ///< from what is behind the second
  double streamedBytesPerCycle = 12; ///< read once, from wherever it is

  /// Mnemonic prefixes whose latency depends on operand values on this core
  /// ("div", "idiv"); a data operand there breaks the instruction trace.
  std::vector<std::string> variableLatency;

  /// f32 elements of one vector register.
  unsigned lanes() const { return vectorBits / 32; }
};

/// The model of `-target=TARGET -cpu=CPU`; "native" is resolved to this
/// machine's CPU. Error: unknown target or CPU, with the valid choices.
llvm::Expected<TargetModel> lookupTargetModel(llvm::StringRef target, llvm::StringRef cpu);

/// The CPUs that `lookupTargetModel` accepts for a target, "native" excluded.
std::vector<std::string> knownCPUs(llvm::StringRef target);

/// The targets this build can compile for.
llvm::ArrayRef<llvm::StringLiteral> knownTargets();

} // namespace nnc
