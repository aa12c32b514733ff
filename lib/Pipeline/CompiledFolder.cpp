//===- CompiledFolder.cpp - Networks that nn-compile wrote ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "CompiledFolder.h"

#include "dialects/NN/ElementTypes.h"
#include "dialects/NN/NNOps.h"
#include "nnc/Support/Sha256.h"
#include "nnc/Target/HLS/CoreJson.h"
#include "nnc/Verify/Folder.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace nnc {

bool isManifest(StringRef path) { return path.ends_with(".json"); }

Expected<std::string> findModel(StringRef path) {
  SmallString<128> inside(path);
  sys::path::append(inside, "model.onnx");
  if (!sys::fs::is_directory(path))
    return path.str();
  if (sys::fs::exists(inside))
    return inside.str().str();
  Expected<Manifest> manifest = findManifest(path);
  if (!manifest)
    return createStringError("'" + path + "' holds neither model.onnx nor a compiled network (" +
                             toString(manifest.takeError()) + ")");
  return manifest->path;
}

/// Null type: the entry says no such thing, or sizes that contradict each other.
static Port readPort(const json::Value &entry, mlir::MLIRContext &context) {
  const json::Object *tensor = entry.getAsObject();
  const json::Array *dims = tensor ? tensor->getArray("shape") : nullptr;
  if (!dims)
    return {};
  std::vector<int64_t> shape;
  for (const json::Value &dim : *dims)
    shape.push_back(dim.getAsInteger().value_or(-1));
  const nn::ElementType *known = nn::findElementType(tensor->getString("dtype").value_or(""));
  if (!known || !nn::shapeProblem(shape).empty())
    return {};
  auto type = mlir::RankedTensorType::get(shape, known->get(&context));
  Port port{tensor->getString("name").value_or("").str(), type};
  if (known->isSubByte()) {
    port.type = nn::packedType(type);
    port.packed = type;
  }
  port.scale = tensor->getNumber("scale").value_or(0);
  port.zeroPoint = tensor->getInteger("zero_point").value_or(0);
  port.rounding = nn::symbolizeRoundingMode(tensor->getString("rounding").value_or(""))
                      .value_or(nn::RoundingMode::HalfEven);
  int64_t bytes = nn::packedByteSize(type.getElementType(), type.getNumElements());
  return tensor->getInteger("bytes") == bytes ? port : Port();
}

static Error readPorts(const Manifest &manifest, StringRef key, mlir::MLIRContext &context,
                       std::vector<Port> &ports) {
  for (const json::Value &entry : *manifest.root.getArray(key)) { // readManifest saw the list
    ports.push_back(readPort(entry, context));
    if (!ports.back().type)
      return createStringError("a tensor of '" + key + "' has no type that can be run");
  }
  return Error::success();
}

/// The shared library in the manifest's folder, if it is the one that was written.
static Expected<std::string> findLibrary(const Manifest &manifest) {
  const json::Object *files = manifest.root.getObject("files");
  const json::Object *entry = files ? files->getObject("so") : nullptr;
  std::optional<StringRef> file = entry ? entry->getString("path") : std::nullopt;
  if (!file || file->contains('/'))
    return createStringError("lists no shared library; compile with -emit=so");
  SmallString<128> path("."); // a name without a slash would be looked for elsewhere
  if (StringRef folder = sys::path::parent_path(manifest.path); !folder.empty())
    path = folder;
  sys::path::append(path, *file);
  Expected<std::string> hash = sha256OfFile(path);
  if (!hash)
    return hash.takeError();
  if (*hash != entry->getString("sha256").value_or(""))
    return createStringError("'" + path + "' is not the file that was compiled");
  return path.str().str();
}

/// Absolute, since programs run elsewhere.
static std::string folderOf(const Manifest &manifest) {
  SmallString<128> folder = sys::path::parent_path(manifest.path);
  sys::fs::make_absolute(folder);
  return folder.str().str();
}

/// The path of a file that a manifest lists, if it is in its folder and what was written.
static Expected<std::string> checkedFile(StringRef folder, const json::Value &entry) {
  const json::Object *object = entry.getAsObject();
  StringRef file = object ? object->getString("path").value_or("") : "";
  bool leavesFolder = is_contained(make_range(sys::path::begin(file), sys::path::end(file)), "..");
  if (file.empty() || sys::path::is_absolute(file) || leavesFolder)
    return createStringError("lists a file without a path in its folder");
  SmallString<128> path(folder);
  sys::path::append(path, file);
  Expected<std::string> hash = sha256OfFile(path);
  if (!hash)
    return hash.takeError();
  if (*hash != object->getString("sha256").value_or(""))
    return createStringError("'" + path + "' is not the file that was compiled");
  return path.str().str();
}

/// A kind with one file is that, with several a list.
static Expected<std::vector<std::string>> checkedFiles(const Manifest &manifest, StringRef kind) {
  const json::Object *files = manifest.root.getObject("files");
  const json::Value *entries = files ? files->get(kind) : nullptr;
  std::vector<json::Value> list;
  if (entries && entries->getAsArray())
    list.assign(entries->getAsArray()->begin(), entries->getAsArray()->end());
  else if (entries)
    list.push_back(*entries);
  std::vector<std::string> paths;
  for (const json::Value &entry : list) {
    Expected<std::string> path = checkedFile(folderOf(manifest), entry);
    if (!path)
      return path.takeError();
    paths.push_back(std::move(*path));
  }
  return paths;
}

bool describesVerilog(StringRef path) {
  Expected<Manifest> manifest = readManifest(path);
  if (manifest)
    return manifest->root.getString("target") == "hls";
  consumeError(manifest.takeError()); // whoever reads it says what is wrong
  return false;
}

Expected<CompiledVerilog> readCompiledVerilog(StringRef path, mlir::MLIRContext &context) {
  Expected<Manifest> manifest = readManifest(path);
  if (!manifest)
    return manifest.takeError();
  CompiledVerilog network;
  network.folder = folderOf(*manifest);
  if (Error error = readPorts(*manifest, "inputs", context, network.inputs))
    return std::move(error);
  if (Error error = readPorts(*manifest, "outputs", context, network.outputs))
    return std::move(error);
  Expected<hls::Core> core = hls::readCore(manifest->root);
  if (!core)
    return core.takeError();
  network.core = std::move(*core);
  Expected<std::vector<std::string>> sources = checkedFiles(*manifest, "verilog");
  if (!sources)
    return sources.takeError();
  if (sources->empty())
    return createStringError("lists no Verilog; compile with -target=hls");
  network.sources = std::move(*sources);
  return network;
}

Expected<CompiledNetwork> readCompiled(StringRef path, mlir::MLIRContext &context) {
  Expected<Manifest> manifest = readManifest(path);
  if (!manifest)
    return manifest.takeError();
  CompiledNetwork network;
  network.name = manifest->contract.name;
  network.arenaBytes = manifest->contract.arenaBytes;
  if (network.arenaBytes > nn::maxBytes)
    return createStringError("has an arena of " + Twine(network.arenaBytes) + " bytes");
  if (Error error = readPorts(*manifest, "inputs", context, network.inputs))
    return std::move(error);
  if (Error error = readPorts(*manifest, "outputs", context, network.outputs))
    return std::move(error);
  Expected<std::string> library = findLibrary(*manifest);
  if (!library)
    return library.takeError();
  network.library = *library;
  return network;
}

} // namespace nnc
