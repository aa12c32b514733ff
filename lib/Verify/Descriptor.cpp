//===- Descriptor.cpp - The contract that a file states itself -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Files.h"
#include "Image.h"

#include "nnc/Support/TargetModel.h"
#include "nnc/Verify/Folder.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <map>

using namespace llvm;
using namespace nnc::verify;

namespace nnc {
namespace {

/// Offsets of nn_model and nn_tensor of nn_runtime.h on 64-bit machines.
namespace layout {
constexpr uint32_t abi = 1;
constexpr uint64_t modelCpu = 24, modelInputs = 48, modelOutputs = 56, modelInputCount = 64;
constexpr uint64_t modelOutputCount = 68, modelArenaBytes = 80, modelStateBytes = 96;
constexpr uint64_t tensorBytes = 24, tensorSize = 48;
} // namespace layout

/// Reads NAME_model; false if something in it cannot be followed.
class ModelReader {
public:
  ModelReader(const Image &image, uint64_t model) : image(image), model(model) {}

  bool read(Contract &contract) const {
    std::optional<uint64_t> abi = image.read(model, 4);
    std::optional<uint64_t> arena = image.read(model + layout::modelArenaBytes, 8);
    std::optional<uint64_t> state = image.read(model + layout::modelStateBytes, 8);
    if (!abi || *abi != layout::abi || !arena || !state || int64_t(*arena) < 0 ||
        int64_t(*state) < 0)
      return false;
    contract.arenaBytes = *arena;
    contract.stateBytes = *state;
    readCpu(contract);
    return readSizes(layout::modelInputs, layout::modelInputCount, contract.inputBytes) &&
           readSizes(layout::modelOutputs, layout::modelOutputCount, contract.outputBytes);
  }

private:
  bool readSizes(uint64_t list, uint64_t count, std::vector<int64_t> &sizes) const {
    std::optional<uint64_t> first = image.read(model + list, 8);
    std::optional<uint64_t> number = image.read(model + count, 4);
    if (!first || !number || *number > (1 << 14))
      return false;
    for (uint64_t i = 0; i < *number; ++i) {
      auto bytes = image.read(*first + i * layout::tensorSize + layout::tensorBytes, 8);
      if (!bytes || int64_t(*bytes) < 0)
        return false;
      sizes.push_back(*bytes);
    }
    return true;
  }

  /// An unknown core keeps every candidate for a variable latency.
  void readCpu(Contract &contract) const {
    std::optional<uint64_t> at = image.read(model + layout::modelCpu, 8);
    std::string cpu;
    for (uint64_t i = 0; at && i < 64; ++i) {
      std::optional<uint64_t> c = image.read(*at + i, 1);
      if (!c || *c == 0)
        break;
      cpu += char(*c);
    }
    if (cpu.empty() || cpu == "native")
      return;
    Expected<TargetModel> target = lookupTargetModel("x86", cpu);
    if (!target)
      return consumeError(target.takeError());
    contract.variableLatency = target->variableLatency;
    contract.cpuFeatures = target->cpuFeatures;
  }

  const Image &image;
  uint64_t model;
};

/// NAME of each NAME_run_v.
std::vector<std::string> networksIn(const Image &image) {
  std::vector<std::string> names;
  for (const Symbol &symbol : image.functions())
    if (StringRef stem = symbol.name; stem.consume_back("_run_v") && !stem.empty())
      names.push_back(stem.str());
  return names;
}

Contract contractOf(const Image &image, const std::string &name) {
  Contract contract;
  contract.name = name;
  const Symbol *model = image.symbol(name + "_model");
  if (model && ModelReader(image, model->address).read(contract))
    return contract;
  Contract open;
  open.name = name;
  open.sizesKnown = false;
  return open;
}

} // namespace

Expected<Contract> contractFromFile(StringRef path, StringRef name) {
  Expected<std::vector<ElfFile>> files = readElfFiles(path);
  if (!files)
    return files.takeError();
  std::map<std::string, Contract> found;
  for (const ElfFile &file : *files) {
    Expected<std::unique_ptr<Image>> image = Image::create(*file.buffer);
    if (!image)
      return image.takeError();
    for (const std::string &stem : networksIn(**image))
      if (name.empty() || stem == name)
        found.try_emplace(stem, contractOf(**image, stem));
  }
  if (found.empty())
    return createStringError(name.empty() ? "holds no network: no symbol ends in _run_v"
                                          : "holds no network named '" + name.str() + "'");
  if (found.size() > 1)
    return createStringError("holds several networks (" + join(make_first_range(found), ", ") +
                             "); choose one with -name=");
  return std::move(found.begin()->second);
}

} // namespace nnc
