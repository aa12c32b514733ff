//===- Verify.h - Checks the promises on the emitted machine code ----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nnc {

struct TargetModel;

/// What is promised about one compiled network: the C signature as sizes, and
/// the facts of the core. Everything else is read from the machine code.
struct Contract {
  std::string name;                 ///< symbol prefix: NAME_run, NAME_run_v, …
  std::vector<int64_t> inputBytes;  ///< in the order of the signature
  std::vector<int64_t> outputBytes; ///< in the order of the signature
  int64_t arenaBytes = 0;
  int64_t stateBytes = 0; ///< 0: the entries take no state argument

  /// Without sizes no buffer has known bounds: constant time is still decided,
  /// memory is left unresolved and only NAME_run_v and NAME_run_steps are
  /// entered.
  bool sizesKnown = true;

  /// Mnemonic prefixes whose latency depends on operand values on this core
  /// (TargetModel::variableLatency). The default is every candidate.
  std::vector<std::string> variableLatency = {"div", "idiv", "pdep", "pext"};

  /// What the core has beyond the first x86-64 (TargetModel::cpuFeatures);
  /// instructions of any other extension are refused. The default is the widest
  /// psABI level.
  std::vector<std::string> cpuFeatures;

  /// A kernel whose data addresses the network itself asks for (Gather with
  /// run-time indices): its findings on addresses are excepted, not refused.
  struct Exception {
    std::string function;
    std::vector<std::string> nodes; ///< ONNX node names, for the report
  };
  std::vector<Exception> exceptions;

  Contract();
  /// Takes over what the checker has to know about a core.
  void setCore(const TargetModel &core);
};

/// The promises that the machine code itself can prove.
enum class Promise { InstructionTrace, AddressTrace, Memory };
constexpr unsigned numPromises = 3;

/// The key of a promise in NAME.json: "instruction_trace", …
llvm::StringRef promiseName(Promise promise);

/// What the analysis found out about one promise.
enum class ProofStatus {
  Proved,     ///< holds on every path for every input
  Excepted,   ///< holds but for the exceptions that the contract names
  Unresolved, ///< no violation seen, but some place could not be decided
  Violated    ///< there is a place that breaks it
};

/// The word in NAME.json: "proved", "excepted", "not_claimed" (unresolved),
/// "violated". Nothing but the analysis can make it "proved".
llvm::StringRef proofStatusName(ProofStatus status);

/// One place in the code that breaks, or leaves open, a promise.
struct Finding {
  Promise promise = Promise::InstructionTrace;
  ProofStatus status = ProofStatus::Violated;
  std::string function;
  uint64_t offset = 0; ///< bytes from the function's start
  std::string text;    ///< disassembled instruction, empty for whole-file findings
  std::string reason;
  std::vector<std::string> nodes; ///< of the exception, if one applies
};

/// What one function of the checked code costs and where it stands.
struct FunctionFacts {
  std::string name;
  uint64_t bytes = 0;
  int64_t stackBytes = 0; ///< deepest path from here, return address included
};

/// What a file says about a network.
struct Description {
  /// Values as text, by the names of NAME.json's fields: "arena_bytes",
  /// "inputs[0].shape".
  std::map<std::string, std::string> says;
  std::vector<std::string> contradictions; ///< "inputs[0].bytes is 8, float32 [4] has 16"
};

/// Everything the checker knows about one network's machine code.
struct Findings {
  ProofStatus status[numPromises] = {ProofStatus::Proved, ProofStatus::Proved, ProofStatus::Proved};
  std::vector<Finding> findings;
  std::vector<FunctionFacts> functions;

  unsigned instructions = 0;        ///< distinct instructions analysed
  unsigned conditionalBranches = 0; ///< each decided by public values only
  unsigned loops = 0;
  unsigned memoryAccesses = 0;       ///< instructions that touch memory
  unsigned provedAccesses = 0;       ///< of these, in bounds on every path
  unsigned selfTestBranches = 0;     ///< NAME_selftest looking at its own answer
  unsigned maskedReads = 0;          ///< of fixed constants or frame slots, lanes by data
  bool isObject = false;             ///< relocatable: as the compiler wrote it
  std::string textSHA256;            ///< of all executable bytes of the file
  std::string rodataSHA256;          ///< of its read-only data
  std::string codeSHA256;            ///< of the network's code, the same after linking
  std::optional<uint32_t> romCRC32C; ///< of NAME.rom, if the file names it
  int64_t stackBytes = 0;            ///< deepest of all entries, to be reserved
  int64_t codeBytes = 0;             ///< all executable sections
  int64_t romBytes = 0;              ///< read-only data sections
  Description model;                 ///< what NAME_model says; empty if it is not there
  std::vector<std::string> entries;  ///< entry points found and analysed
  std::vector<std::string> undefinedSymbols;
  std::vector<std::string> writableSections;

  ProofStatus statusOf(Promise promise) const { return status[unsigned(promise)]; }
  bool anyViolated() const;
};

/// Analyses an ELF x86-64 relocatable object, shared object or linked program
/// that holds the network of `contract`. Error: not such a file, or none of
/// the network's entry points is in it.
llvm::Expected<Findings> verifyObject(llvm::MemoryBufferRef elf, const Contract &contract);

/// The entries of `proofs` in NAME.json: {instruction_trace: {status, …},
/// address_trace: {…}, memory: {…}}, with counts and hash as evidence.
llvm::json::Object proofsAsJSON(const Findings &findings);

/// One finding as a line: `function+0x12: instruction: reason`.
std::string describe(const Finding &finding);

} // namespace nnc
