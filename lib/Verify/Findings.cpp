//===- Findings.cpp - Statuses and findings in words and JSON --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Verify/Verify.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace nnc {

StringRef promiseName(Promise promise) {
  switch (promise) {
  case Promise::InstructionTrace:
    return "instruction_trace";
  case Promise::AddressTrace:
    return "address_trace";
  case Promise::Memory:
    return "memory";
  }
  return "";
}

StringRef proofStatusName(ProofStatus status) {
  switch (status) {
  case ProofStatus::Proved:
    return "proved";
  case ProofStatus::Excepted:
    return "excepted";
  case ProofStatus::Unresolved:
    return "not_claimed";
  case ProofStatus::Violated:
    return "violated";
  }
  return "";
}

bool Findings::anyViolated() const { return is_contained(status, ProofStatus::Violated); }

std::string describe(const Finding &finding) {
  std::string text;
  if (!finding.function.empty())
    text = finding.function + "+0x" + utohexstr(finding.offset, /*LowerCase=*/true) + ": ";
  if (!finding.text.empty())
    text += "'" + finding.text + "' ";
  text += finding.reason;
  if (!finding.nodes.empty())
    text += " (nodes " + join(finding.nodes, ", ") + ")";
  return text;
}

namespace {

json::Array placesOf(const Findings &findings, Promise promise) {
  json::Array places;
  for (const Finding &finding : findings.findings)
    if (finding.promise == promise)
      places.push_back(describe(finding));
  return places;
}

/// [{function, nodes}] of the exceptions that were needed.
json::Array exceptionsOf(const Findings &findings) {
  json::Array exceptions;
  std::vector<std::string> seen;
  for (const Finding &finding : findings.findings) {
    if (finding.status != ProofStatus::Excepted || is_contained(seen, finding.function))
      continue;
    seen.push_back(finding.function);
    exceptions.push_back(
        json::Object{{"function", finding.function}, {"nodes", json::Array(finding.nodes)}});
  }
  return exceptions;
}

json::Object common(const Findings &findings, Promise promise) {
  json::Object proof{{"status", proofStatusName(findings.statusOf(promise))},
                     {"method", "analysis of the machine code"},
                     {"text_sha256", findings.textSHA256}};
  if (json::Array places = placesOf(findings, promise); !places.empty())
    proof["places"] = std::move(places);
  return proof;
}

} // namespace

json::Object proofsAsJSON(const Findings &findings) {
  json::Object trace = common(findings, Promise::InstructionTrace);
  trace["code_sha256"] = findings.codeSHA256;
  trace["functions"] = int64_t(findings.functions.size());
  trace["instructions"] = findings.instructions;
  trace["conditional_branches"] = findings.conditionalBranches;
  trace["loops"] = findings.loops;
  if (findings.selfTestBranches)
    trace["selftest_branches"] = findings.selfTestBranches;
  json::Object addresses = common(findings, Promise::AddressTrace);
  addresses["memory_instructions"] = findings.memoryAccesses;
  if (findings.maskedReads)
    addresses["masked_reads_of_fixed_operands"] = findings.maskedReads;
  if (json::Array exceptions = exceptionsOf(findings); !exceptions.empty())
    addresses["exceptions"] = std::move(exceptions);
  json::Object memory = common(findings, Promise::Memory);
  memory["memory_instructions"] = findings.memoryAccesses;
  memory["proved_in_bounds"] = findings.provedAccesses;
  memory["rodata_sha256"] = findings.rodataSHA256;
  memory["stack_bytes"] = findings.stackBytes;
  json::Object deepest;
  for (const FunctionFacts &function : findings.functions)
    deepest[function.name] = function.stackBytes;
  memory["stack_bytes_of"] = std::move(deepest);
  memory["undefined_symbols"] = int64_t(findings.undefinedSymbols.size());
  memory["writable_sections"] = int64_t(findings.writableSections.size());
  return json::Object{{"instruction_trace", std::move(trace)},
                      {"address_trace", std::move(addresses)},
                      {"memory", std::move(memory)}};
}

} // namespace nnc
