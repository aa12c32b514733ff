//===- FormComparison.cpp - Two forms of one network, node by node -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FormComparison.h"

#include "nnc/Support/Printable.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace llvm;

namespace nnc {

/// A node's name in all forms: ONNX Runtime's quantizer appends to those that become QOperators.
static StringRef commonName(StringRef node) {
  node.consume_back("_quant");
  return node;
}

static Expected<std::vector<Tensor>> convertInputs(Session &from, Session &to,
                                                   ArrayRef<Tensor> inputs) {
  std::vector<Tensor> converted;
  for (const Port &port : to.inputs()) {
    const auto *source =
        find_if(from.inputs(), [&](const Port &own) { return own.name == port.name; }).base();
    size_t index = source - from.inputs().data();
    if (index == from.inputs().size())
      return createStringError("the other form has an input '" + port.name + "' more");
    Expected<Tensor> tensor = convert(inputs[index], *source, port);
    if (!tensor)
      return tensor.takeError();
    converted.push_back(std::move(*tensor));
  }
  return converted;
}

Error FormComparison::add(const DataSet &set) {
  Expected<std::vector<Layer>> own = network.layers(set.inputs);
  if (!own)
    return own.takeError();
  Expected<std::vector<Tensor>> inputs = convertInputs(network, other, set.inputs);
  if (!inputs)
    return inputs.takeError();
  Expected<std::vector<Layer>> others = other.layers(*inputs);
  if (!others)
    return others.takeError();
  StringMap<Tensor> computed;
  for (const Layer &layer : *others)
    computed[commonName(layer.node)] = layer.value;
  for (const Layer &layer : *own) {
    auto it = computed.find(commonName(layer.node));
    if (it == computed.end() || it->second.getShape() != layer.value.getShape())
      continue;
    auto [row, isNew] = rowOf.try_emplace(commonName(layer.node), rows.size());
    if (isNew)
      rows.emplace_back(row->getKey().str(), QuantizationError());
    QuantizationError &error = rows[row->getValue()].second;
    for (auto [got, exact] : zip_equal(layer.value.elements<float>(), it->second.elements<float>()))
      if (std::isfinite(exact) && std::isfinite(got)) // a network that overflows has no error
        error.add(exact, got);
  }
  return Error::success();
}

Error FormComparison::print(raw_ostream &os) const {
  if (rows.empty())
    return createStringError("the two forms have no node of one name and shape in common");
  os << "  SQNR dB  max |difference|  node\n";
  for (const auto &[node, error] : rows)
    os << format("%9.1f  %16.6g  ", error.sqnr(), error.maxAbsolute) << printable(node) << "\n";
  return Error::success();
}

} // namespace nnc
