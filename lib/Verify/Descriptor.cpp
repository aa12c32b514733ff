//===- Descriptor.cpp - The contract that a file states itself -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Description.h"
#include "Files.h"

#include "nnc/Support/TargetModel.h"
#include "nnc/Verify/Folder.h"
#include "runtime/nn_runtime.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <cstddef>
#include <map>

using namespace llvm;
using namespace nnc::verify;

namespace nnc {
namespace {

// The struct is the contract; this program is built for machines that lay it out like ours.
static_assert(sizeof(void *) == 8 && sizeof(nn_tensor) == 48 && sizeof(nn_model) == 152);

/// How a field of nn_model is to be read.
struct ModelField {
  StringLiteral name;
  uint64_t offset;
  enum Kind : uint8_t { Number32, Number64, BuildId, Text } kind;
};
constexpr ModelField modelFields[] = {
    {"build_id", offsetof(nn_model, build_id), ModelField::BuildId},
    {"name", offsetof(nn_model, name), ModelField::Text},
    {"target", offsetof(nn_model, target), ModelField::Text},
    {"cpu", offsetof(nn_model, cpu), ModelField::Text},
    {"numeric_spec", offsetof(nn_model, numeric_spec), ModelField::Text},
    {"compiler", offsetof(nn_model, compiler), ModelField::Text},
    {"inputs", offsetof(nn_model, input_count), ModelField::Number32},
    {"outputs", offsetof(nn_model, output_count), ModelField::Number32},
    {"steps", offsetof(nn_model, steps), ModelField::Number32},
    {"arena_align", offsetof(nn_model, arena_align), ModelField::Number32},
    {"arena_bytes", offsetof(nn_model, arena_bytes), ModelField::Number64},
    {"stack_bytes", offsetof(nn_model, stack_bytes), ModelField::Number64},
    {"state_bytes", offsetof(nn_model, state_bytes), ModelField::Number64},
    {"rom_bytes", offsetof(nn_model, rom_bytes), ModelField::Number64},
    {"code_bytes", offsetof(nn_model, code_bytes), ModelField::Number64},
};
constexpr std::pair<StringLiteral, uint64_t> modelFunctions[] = {
    {"run_v", offsetof(nn_model, run_v)},
    {"run_steps", offsetof(nn_model, run_steps)},
    {"selftest", offsetof(nn_model, selftest)},
    {"cpu_ok", offsetof(nn_model, cpu_ok)}};
constexpr uint64_t maxTensors = 1 << 14, maxRank = 64, maxText = 1 << 16;

/// Reads NAME_model.
class ModelReader {
public:
  ModelReader(const Image &image, StringRef network, uint64_t model)
      : image(image), network(network), model(model) {}

  Description read() const {
    Description description;
    if (image.read(model + offsetof(nn_model, abi), 4) != NN_RUNTIME_ABI) {
      description.contradictions.push_back("abi is not " + std::to_string(NN_RUNTIME_ABI));
      return description;
    }
    for (const ModelField &field : modelFields)
      if (std::optional<std::string> value = readField(field))
        description.says[field.name.str()] = *value;
    for (auto [entry, offset] : modelFunctions)
      if (const Symbol *function = image.symbol((network + "_" + entry).str());
          !function || image.read(model + offset, 8) != function->address)
        description.contradictions.push_back(
            (entry + " does not point to " + network + "_" + entry).str());
    readTensors("inputs", offsetof(nn_model, inputs), offsetof(nn_model, input_count), description);
    readTensors("outputs", offsetof(nn_model, outputs), offsetof(nn_model, output_count),
                description);
    return description;
  }

private:
  std::optional<std::string> readField(const ModelField &field) const {
    unsigned size = field.kind == ModelField::Number32 || field.kind == ModelField::BuildId ? 4 : 8;
    std::optional<uint64_t> value = image.read(model + field.offset, size);
    if (!value)
      return std::nullopt;
    switch (field.kind) {
    case ModelField::Text:
      return text(*value);
    case ModelField::BuildId:
      return buildIdText(*value);
    default:
      return std::to_string(*value);
    }
  }

  std::optional<std::string> text(uint64_t at) const {
    std::string out;
    for (uint64_t i = 0; i < maxText; ++i) {
      std::optional<uint64_t> c = image.read(at + i, 1);
      if (!c)
        return std::nullopt;
      if (*c == 0)
        return json::fixUTF8(out);
      out += char(*c);
    }
    return std::nullopt;
  }

