//===- Model.cpp - What is wrong with a model as a whole ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "GraphImporter.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

/// The newest file format we know.
static constexpr int64_t maxIRVersion = 13;
/// Inputs and outputs together.
static constexpr size_t maxPorts = 1024;

static bool isDefaultDomain(StringRef domain) { return domain.empty() || domain == "ai.onnx"; }

/// `; it uses Conv, Relu, …`: which operators a version speaks of.
static std::string operators(const onnx::GraphProto &graph) {
  llvm::SetVector<StringRef> names;
  for (const auto &node : graph.node())
    names.insert(node.op_type());
  std::string text;
  for (StringRef name : names.getArrayRef().take_front(4))
    text += (text.empty() ? "; the model uses " : ", ") + name.str();
  return names.size() > 4 ? text + ", …" : text;
}

bool GraphImporter::checkVersions() {
  std::string uses = operators(graph);
  if (model.ir_version() > maxIRVersion || model.ir_version() < 0)
    return fail(formatv("ir_version is {0}, versions up to {1} are known{2}", model.ir_version(),
                        maxIRVersion, uses));
  std::optional<int64_t> version;
  for (const auto &import : model.opset_import()) {
    if (!isDefaultDomain(import.domain()))
      continue;
    if (version && *version != import.version())
      return fail(formatv("imports opsets {0} and {1} of the same domain{2}", *version,
                          import.version(), uses));
    version = import.version();
  }
  auto isOnnx = [](const auto &node) { return isDefaultDomain(node.domain()); };
  if (!version && llvm::none_of(graph.node(), isOnnx))
    version = maxOpset; // nothing asks for it
  if (!version)
    return fail("imports no opset of the domain ai.onnx" + uses);
  if (*version < minOpset || *version > maxOpset)
    return fail(
        formatv("opset is {0}, supported are {1} to {2}{3}", *version, minOpset, maxOpset, uses),
        "convert the model with onnx.version_converter");
  opset = static_cast<int>(*version);
  return true;
}

bool GraphImporter::addSource(StringRef name, Source source, StringRef what) {
  auto [it, isNew] = sources.try_emplace(name, source);
  if (isNew)
    return true;
  return fail("the name '" + name + "' of " + what + " is already taken by another value");
}

/// Every value has one source; an initializer that is also listed as an input is a constant.
bool GraphImporter::collectNames() {
  bool good = true;
  if (graph.sparse_initializer_size() != 0)
    good = fail("sparse initializers are not supported (initializer '" +
                Twine(graph.sparse_initializer(0).values().name()) + "')");
  for (auto &tensor : *graph.mutable_initializer())
    good &= addSource(tensor.name(), {&tensor, -1, nullptr}, "an initializer");
  llvm::StringSet<> inputs;
  for (const auto &input : graph.input()) {
    if (!inputs.insert(input.name()).second)
      good = fail("the graph has two inputs called '" + Twine(input.name()) + "'");
    auto it = sources.find(input.name());
    if (it != sources.end())
      it->second.input = &input;
    else
      sources[input.name()].input = &input;
  }
  for (int i = 0; i < graph.node_size(); ++i)
    for (const std::string &output : graph.node(i).output())
      if (!output.empty())
        good &= addSource(output, {nullptr, i, nullptr},
                          "an output of node '" + graph.node(i).name() + "'");
  return good;
}

/// Options must speak of values that exist.
bool GraphImporter::checkOptions() {
  bool good = true;
  auto known = [&](StringRef option, StringRef name) {
    if (!sources.contains(name))
      good = fail("-" + option + ": the model has no value '" + name + "'");
  };
  for (const std::string &name : options.inputs)
    known("inputs", name);
  for (const std::string &name : options.outputs)
    known("outputs", name);
  auto isInput = [&](StringRef name) {
    return is_contained(options.inputs, name) || (sources.contains(name) && sources[name].input);
  };
  for (const auto &[name, text] : options.constants)
    if (!isInput(name))
      good = fail("-const: the model has no input '" + Twine(name) + "'");
  for (const auto &[name, shape] : options.inputShapes)
    if (!isInput(name))
      good = fail("-shape: the model has no input '" + Twine(name) + "'");
  for (const auto &[symbol, size] : options.symbols) {
    bool found = false;
    for (const auto *list : {&graph.input(), &graph.value_info()})
      for (const auto &info : *list)
        for (const auto &dim : info.type().tensor_type().shape().dim())
          found |= dim.dim_param() == symbol;
    if (!found)
      good = fail("-shape: no input has a dimension called '" + Twine(symbol) + "'");
  }
  return good;
}

bool GraphImporter::checkPortName(StringRef name, StringRef what) {
  if (json::isUTF8(name))
    return true;
  std::string shown;
  raw_string_ostream os(shown);
  printEscapedString(name, os);
  return fail(what + " '" + shown + "': the name is not UTF-8, as ONNX demands");
}

/// Each is a parameter of NAME_run.
bool GraphImporter::checkPortCount() {
  size_t count = argumentAttributes.size() + outputNames().size();
  return count <= maxPorts ||
         fail(formatv("the network has {0} inputs and outputs, at most {1} make a C function",
                      count, maxPorts),
              "join them, or compile a part: -inputs=… -outputs=…");
}

} // namespace nnc
