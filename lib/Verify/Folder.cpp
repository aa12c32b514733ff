//===- Folder.cpp - Re-checks what a compilation wrote ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Verify/Folder.h"

#include "Agreement.h"
#include "Files.h"
#include "Image.h"
#include "nnc/Support/OutputFolder.h"
#include "nnc/Support/RuntimeHeader.h"
#include "nnc/Support/Sha256.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace nnc {
namespace {

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

void checkContents(const ListedFile &file, const MemoryBuffer &buffer,
                   std::vector<std::string> &errors) {
  if (int64_t(buffer.getBufferSize()) != file.bytes)
    errors.push_back(file.path + ": has " + std::to_string(buffer.getBufferSize()) +
                     " bytes, the description says " + std::to_string(file.bytes));
  else if (sha256OfBytes(buffer.getBuffer()) != file.sha256)
    errors.push_back(file.path + ": its SHA-256 differs from the description's");
}

/// Analyses files under one contract. The member of a library that is the object
/// again, byte for byte, is not analysed twice.
class FileAnalyzer {
public:
  explicit FileAnalyzer(const Contract &contract) : contract(contract) {}

  Expected<std::vector<VerifiedFile>> verify(StringRef path);

private:
  Expected<Findings> findingsOf(std::unique_ptr<MemoryBuffer> elf) {
    for (const auto &[buffer, findings] : known)
      if (buffer->getBuffer() == elf->getBuffer())
        return findings;
    Expected<Findings> findings = verifyObject(*elf, contract);
    if (findings)
      known.emplace_back(std::move(elf), *findings);
    return findings;
  }

  const Contract &contract;
  std::vector<std::pair<std::unique_ptr<MemoryBuffer>, Findings>> known;
};

/// Whether `path` is an object or library with an entry point of the network. Programs are no part
/// of a compilation.
bool isCodeOf(StringRef network, StringRef path) {
  Expected<std::vector<verify::ElfFile>> files = verify::readElfFiles(path);
  if (!files) {
    consumeError(files.takeError());
    return false;
  }
  return any_of(*files, [&](const verify::ElfFile &file) {
    Expected<std::unique_ptr<verify::Image>> image = verify::Image::create(*file.buffer);
    if (image)
      return (*image)->isStandalone() && (*image)->holdsNetwork(network);
    consumeError(image.takeError());
    return false;
  });
}

/// A linker may take any file of the folder: none with the network's code goes unchecked.
void findUnlisted(StringRef folder, StringRef network, ArrayRef<ListedFile> listed,
                  std::vector<std::string> &errors) {
  std::error_code error;
  for (sys::fs::directory_iterator it(folder, error), end; it != end && !error;
       it.increment(error)) {
    StringRef name = sys::path::filename(it->path());
    bool isListed = any_of(listed, [&](const ListedFile &file) { return file.path == name; });
    if (!isListed && isCodeOf(network, it->path()))
      errors.push_back(name.str() + ": holds code of '" + network.str() +
                       "', and the description does not list it");
  }
  if (error)
    errors.push_back(folder.str() + ": " + error.message());
}

/// The header includes it, whether it is listed or not.
void checkRuntimeHeader(StringRef folder, std::vector<std::string> &errors) {
  SmallString<128> path(folder);
  sys::path::append(path, "nn_runtime.h");
  auto buffer = MemoryBuffer::getFile(path);
  if (!buffer)
    errors.push_back("nn_runtime.h: " + buffer.getError().message());
  else if ((*buffer)->getBuffer() != runtimeHeaderText())
    errors.push_back("nn_runtime.h: is not the text that this version of nn-compile writes");
}

Expected<std::vector<VerifiedFile>> FileAnalyzer::verify(StringRef path) {
  Expected<std::vector<verify::ElfFile>> files = verify::readElfFiles(path);
  if (!files)
    return files.takeError();
  std::vector<VerifiedFile> verified;
  for (verify::ElfFile &file : *files) {
    Expected<std::unique_ptr<verify::Image>> image = verify::Image::create(*file.buffer);
    if (!image)
      return image.takeError();
    if (!(*image)->holdsNetwork(contract.name))
      continue;
    Expected<Findings> findings = findingsOf(std::move(file.buffer));
    if (!findings)
      return findings.takeError();
    verified.push_back({file.name, std::move(*findings)});
  }
  if (verified.empty())
    return createStringError("holds no entry point of a network named '" + contract.name + "'");
  return verified;
}

} // namespace

Expected<std::vector<VerifiedFile>> verifyFile(StringRef path, const Contract &contract) {
  return FileAnalyzer(contract).verify(path);
}

FolderVerdict verifyFileOf(const Manifest &manifest, StringRef path) {
  FolderVerdict verdict;
  Expected<std::vector<VerifiedFile>> files = verifyFile(path, manifest.contract);
  if (!files) {
    verdict.errors.push_back(path.str() + ": " + toString(files.takeError()));
    return verdict;
  }
  verdict.verified = std::move(*files);
  checkManifest(manifest, /*isWhole=*/false, verdict);
  for (const VerifiedFile &file : verdict.verified)
    compareFile(manifest, file, verdict);
  return verdict;
}

FolderVerdict verifyAlone(const Contract &contract, StringRef path) {
  FolderVerdict verdict;
  Expected<std::vector<VerifiedFile>> files = verifyFile(path, contract);
  if (!files) {
    verdict.errors.push_back(path.str() + ": " + toString(files.takeError()));
    return verdict;
  }
  verdict.verified = std::move(*files);
  for (const VerifiedFile &file : verdict.verified)
    checkModel(contract.name, file, verdict);
  return verdict;
}

FolderVerdict verifyFolder(StringRef folder, const Manifest &manifest) {
  FolderVerdict verdict;
  FileAnalyzer analyzer(manifest.contract);
  bool hasHeader = false;
  checkManifest(manifest, /*isWhole=*/true, verdict);
  std::vector<ListedFile> files = listFiles(manifest.root, verdict.errors);
  findUnlisted(folder, manifest.contract.name, files, verdict.errors);
  checkRuntimeHeader(folder, verdict.errors);
  for (const ListedFile &file : files) {
    SmallString<128> path(folder);
    sys::path::append(path, file.path);
    auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    if (!buffer) {
      verdict.errors.push_back(file.path + ": " + buffer.getError().message());
      continue;
    }
    checkContents(file, **buffer, verdict.errors);
    if (file.kind == "header") {
      hasHeader = true;
      compareHeader(manifest, file.path, (*buffer)->getBuffer(), verdict);
    }
    if (file.kind != "obj" && file.kind != "lib" && file.kind != "so")
      continue;
    Expected<std::vector<VerifiedFile>> verified = analyzer.verify(path);
    if (!verified) {
      verdict.errors.push_back(file.path + ": " + toString(verified.takeError()));
      continue;
    }
    for (VerifiedFile &one : *verified) {
      one.file = file.path;
      compareFile(manifest, one, verdict);
      verdict.verified.push_back(std::move(one));
    }
  }
  if (!hasHeader)
    verdict.errors.push_back("the description lists no header");
  if (verdict.verified.empty() && verdict.errors.empty())
    verdict.errors.push_back("the description lists no object or library");
  return verdict;
}

} // namespace nnc