  void readTensors(StringRef list, uint64_t firstAt, uint64_t countAt,
                   Description &description) const {
    std::optional<uint64_t> first = image.read(model + firstAt, 8);
    std::optional<uint64_t> number = image.read(model + countAt, 4);
    if (!first || !number || *number > maxTensors)
      return;
    for (uint64_t i = 0; i < *number; ++i)
      addTensor(description, list, i, readTensor(*first + i * sizeof(nn_tensor)));
  }

  TensorStatement readTensor(uint64_t at) const {
    TensorStatement tensor;
    if (std::optional<uint64_t> name = image.read(at + offsetof(nn_tensor, name), 8))
      tensor.name = text(*name);
    if (std::optional<uint64_t> dtype = image.read(at + offsetof(nn_tensor, dtype), 4);
        dtype && !dtypeName(*dtype).empty())
      tensor.dtype = dtypeName(*dtype).str();
    tensor.count = image.read(at + offsetof(nn_tensor, count), 8);
    tensor.bytes = image.read(at + offsetof(nn_tensor, bytes), 8);
    if (std::optional<uint64_t> scale = image.read(at + offsetof(nn_tensor, scale), 4))
      tensor.scale = bit_cast<float>(static_cast<uint32_t>(*scale));
    if (std::optional<uint64_t> zero = image.read(at + offsetof(nn_tensor, zero_point), 4))
      tensor.zeroPoint = static_cast<int32_t>(*zero);
    std::optional<uint64_t> shape = image.read(at + offsetof(nn_tensor, shape), 8),
                            rank = image.read(at + offsetof(nn_tensor, rank), 4);
    if (!shape || !rank || *rank > maxRank)
      return tensor;
    std::vector<int64_t> dims;
    for (uint64_t i = 0; i < *rank; ++i)
      if (std::optional<uint64_t> d = image.read(*shape + 8 * i, 8))
        dims.push_back(*d);
    if (dims.size() == *rank)
      tensor.shape = std::move(dims);
    return tensor;
  }

  const Image &image;
  StringRef network;
  uint64_t model;
};

std::optional<int64_t> numberIn(const Description &description, const std::string &field) {
  auto it = description.says.find(field);
  int64_t number = 0;
  if (it == description.says.end() || StringRef(it->second).getAsInteger(10, number) || number < 0)
    return std::nullopt;
  return number;
}

/// False if a size is not there.
bool readSizes(const Description &model, const std::string &list, std::vector<int64_t> &sizes) {
  std::optional<int64_t> count = numberIn(model, list);
  if (!count || uint64_t(*count) > maxTensors)
    return false;
  for (int64_t i = 0; i < *count; ++i) {
    std::optional<int64_t> bytes = numberIn(model, list + "[" + std::to_string(i) + "].bytes");
    if (!bytes)
      return false;
    sizes.push_back(*bytes);
  }
  return true;
}

/// An unknown core keeps every candidate for a variable latency.
void readCpu(const Description &model, Contract &contract) {
  auto cpu = model.says.find("cpu");
  if (cpu == model.says.end() || cpu->second == "native")
    return;
  Expected<TargetModel> target = lookupTargetModel("x86", cpu->second);
  if (!target)
    return consumeError(target.takeError());
  contract.setCore(*target);
}

/// NAME of each NAME_run_v.
std::vector<std::string> networksIn(const Image &image) {
  std::vector<std::string> names;
  for (const Symbol &symbol : image.functions())
    if (StringRef stem = symbol.name; stem.consume_back("_run_v") && !stem.empty())
      names.push_back(stem.str());
  return names;
}

Contract contractOf(const Image &image, const std::string &name) {
  Contract contract, open;
  contract.name = open.name = name;
  open.sizesKnown = false;
  Description model = describeModel(image, name);
  std::optional<int64_t> arena = numberIn(model, "arena_bytes"),
                         state = numberIn(model, "state_bytes");
  if (!arena || !state || !readSizes(model, "inputs", contract.inputBytes) ||
      !readSizes(model, "outputs", contract.outputBytes))
    return open;
  contract.arenaBytes = *arena;
  contract.stateBytes = *state;
  readCpu(model, contract);
  return contract;
}

} // namespace

Description verify::describeModel(const Image &image, StringRef name) {
  const Symbol *model = image.symbol((name + "_model").str());
  return model ? ModelReader(image, name, model->address).read() : Description();
}

std::string verify::modelSpelling(StringRef name, StringRef field) {
  return field == "rom_crc32c" ? "" : (name + "_model." + field).str();
}

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
