//===- Agreement.cpp - Whether the files of a network agree ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Agreement.h"

#include "Description.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace nnc {

using namespace verify;

namespace {

constexpr StringLiteral description = "the description says", analysis = "the analysis finds";

/// Nobody need state all of it, but the folder of a compilation does.
constexpr StringLiteral wholeFields[] = {
    "build_id",    "numeric_spec", "arena_bytes", "arena_align", "stack_bytes",
    "state_bytes", "rom_bytes",    "code_bytes",  "steps",       "rom_crc32c"};
constexpr StringLiteral wholeLists[] = {"cpu_features", "assumptions"};

/// A stated status must be what the analysis finds. What the analysis leaves
/// open may be stated as tested or assumed, never as proved.
void compareProofs(const json::Object &root, const Findings &findings, StringRef file,
                   std::vector<std::string> &errors) {
  const json::Object *proofs = root.getObject("proofs");
  for (Promise promise : {Promise::InstructionTrace, Promise::AddressTrace, Promise::Memory}) {
    const json::Object *proof = proofs ? proofs->getObject(promiseName(promise)) : nullptr;
    std::optional<StringRef> stated = proof ? proof->getString("status") : std::nullopt;
    StringRef found = proofStatusName(findings.statusOf(promise));
    if (!stated) {
      errors.push_back("field 'proofs." + promiseName(promise).str() + ".status' is missing");
      continue;
    }
    bool open = findings.statusOf(promise) == ProofStatus::Unresolved;
    bool modest = *stated == "tested" || *stated == "assumed";
    if (*stated != found && !(open && modest))
      errors.push_back(file.str() + ": " + promiseName(promise).str() + " is " + found.str() +
                       ", the description says " + stated->str());
  }
}

/// The status that the evidence of `exact` or `overflow` amounts to. Both are proved on the
/// network, so what they count cannot be counted again in its code.
StringRef statusOfEvidence(const json::Object &proof) {
  if (proof.get("reason"))
    return "not_claimed";
  if (const json::Array *exceptions = proof.getArray("exceptions");
      exceptions && !exceptions->empty())
    return "excepted";
  if (proof.getInteger("data_sets").value_or(0) > 0) // of -verify
    return "tested";
  for (StringRef counted : {"channels", "bilinear", "accumulators"})
    if (proof.getInteger(counted).value_or(0) > 0)
      return "proved";
  return "not_claimed";
}

void checkEvidence(const Manifest &manifest, std::vector<std::string> &errors) {
  const json::Object *proofs = manifest.root.getObject("proofs");
  for (StringRef key : {"exact", "overflow"}) {
    const json::Object *proof = proofs ? proofs->getObject(key) : nullptr;
    std::optional<StringRef> stated = proof ? proof->getString("status") : std::nullopt;
    std::string field = "proofs." + key.str() + ".status";
    if (!stated)
      errors.push_back(manifest.path + ": field '" + field + "' is missing");
    else if (*stated != statusOfEvidence(*proof))
      errors.push_back(manifest.path + ": " + field + " is " + stated->str() +
                       ", what stands beside it says " + statusOfEvidence(*proof).str());
  }
}

void compareHash(const json::Object &root, Promise promise, StringRef key, StringRef found,
                 StringRef what, const std::string &file, std::vector<std::string> &errors) {
  const json::Object *proofs = root.getObject("proofs");
  const json::Object *proof = proofs ? proofs->getObject(promiseName(promise)) : nullptr;
  std::optional<StringRef> stated = proof ? proof->getString(key) : std::nullopt;
  if (stated && *stated != found)
    errors.push_back(file + ": its " + what.str() + " is not what the description says (" +
                     key.str() + " of " + promiseName(promise).str() + ")");
}

/// Code and constants are what was proved. In a linked file addresses are
/// filled in and sections merged: there the network's constants and its code
/// without addresses stay as they were.
void compareContents(const Manifest &manifest, const VerifiedFile &file, FolderVerdict &verdict) {
  const Findings &found = file.findings;
  compareHash(manifest.root, Promise::InstructionTrace, "code_sha256", found.codeSHA256, "code",
              file.file, verdict.errors);
  if (found.isObject) {
    for (Promise promise : {Promise::InstructionTrace, Promise::AddressTrace, Promise::Memory})
      compareHash(manifest.root, promise, "text_sha256", found.textSHA256, "code", file.file,
                  verdict.errors);
    compareHash(manifest.root, Promise::Memory, "rodata_sha256", found.rodataSHA256,
                "read-only data", file.file, verdict.errors);
  }
  std::optional<int64_t> crc = manifest.root.getInteger("rom_crc32c");
  std::string rom = manifest.contract.name + ".rom";
  if (crc && !found.romCRC32C)
    (found.isObject ? verdict.errors : verdict.notes)
        .push_back(file.file + ": has no symbol " + rom + ", so its constants were not compared");
  else if (crc && *crc != *found.romCRC32C)
    verdict.errors.push_back(file.file + ": the CRC-32C of its constants is " +
                             std::to_string(*found.romCRC32C) + ", the description says " +
                             std::to_string(*crc));
}

/// As C strings, which end with the first zero.
Description asStrings(Description stated) {
  for (auto &[field, value] : stated.says)
    value = value.substr(0, value.find('\0'));
  return stated;
}

void compareModel(const Description &stated, StringRef source, StringRef name,
                  const VerifiedFile &file, FolderVerdict &verdict) {
  const Description &model = file.findings.model;
  auto spelling = [&](StringRef field) { return modelSpelling(name, field); };
  for (const std::string &what : model.contradictions)
    verdict.errors.push_back(file.file + ": " + spelling(what));
  if (!model.says.empty())
    compare(stated, source, model, file.file, spelling, verdict.errors);
}

} // namespace

