//===- Description.cpp - What files say about a network --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Description.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace nnc::verify {
namespace {

/// The element types of nn_runtime.h.
struct ElementType {
  StringLiteral name;
  unsigned number, bits; ///< those of 4 and 2 bits share bytes
};
constexpr ElementType elementTypes[] = {
    {"float32", 1, 32}, {"uint8", 2, 8},  {"int8", 3, 8},  {"uint16", 4, 16},   {"int16", 5, 16},
    {"int32", 6, 32},   {"int64", 7, 64}, {"bool", 9, 8},  {"float64", 11, 64}, {"uint32", 12, 32},
    {"uint64", 13, 64}, {"uint4", 21, 4}, {"int4", 22, 4}, {"uint2", 25, 2},    {"int2", 26, 2}};

constexpr StringLiteral numbers[] = {"arena_bytes", "arena_align", "stack_bytes", "state_bytes",
                                     "rom_bytes",   "code_bytes",  "rom_crc32c"};
constexpr StringLiteral texts[] = {"name", "target", "cpu", "numeric_spec", "compiler", "build_id"};

/// Elements of a shape; none if it is no shape.
std::optional<int64_t> elementsOf(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t d : shape)
    if (d < 0 || MulOverflow(count, d, count))
      return std::nullopt;
  return count;
}

TensorStatement readTensor(const json::Object &object) {
  TensorStatement tensor;
  if (std::optional<StringRef> name = object.getString("name"))
    tensor.name = name->str();
  if (std::optional<StringRef> dtype = object.getString("dtype"))
    tensor.dtype = dtype->str();
  tensor.bytes = object.getInteger("bytes");
  tensor.scale = static_cast<float>(object.getNumber("scale").value_or(0));
  tensor.zeroPoint = object.getInteger("zero_point").value_or(0);
  const json::Array *shape = object.getArray("shape");
  if (!shape)
    return tensor;
  tensor.shape.emplace();
  for (const json::Value &d : *shape)
    tensor.shape->push_back(d.getAsInteger().value_or(-1));
  tensor.count = elementsOf(*tensor.shape);
  return tensor;
}

/// Why type, shape, count and bytes do not go together; empty if they do.
std::string contradiction(const TensorStatement &t) {
  if (!t.shape)
    return "";
  std::optional<int64_t> count = elementsOf(*t.shape);
  std::string shape = shapeText(*t.shape);
  if (!count)
    return "shape " + shape + " is no shape";
  if (t.count && *t.count != *count)
    return "count is " + std::to_string(*t.count) + ", its shape " + shape + " has " +
           std::to_string(*count);
  if (!t.dtype || !t.bytes)
    return "";
  const auto *type =
      find_if(elementTypes, [&](const ElementType &e) { return e.name == *t.dtype; });
  if (type == std::end(elementTypes))
    return "dtype '" + *t.dtype + "' is unknown";
  int64_t bits = 0;
  bool overflows = MulOverflow<int64_t>(*count, type->bits, bits);
  int64_t bytes = bits / 8 + (bits % 8 != 0);
  if (overflows || bytes != *t.bytes)
    return "bytes is " + std::to_string(*t.bytes) + ", " + *t.dtype + " " + shape + " has " +
           std::to_string(bytes);
  return "";
}

} // namespace

StringRef dtypeName(uint64_t number) {
  const auto *type =
      find_if(elementTypes, [&](const ElementType &e) { return e.number == number; });
  return type == std::end(elementTypes) ? StringRef() : StringRef(type->name);
}

std::string buildIdText(uint64_t id) {
  return utohexstr(id, /*LowerCase=*/true, id > UINT32_MAX ? 0 : 8); // a width would cut it
}

std::string floatText(float value) { return formatv("{0:e8}", value); }

std::string shapeText(ArrayRef<int64_t> shape) {
  return "[" + join(map_range(shape, [](int64_t d) { return std::to_string(d); }), ", ") + "]";
}

void addTensor(Description &description, StringRef list, size_t i, const TensorStatement &tensor) {
  std::string prefix = (list + "[" + Twine(i) + "].").str();
  auto &says = description.says;
  if (tensor.name)
    says[prefix + "name"] = *tensor.name;
  if (tensor.dtype)
    says[prefix + "dtype"] = *tensor.dtype;
  if (tensor.shape) {
    says[prefix + "shape"] = shapeText(*tensor.shape);
    says[prefix + "rank"] = std::to_string(tensor.shape->size());
  }
  if (tensor.count)
    says[prefix + "count"] = std::to_string(*tensor.count);
  if (tensor.bytes)
    says[prefix + "bytes"] = std::to_string(*tensor.bytes);
  says[prefix + "scale"] = floatText(tensor.scale);
  says[prefix + "zero_point"] = std::to_string(tensor.zeroPoint);
  if (std::string what = contradiction(tensor); !what.empty())
    description.contradictions.push_back(prefix + what);
}

Description describeManifest(const json::Object &root) {
  Description description;
  for (StringRef key : numbers)
    if (std::optional<int64_t> value = root.getInteger(key))
      description.says[key.str()] = std::to_string(*value);
  for (StringRef key : texts)
    if (std::optional<StringRef> value = root.getString(key))
      description.says[key.str()] = value->str();
  if (const json::Array *steps = root.getArray("steps"))
    description.says["steps"] = std::to_string(steps->size());
  for (StringRef list : {"inputs", "outputs"}) {
    const json::Array *tensors = root.getArray(list);
    if (!tensors)
      continue;
    description.says[list.str()] = std::to_string(tensors->size());
    for (auto [i, value] : enumerate(*tensors))
      if (const json::Object *object = value.getAsObject())
        addTensor(description, list, i, readTensor(*object));
  }
  return description;
}

Description describeFindings(const Findings &findings) {
  Description description;
  description.says["stack_bytes"] = std::to_string(findings.stackBytes);
  if (findings.isObject) { // linkers put the code of others and padding beside
    description.says["code_bytes"] = std::to_string(findings.codeBytes);
    description.says["rom_bytes"] = std::to_string(findings.romBytes);
  }
  return description;
}

void compare(const Description &stated, StringRef source, const Description &found, StringRef file,
             function_ref<std::string(StringRef field)> spelling,
             std::vector<std::string> &errors) {
  for (const auto &[field, value] : stated.says) {
    std::string spelled = spelling(field);
    if (spelled.empty())
      continue;
    auto other = found.says.find(field);
    if (other != found.says.end() && other->second == value)
      continue;
    bool isMissing = other == found.says.end();
    errors.push_back(file.str() + ": " + spelled + " is " +
                     (isMissing ? "missing" : other->second) + ", " + source.str() + " " + value +
                     (spelled == field ? "" : " (" + field + ")"));
  }
}

} // namespace nnc::verify
