//===- Manifest.cpp - Reads NAME.json as a contract ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Support/TargetModel.h"

#include "nnc/Support/Json.h"
#include "nnc/Verify/Folder.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace nnc {
namespace {

constexpr int64_t maxTensors = 1 << 14;

Error fieldError(StringRef path, const Twine &what) {
  return createStringError(path + ": " + what);
}

/// The `bytes` of each tensor in `inputs` or `outputs`.
Error readSizes(StringRef path, const json::Object &root, StringRef key,
                std::vector<int64_t> &sizes) {
  const json::Array *tensors = root.getArray(key);
  if (!tensors || int64_t(tensors->size()) > maxTensors)
    return fieldError(path, "field '" + key + "' is not a list of tensors");
  for (const json::Value &entry : *tensors) {
    const json::Object *tensor = entry.getAsObject();
    std::optional<int64_t> bytes = tensor ? tensor->getInteger("bytes") : std::nullopt;
    if (!bytes || *bytes < 0)
      return fieldError(path, "a tensor of '" + key + "' has no valid 'bytes'");
    sizes.push_back(*bytes);
  }
  return Error::success();
}

Error readBytes(StringRef path, const json::Object &root, StringRef key, int64_t &bytes) {
  std::optional<int64_t> value = root.getInteger(key);
  if (!value || *value < 0)
    return fieldError(path, "field '" + key + "' is not a number of bytes");
  bytes = *value;
  return Error::success();
}

/// The list may name less than the core has, so that code is held to it, but
/// nothing that NAME_cpu_ok would not ask for.
Error readFeatures(StringRef path, const json::Object &root, Contract &contract) {
  if (!root.get("cpu_features"))
    return Error::success();
  const json::Array *list = root.getArray("cpu_features");
  if (!list)
    return fieldError(path, "field 'cpu_features' is not a list of names");
  std::vector<std::string> features;
  for (const json::Value &entry : *list) {
    std::optional<StringRef> feature = entry.getAsString();
    if (!feature)
      return fieldError(path, "field 'cpu_features' is not a list of names");
    if (!is_contained(contract.cpuFeatures, *feature))
      return fieldError(path, "field 'cpu_features' names '" + *feature + "', which cpu '" +
                                  root.getString("cpu").value_or("") + "' lacks");
    features.push_back(feature->str());
  }
  contract.cpuFeatures = std::move(features);
  return Error::success();
}

void readExceptions(const json::Object &root, Contract &contract) {
  const json::Object *proofs = root.getObject("proofs");
  const json::Object *addresses = proofs ? proofs->getObject("address_trace") : nullptr;
  const json::Array *list = addresses ? addresses->getArray("exceptions") : nullptr;
  if (!list)
    return;
  for (const json::Value &entry : *list) {
    const json::Object *object = entry.getAsObject();
    std::optional<StringRef> function = object ? object->getString("function") : std::nullopt;
    if (!function)
      continue;
    Contract::Exception exception{function->str(), {}};
    if (const json::Array *nodes = object->getArray("nodes"))
      for (const json::Value &node : *nodes)
        if (std::optional<StringRef> name = node.getAsString())
          exception.nodes.push_back(name->str());
    contract.exceptions.push_back(std::move(exception));
  }
}

} // namespace

Expected<Manifest> readManifest(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  if (!buffer)
    return createStringError(path + ": " + buffer.getError().message());
  Expected<json::Value> value = parseJson((*buffer)->getBuffer());
  if (!value)
    return createStringError(path + ": " + toString(value.takeError()));
  json::Object *root = value->getAsObject();
  if (!root || root->getInteger("schema") != 1)
    return fieldError(path, "is not a network's description of schema 1");
  Manifest manifest;
  manifest.path = path.str();
  Contract &contract = manifest.contract;
  std::optional<StringRef> name = root->getString("name");
  if (!name || name->empty())
    return fieldError(path, "field 'name' is missing");
  contract.name = name->str();
  if (Error e = readSizes(path, *root, "inputs", contract.inputBytes))
    return std::move(e);
  if (Error e = readSizes(path, *root, "outputs", contract.outputBytes))
    return std::move(e);
  if (Error e = readBytes(path, *root, "arena_bytes", contract.arenaBytes))
    return std::move(e);
  if (root->get("state_bytes"))
    if (Error e = readBytes(path, *root, "state_bytes", contract.stateBytes))
      return std::move(e);
  if (std::optional<StringRef> cpu = root->getString("cpu")) {
    Expected<TargetModel> model =
        lookupTargetModel(root->getString("target").value_or("x86"), *cpu);
    if (!model)
      return createStringError(path + ": " + toString(model.takeError()));
    contract.setCore(*model);
  }
  if (Error e = readFeatures(path, *root, contract))
    return std::move(e);
  readExceptions(*root, contract);
  manifest.root = std::move(*root);
  return manifest;
}

Expected<std::vector<std::string>> findManifests(StringRef folder) {
  std::error_code error;
  std::vector<std::string> found;
  for (sys::fs::directory_iterator it(folder, error), end; it != end && !error;
       it.increment(error)) {
    if (sys::path::extension(it->path()) != ".json")
      continue;
    auto buffer = MemoryBuffer::getFile(it->path());
    if (!buffer)
      continue;
    Expected<json::Value> value = parseJson((*buffer)->getBuffer());
    if (!value) {
      consumeError(value.takeError());
      continue;
    }
    if (const json::Object *object = value->getAsObject(); object && object->get("schema"))
      found.push_back(it->path());
  }
  if (error)
    return createStringError(folder + ": " + error.message());
  if (found.empty())
    return createStringError(folder + ": holds no NAME.json with a schema");
  llvm::sort(found);
  return found;
}

Expected<Manifest> findManifest(StringRef folder) {
  Expected<std::vector<std::string>> found = findManifests(folder);
  if (!found)
    return found.takeError();
  if (found->size() > 1)
    return createStringError(folder + ": holds several descriptions of networks");
  return readManifest(found->front());
}

} // namespace nnc
