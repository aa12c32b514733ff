//===- OutputFolder.cpp - Files that appear all at once or not at all ----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Support/OutputFolder.h"
#include "nnc/Support/Sha256.h"

#include "nnc/Support/Json.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace nnc {

static Error fileError(StringRef what, StringRef path, std::error_code code) {
  return createStringError(code, what + " '" + path + "': " + code.message());
}

Error writeFile(StringRef path, StringRef contents) {
  std::error_code code;
  raw_fd_ostream os(path, code);
  if (code)
    return fileError("cannot write", path, code);
  os << contents;
  os.close();
  code = os.error();
  os.clear_error();
  return code ? fileError("cannot write", path, code) : Error::success();
}

//===----------------------------------------------------------------------===//
// The folder
//===----------------------------------------------------------------------===//

OutputFolder::OutputFolder(StringRef folder, StringRef name) : folder(folder), name(name) {}

OutputFolder::~OutputFolder() {
  for (const std::string &path : temporaries) {
    sys::fs::remove(path);
    sys::DontRemoveFileOnSignal(path);
  }
  if (!committed)
    for (const std::string &path : reverse(createdFolders))
      sys::fs::remove(path); // fails, as it should, if someone else put a file there
}

/// Creates a folder and notes which of its ancestors were missing.
Error OutputFolder::createFolders(StringRef innermost) {
  std::vector<std::string> missing;
  for (StringRef p = innermost; !p.empty() && !sys::fs::exists(p); p = sys::path::parent_path(p))
    missing.push_back(p.str());
  for (const std::string &path : reverse(missing)) {
    if (std::error_code code = sys::fs::create_directory(path, true, sys::fs::all_all))
      return fileError("cannot create the output folder", path, code);
    createdFolders.push_back(path);
  }
  return Error::success();
}

Error OutputFolder::create() {
  if (created)
    return Error::success();
  if (Error error = createFolders(folder))
    return error;
  if (!sys::fs::is_directory(folder))
    return createStringError("the output folder '" + folder + "' is a file");
  created = true;
  readManifests();
  return Error::success();
}

static std::string inFolder(StringRef folder, StringRef file) {
  SmallString<128> path(folder);
  sys::path::append(path, file);
  return path.str().str();
}

/// Whether `file` is a path that we may have written: down from the folder, part by part.
static bool isInside(StringRef file) {
  SmallVector<StringRef> parts;
  file.split(parts, '/');
  return none_of(parts, [](StringRef part) { return part.empty() || part == "." || part == ".."; });
}