void checkManifest(const Manifest &manifest, bool isWhole, FolderVerdict &verdict) {
  Description stated = describeManifest(manifest.root);
  for (const std::string &what : stated.contradictions)
    verdict.errors.push_back(manifest.path + ": " + what);
  if (!isWhole)
    return;
  auto missing = [&](StringRef field) {
    verdict.errors.push_back(manifest.path + ": field '" + field.str() +
                             "' is missing or of the wrong type");
  };
  for (StringRef field : wholeFields)
    if (!stated.says.count(field.str()))
      missing(field);
  for (StringRef field : wholeLists)
    if (!manifest.root.getArray(field))
      missing(field);
  // The plainest core has no features to name, but nothing runs without assumptions.
  if (const json::Array *list = manifest.root.getArray("assumptions"); list && list->empty())
    verdict.errors.push_back(manifest.path + ": field 'assumptions' is empty");
  if (manifest.root.getObject("proofs"))
    checkEvidence(manifest, verdict.errors);
  else
    verdict.errors.push_back(manifest.path + ": field 'proofs' is missing");
}

void checkModel(StringRef name, const VerifiedFile &file, FolderVerdict &verdict) {
  compareModel(describeFindings(file.findings), analysis, name, file, verdict);
}

void compareFile(const Manifest &manifest, const VerifiedFile &file, FolderVerdict &verdict) {
  if (manifest.root.get("proofs"))
    compareProofs(manifest.root, file.findings, file.file, verdict.errors);
  compareContents(manifest, file, verdict);
  Description stated = describeManifest(manifest.root), measured = describeFindings(file.findings);
  auto ifMeasured = [&](StringRef field) {
    return measured.says.count(field.str()) ? field.str() : "";
  };
  compare(stated, description, measured, file.file, ifMeasured, verdict.errors);
  compareModel(asStrings(stated), description, manifest.contract.name, file, verdict);
}

void compareHeader(const Manifest &manifest, StringRef file, StringRef text,
                   FolderVerdict &verdict) {
  const std::string &name = manifest.contract.name;
  Description stated = describeManifest(manifest.root);
  Description header = describeHeader(text, name, file, stated, verdict.errors);
  compare(
      stated, description, header, file,
      [&](StringRef field) { return headerSpelling(name, field); }, verdict.errors);
}

} // namespace nnc
