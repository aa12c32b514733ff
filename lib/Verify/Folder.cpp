//===- Folder.cpp - Re-checks what a compilation wrote ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Verify/Folder.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"

using namespace llvm;

namespace nnc {
namespace {

/// The member of a static library that holds the network.
Expected<Findings> verifyArchive(MemoryBufferRef buffer, const Contract &contract) {
  Expected<std::unique_ptr<object::Archive>> archive = object::Archive::create(buffer);
  if (!archive)
    return archive.takeError();
  Error walk = Error::success();
  std::string reasons;
  for (const object::Archive::Child &child : (*archive)->children(walk)) {
    Expected<MemoryBufferRef> member = child.getMemoryBufferRef();
    if (!member) {
      consumeError(std::move(walk));
      return member.takeError();
    }
    // ELF wants its headers aligned; members of archives are only even.
    auto aligned = MemoryBuffer::getMemBufferCopy(member->getBuffer(), member->getBufferIdentifier());
    Expected<Findings> findings = verifyObject(*aligned, contract);
    if (findings) {
      consumeError(std::move(walk));
      return findings;
    }
    reasons += (reasons.empty() ? "" : "; ") + toString(findings.takeError());
  }
  if (walk)
    return std::move(walk);
  return createStringError(reasons.empty() ? "is an empty library" : reasons);
}

struct ListedFile {
  std::string kind, path;
  int64_t bytes = -1;
  std::string sha256;
};

/// Flattens `files`: an entry is one object, or a list of them.
std::vector<ListedFile> listFiles(const json::Object &root, std::vector<std::string> &errors) {
  std::vector<ListedFile> files;
  const json::Object *entries = root.getObject("files");
  if (!entries) {
    errors.push_back("field 'files' is missing");
    return files;
  }
  auto addOne = [&](StringRef kind, const json::Value &value) {
    const json::Object *file = value.getAsObject();
    std::optional<StringRef> path = file ? file->getString("path") : std::nullopt;
    std::optional<StringRef> hash = file ? file->getString("sha256") : std::nullopt;
    std::optional<int64_t> bytes = file ? file->getInteger("bytes") : std::nullopt;
    if (!path || !hash || !bytes)
      errors.push_back("files." + kind.str() + " lacks path, bytes or sha256");
    else if (sys::path::is_absolute(*path) || path->contains(".."))
      errors.push_back("files." + kind.str() + " leaves the folder: " + path->str());
    else
      files.push_back({kind.str(), path->str(), *bytes, hash->str()});
  };
  for (const auto &[kind, value] : *entries) {
    if (const json::Array *list = value.getAsArray())
      for (const json::Value &entry : *list)
        addOne(kind, entry);
    else
      addOne(kind, value);
  }
  return files;
}

/// The SHA-256 in hexadecimal digits.
std::string sha256Of(StringRef data) {
  SHA256 hash;
  hash.update(data);
  return toHex(hash.final(), /*LowerCase=*/true);
}

void checkContents(const ListedFile &file, const MemoryBuffer &buffer,
                   std::vector<std::string> &errors) {
  if (int64_t(buffer.getBufferSize()) != file.bytes)
    errors.push_back(file.path + ": has " + std::to_string(buffer.getBufferSize()) +
                     " bytes, the description says " + std::to_string(file.bytes));
  else if (sha256Of(buffer.getBuffer()) != file.sha256)
    errors.push_back(file.path + ": its SHA-256 differs from the description's");
}

void compareNumber(const json::Object &root, StringRef key, int64_t found, StringRef file,
                   std::vector<std::string> &errors) {
  std::optional<int64_t> stated = root.getInteger(key);
  if (!stated)
    errors.push_back("field '" + key.str() + "' is missing");
  else if (*stated != found)
    errors.push_back(file.str() + ": " + key.str() + " is " + std::to_string(found) +
                     ", the description says " + std::to_string(*stated));
}

/// A stated status must be what the analysis finds. What the analysis leaves
/// open may be stated as tested, assumed or not claimed, never as proved.
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
    bool modest = *stated == "tested" || *stated == "assumed" || *stated == "not_claimed";
    if (*stated != found && !(open && modest))
      errors.push_back(file.str() + ": " + promiseName(promise).str() + " is " + found.str() +
                       ", the description says " + stated->str());
  }
}

} // namespace

Expected<Findings> verifyFile(StringRef path, const Contract &contract) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError(buffer.getError().message());
  MemoryBufferRef ref = **buffer;
  if (identify_magic(ref.getBuffer()) == file_magic::archive)
    return verifyArchive(ref, contract);
  return verifyObject(ref, contract);
}

FolderVerdict verifyFolder(StringRef folder, const Manifest &manifest) {
  FolderVerdict verdict;
  bool hasHeader = false;
  for (const ListedFile &file : listFiles(manifest.root, verdict.errors)) {
    SmallString<128> path(folder);
    sys::path::append(path, file.path);
    auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    if (!buffer) {
      verdict.errors.push_back(file.path + ": " + buffer.getError().message());
      continue;
    }
    checkContents(file, **buffer, verdict.errors);
    hasHeader |= file.kind == "header";
    if (file.kind != "obj" && file.kind != "lib" && file.kind != "so")
      continue;
    Expected<Findings> findings = verifyFile(path, manifest.contract);
    if (!findings) {
      verdict.errors.push_back(file.path + ": " + toString(findings.takeError()));
      continue;
    }
    compareProofs(manifest.root, *findings, file.path, verdict.errors);
    compareNumber(manifest.root, "stack_bytes", findings->stackBytes, file.path, verdict.errors);
    if (file.kind == "obj")
      compareNumber(manifest.root, "code_bytes", findings->codeBytes, file.path, verdict.errors);
    verdict.verified.push_back({file.path, std::move(*findings)});
  }
  if (!hasHeader)
    verdict.errors.push_back("the description lists no header");
  if (verdict.verified.empty() && verdict.errors.empty())
    verdict.errors.push_back("the description lists no object or library");
  return verdict;
}

} // namespace nnc
