//===- CheckObject.cpp - The promises, checked on the object -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Emission.h"
#include "IntegerProofs.h"
#include "TimedRow.h"

#include "nnc/Verify/Verify.h"

#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace nnc {

/// Kernels whose data addresses the network itself asks for: look-ups in a
/// table too long to be scanned.
static std::vector<Contract::Exception> findExceptions(plan::ProgramOp program) {
  std::vector<Contract::Exception> exceptions;
  for (auto step : program.getBody().getOps<plan::StepOp>()) {
    plan::KernelOp kernel = step.lookupKernel();
    if (!kernel.looksUpByData())
      continue;
    auto known = find_if(exceptions, [&](auto &e) { return e.function == kernel.getSymName(); });
    if (known == exceptions.end())
      known = exceptions.insert(exceptions.end(), {kernel.getSymName().str(), {}});
    for (mlir::Attribute node : step.getNodes())
      known->nodes.push_back(mlir::cast<mlir::StringAttr>(node).getValue().str());
  }
  return exceptions;
}

static Contract contractOf(const Emission &e) {
  Contract contract;
  contract.name = e.c.name;
  for (const TensorFacts &t : e.facts.inputs)
    contract.inputBytes.push_back(t.bytes);
  for (const TensorFacts &t : e.facts.outputs)
    contract.outputBytes.push_back(t.bytes);
  contract.arenaBytes = e.facts.arenaBytes;
  contract.stateBytes = e.facts.stateBytes;
  contract.setCore(e.c.target);
  contract.exceptions = findExceptions(e.program);
  return contract;
}

/// ONNX nodes of the steps that run the kernel in which something was found.
static std::string nodesOf(const Emission &e, StringRef function) {
  std::string text;
  for (const StepFacts &step : e.facts.steps)
    if (step.kernel == function)
      for (const std::string &node : step.nodes)
        text += (text.empty() ? " ('" : ", '") + node + "'";
  return text.empty() ? "" : text + ")";
}

/// A broken instruction trace or memory proof is an error of this compiler;
/// nothing is published. The same holds for an address that -constant-time=strict forbids.
static Error judge(const Emission &e, const Findings &findings) {
  Error errors = Error::success();
  unsigned shown = 0;
  for (const Finding &finding : findings.findings) {
    bool strict = e.c.options.strictConstantTime && finding.promise == Promise::AddressTrace;
    bool fails = finding.status == ProofStatus::Violated ||
                 (finding.promise == Promise::InstructionTrace &&
                  finding.status == ProofStatus::Unresolved) ||
                 (strict && finding.status != ProofStatus::Proved);
    if (fails && ++shown <= 10)
      errors = joinErrors(std::move(errors),
                          createStringError(promiseName(finding.promise) + " is not kept: " +
                                            describe(finding) + nodesOf(e, finding.function)));
  }
  return errors;
}

Error checkObject(Emission &e) {
  TimedRow row(e.c.options, "verify");
  auto buffer = MemoryBuffer::getFile(e.object, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError(buffer.getError(), "cannot read the object");
  Expected<Findings> findings = verifyObject((*buffer)->getMemBufferRef(), contractOf(e));
  if (!findings)
    return findings.takeError();
  if (Error error = judge(e, *findings))
    return error;
  e.facts.stackBytes = findings->stackBytes;
  e.facts.codeBytes = findings->codeBytes;
  e.facts.romBytes = findings->romBytes;
  e.facts.proofs = proofsAsJSON(*findings);
  e.facts.proofs["overflow"] = overflowProof(e.facts);
  e.facts.proofs["exact"] = exactProof(e.facts);
  return Error::success();
}

} // namespace nnc
