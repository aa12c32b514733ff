//===- CoreJson.cpp - A core in NAME.json -------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/HLS/CoreJson.h"

#include "dialects/RTL/RTLOps.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace nnc::hls {

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static void describeBus(const Bus &bus, json::OStream &out) {
  out.attribute("beats", bus.beats);
  out.attribute("lanes", bus.lanes);
  out.attribute("lane_bits", bus.laneBits);
  out.attribute("signed", bus.isSigned);
  if (any_of(bus.tensors, [](const PortTensor &tensor) { return tensor.range.has_value(); }))
    out.attributeArray("ranges", [&] {
      for (const PortTensor &tensor : bus.tensors)
        out.array([&] {
          out.value(bus.rangeOf(tensor).least);
          out.value(bus.rangeOf(tensor).most);
        });
    });
  if (all_of(bus.tensors, [](const PortTensor &tensor) { return tensor.isRowMajor(); }))
    return;
  out.attributeArray("order", [&] {
    for (const PortTensor &tensor : bus.tensors)
      out.array([&] {
        for (uint32_t element : tensor.order)
          out.value(element);
      });
  });
}

void describeCore(const Core &core, json::OStream &out) {
  out.attribute("latency_cycles", core.latency);
  out.attribute("ii_cycles", core.interval());
  out.attribute("in_bits", core.input.width());
  out.attribute("out_bits", core.output.width());
  out.attributeObject("bus", [&] {
    out.attributeObject("in", [&] { describeBus(core.input, out); });
    out.attributeObject("out", [&] { describeBus(core.output, out); });
  });
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {

/// Reads the fields of one object; the first thing wrong is what is told.
class FieldReader {
public:
  FieldReader(const json::Object &object, std::string where)
      : object(object), where(std::move(where)) {}

  unsigned number(StringRef key, unsigned least, unsigned most) {
    std::optional<int64_t> value = object.getInteger(key);
    if (value && *value >= least && *value <= most)
      return *value;
    complain(key, "is no number from " + Twine(least) + " to " + Twine(most));
    return least;
  }

  void complain(StringRef key, const Twine &what) {
    if (problem.empty())
      problem = ("'" + where + key + "' " + what).str();
  }

  const json::Object &object;
  std::string where, problem;
};

constexpr unsigned maxBeats = rtl::maxMemoryDepth, maxClocks = 1u << 30, maxLaneBits = 64;

/// Whether `order` has each number below its size once.
bool isPermutation(ArrayRef<uint32_t> order) {
  std::vector<bool> seen(order.size());
  return all_of(order, [&](uint32_t element) {
    bool good = element < order.size() && !seen[element];
    if (good)
      seen[element] = true;
    return good;
  });
}

std::optional<PortTensor> readTensor(const json::Value &entry) {
  const json::Object *object = entry.getAsObject();
  const json::Array *shape = object ? object->getArray("shape") : nullptr;
  if (!shape)
    return std::nullopt;
  PortTensor tensor;
  tensor.name = object->getString("name").value_or("").str();
  tensor.cName = object->getString("c_name").value_or("").str();
  tensor.dtype = object->getString("dtype").value_or("").str();
  tensor.scale = object->getNumber("scale");
  tensor.zeroPoint = object->getInteger("zero_point").value_or(0);
  tensor.rounding = nn::symbolizeRoundingMode(object->getString("rounding").value_or(""))
                        .value_or(nn::RoundingMode::HalfEven);
  if (const json::Array *nodes = object->getArray("left_to_caller"))
    for (const json::Value &node : *nodes)
      tensor.leftToCaller.push_back(node.getAsString().value_or("").str());
  uint64_t elements = 1;
  for (const json::Value &dim : *shape) {
    int64_t extent = dim.getAsInteger().value_or(0);
    if (extent < 1 || extent > maxBeats || (elements *= extent) > maxBeats)
      return std::nullopt;
    tensor.shape.push_back(extent);
  }
  tensor.order.resize(elements);
  for (auto [i, element] : enumerate(tensor.order))
    element = i;
  return tensor;
}

void readTensors(const json::Object &manifest, StringRef key, FieldReader &reader, Bus &bus) {
  const json::Array *list = manifest.getArray(key);
  const json::Array *orders = reader.object.getArray("order");
  if (!list || list->empty() || (orders && orders->size() != list->size()))
    return reader.complain("order", "does not fit to '" + key + "'");
  uint64_t elements = 0;
  for (auto [i, entry] : enumerate(*list)) {
    std::optional<PortTensor> tensor = readTensor(entry);
    if (!tensor)
      return reader.complain("order", "is that of tensors without a shape");
    if (orders) {
      const json::Array *order = (*orders)[i].getAsArray();
      if (!order || order->size() != tensor->order.size())
        return reader.complain("order", "does not have all elements of a tensor");
      for (auto [element, value] : zip(tensor->order, *order))
        element = value.getAsInteger().value_or(-1);
      if (!isPermutation(tensor->order))
        return reader.complain("order", "does not have each element of a tensor once");
    }
    elements += tensor->order.size();
    bus.tensors.push_back(std::move(*tensor));
  }
  if (elements > uint64_t(bus.beats) * bus.lanes)
    reader.complain("beats", "are too few for all elements");
}

void readRanges(FieldReader &reader, Bus &bus) {
  const json::Array *ranges = reader.object.getArray("ranges");
  if (!ranges)
    return;
  if (ranges->size() != bus.tensors.size())
    return reader.complain("ranges", "is not one for each tensor");
  for (auto [tensor, entry] : zip(bus.tensors, *ranges)) {
    const json::Array *ends = entry.getAsArray();
    auto end = [&](size_t i) { return ends ? (*ends)[i].getAsInteger() : std::nullopt; };
    if (!ends || ends->size() != 2 || !end(0) || !end(1) || *end(0) < bus.least() ||
        *end(1) > bus.most() || *end(0) > *end(1))
      return reader.complain("ranges", "has no two numbers that a lane holds");
    tensor.range = {*end(0), *end(1)};
  }
}

Expected<Bus> readBus(const json::Object &manifest, StringRef side, StringRef tensors) {
  const json::Object *buses = manifest.getObject("bus");
  const json::Object *object = buses ? buses->getObject(side) : nullptr;
  if (!object)
    return createStringError("has no 'bus." + side + "': it describes no core");
  FieldReader reader(*object, ("bus." + side + ".").str());
  Bus bus;
  bus.beats = reader.number("beats", 1, maxBeats);
  bus.lanes = reader.number("lanes", 1, rtl::maxWidth);
  bus.laneBits = reader.number("lane_bits", 1, maxLaneBits);
  bus.isSigned = object->getBoolean("signed").value_or(false);
  if (uint64_t(bus.lanes) * bus.laneBits > rtl::maxWidth)
    reader.complain("lanes", "are too many");
  if (reader.problem.empty())
    readTensors(manifest, tensors, reader, bus);
  if (reader.problem.empty())
    readRanges(reader, bus);
  if (!reader.problem.empty())
    return createStringError(reader.problem);
  return bus;
}

} // namespace

Expected<Core> readCore(const json::Object &manifest) {
  Core core;
  core.name = manifest.getString("name").value_or("").str();
  Expected<Bus> input = readBus(manifest, "in", "inputs");
  if (!input)
    return input.takeError();
  Expected<Bus> output = readBus(manifest, "out", "outputs");
  if (!output)
    return output.takeError();
  core.input = std::move(*input);
  core.output = std::move(*output);
  FieldReader reader(manifest, "");
  core.latency = reader.number("latency_cycles", 0, maxClocks);
  core.pause = reader.number("ii_cycles", core.input.beats, maxClocks) - core.input.beats;
  if (!reader.problem.empty())
    return createStringError(reader.problem);
  return core;
}

} // namespace nnc::hls