/// Whether `file` may be removed: no link on the way leads elsewhere.
static bool isReachable(StringRef folder, StringRef file) {
  for (StringRef p = sys::path::parent_path(file); !p.empty(); p = sys::path::parent_path(p))
    if (sys::fs::is_symlink_file(inFolder(folder, p)))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Manifests that are already there
//===----------------------------------------------------------------------===//

/// The paths under `files` of a manifest; none if `path` is a JSON file of someone else.
static std::vector<std::string> filesOfManifest(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  if (!buffer)
    return {};
  Expected<json::Value> value = parseJson((*buffer)->getBuffer());
  if (!value) {
    consumeError(value.takeError());
    return {};
  }
  std::vector<std::string> files;
  const json::Object *root = value->getAsObject();
  if (!root || !root->getInteger("schema") || !root->getObject("files") ||
      !root->getString("compiler").value_or("").starts_with("nn-compile"))
    return {};
  auto add = [&](const json::Value &entry) {
    if (const json::Object *object = entry.getAsObject())
      if (auto file = object->getString("path"); file && isInside(*file))
        files.push_back(file->str());
  };
  for (const auto &[kind, entry] : *root->getObject("files")) {
    if (const json::Array *list = entry.getAsArray())
      for (const json::Value &one : *list)
        add(one);
    else
      add(entry);
  }
  files.push_back(sys::path::filename(path).str());
  return files;
}

/// A piece at a time: objects are large.
static bool sameBytes(StringRef a, StringRef b) {
  constexpr uint64_t piece = 4 << 20;
  uint64_t size = 0, other = 0;
  if (sys::fs::file_size(a, size) || sys::fs::file_size(b, other) || size != other)
    return false;
  for (uint64_t at = 0; at < size; at += piece) {
    auto x = MemoryBuffer::getFileSlice(a, std::min(piece, size - at), at);
    auto y = MemoryBuffer::getFileSlice(b, std::min(piece, size - at), at);
    if (!x || !y || (*x)->getBuffer() != (*y)->getBuffer())
      return false;
  }
  return true;
}

void OutputFolder::readManifests() {
  std::error_code code;
  std::vector<std::string> found;
  for (sys::fs::directory_iterator it(folder, code), end; it != end && !code; it.increment(code))
    if (sys::path::extension(it->path()) == ".json")
      found.push_back(it->path());
  llvm::sort(found); // of several manifests that list one file the first is named
  for (const std::string &path : found)
    if (sys::path::filename(path) != name + ".json")
      for (const std::string &file : filesOfManifest(path))
        listed.try_emplace(file, sys::path::filename(path));
  oldFiles = filesOfManifest(inFolder(folder, name + ".json"));
  for (const std::string &file : oldFiles)
    listed.try_emplace(file, name + ".json");
}

/// Whether the manifest of another network lists `file`.
bool OutputFolder::isAnothers(const std::string &file) const {
  auto it = listed.find(file);
  return it != listed.end() && it->second != name + ".json";
}

/// A file that no manifest lists is the user's own; nn_runtime.h with our very bytes is anyone's.
Error OutputFolder::checkOwnership(const std::string &file, StringRef temporaryPath) const {
  std::string path = inFolder(folder, file);
  sys::fs::file_status status; // of the link itself: one that leads nowhere is the user's, too
  if (sys::fs::status(path, status, /*follow=*/false))
    return Error::success();
  bool isListed = listed.count(file) && !sys::fs::is_directory(status);
  if ((isListed && !isAnothers(file)) ||
      ((isListed || file == "nn_runtime.h") && sameBytes(path, temporaryPath)))
    return Error::success();
  if (isListed)
    return createStringError("'" + path + "' is in the way: it belongs to the network that " +
                             listed.at(file) +
                             " describes; choose another -o, or remove that network");
  return createStringError("'" + path +
                           "' is in the way: no manifest of nn-compile in that folder "
                           "lists it; choose another -o or -name, or remove it");
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

Expected<std::string> OutputFolder::ownName(StringRef file, StringRef otherwise) {
  if (Error error = create()) // and reads the manifests
    return std::move(error);
  return (isAnothers(file.str()) ? otherwise : file).str();
}

Expected<std::string> OutputFolder::temporary(StringRef file) {
  if (Error error = create())
    return std::move(error);
  SmallString<128> path;
  int descriptor;
  SmallString<128> hidden = sys::path::parent_path(file);
  if (Error error = createFolders(inFolder(folder, hidden)))
    return std::move(error);
  sys::path::append(hidden, "." + sys::path::filename(file) + ".%%%%%%%%");
  std::string model = inFolder(folder, hidden);
  if (std::error_code code = sys::fs::createUniqueFile(model, descriptor, path, sys::fs::OF_None,
                                                       sys::fs::all_read | sys::fs::all_write))
    return fileError("cannot write into the output folder", folder, code);
  sys::fs::file_t handle = sys::fs::convertFDToNativeFile(descriptor);
  sys::fs::closeFile(handle);
  sys::RemoveFileOnSignal(path);
  temporaries.push_back(path.str().str());
  return temporaries.back();
}

void OutputFolder::add(StringRef kind, StringRef file, StringRef temporaryPath) {
  pending.push_back({{kind.str(), file.str(), 0, ""}, temporaryPath.str()});
}

Error OutputFolder::write(StringRef kind, StringRef file, StringRef contents) {
  Expected<std::string> path = temporary(file);
  if (!path)
    return path.takeError();
  if (Error error = writeFile(*path, contents))
    return error;
  add(kind, file, *path);
  return Error::success();
}

Error OutputFolder::publish(StringRef file, StringRef temporaryPath) {
  std::string path = inFolder(folder, file);
  if (sameBytes(path, temporaryPath)) {
    sys::fs::remove(temporaryPath);
  } else if (std::error_code code = sys::fs::rename(temporaryPath, path)) {
    return fileError("cannot write", path, code);
  }
  sys::DontRemoveFileOnSignal(temporaryPath);
  llvm::erase(temporaries, temporaryPath);
  return Error::success();
}

Error OutputFolder::commit(function_ref<std::string(ArrayRef<OutputFile>)> manifest) {
  std::vector<OutputFile> files;
  for (Pending &p : pending) {
    if (Error error = checkOwnership(p.file.path, p.temporaryPath))
      return error;
    Expected<std::string> hash = sha256OfFile(p.temporaryPath);
    if (!hash)
      return hash.takeError();
    p.file.sha256 = *hash;
    if (std::error_code code = sys::fs::file_size(p.temporaryPath, p.file.bytes))
      return fileError("cannot read", p.temporaryPath, code);
    files.push_back(p.file);
  }
  std::string manifestFile = name + ".json";
  if (Error error = checkOwnership(manifestFile, ""))
    return error;
  if (Error error = write("", manifestFile, manifest(files)))
    return error;
  for (const Pending &p : pending) // NAME.json is the last of them
    if (Error error = publish(p.file.path, p.temporaryPath))
      return error;
  committed = true;
  for (const std::string &old : oldFiles)
    if (!isAnothers(old) && isReachable(folder, old) &&
        none_of(pending, [&](const Pending &p) { return p.file.path == old; })) {
      sys::fs::remove(inFolder(folder, old));
      if (StringRef inner = sys::path::parent_path(old); !inner.empty())
        sys::fs::remove(inFolder(folder, inner)); // fails while something is in it
    }
  return Error::success();
}

std::vector<std::string> OutputFolder::names() const {
  std::vector<std::string> result;
  for (const Pending &p : pending)
    result.push_back(p.file.path);
  return result;
}

} // namespace nnc
