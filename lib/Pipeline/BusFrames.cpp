//===- BusFrames.cpp - Tensors as frames on the bus of a core ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "BusFrames.h"

#include "dialects/NN/ElementTypes.h"
#include "nnc/Interpreter/Interpreter.h"

#include <cmath>

using namespace llvm;

namespace nnc {

/// The bits of nn.quantize, whose input was floored; NaN becomes the least number.
static int64_t quantize(float x, const hls::PortTensor &tensor, hls::Range range) {
  auto floored = [](float v) { return std::fabs(v) < 0x1p-125f ? 0 : v; };
  float quotient = floored(floored(x) / static_cast<float>(*tensor.scale));
  auto low = static_cast<float>(range.least - tensor.zeroPoint);
  auto high = static_cast<float>(range.most - tensor.zeroPoint);
  float inside = quotient > low ? quotient : low;
  inside = high > inside ? inside : high;
  return static_cast<int64_t>(interpreter::roundTo(tensor.rounding, inside)) + tensor.zeroPoint;
}

static float dequantize(int64_t q, const hls::PortTensor &tensor) {
  return static_cast<float>(q - tensor.zeroPoint) * static_cast<float>(*tensor.scale);
}

std::vector<int64_t> frameOf(const hls::Bus &bus, ArrayRef<Port> ports, ArrayRef<Tensor> tensors) {
  std::vector<int64_t> frame;
  for (auto [port, tensor, onBus] : zip_equal(ports, tensors, bus.tensors)) {
    Tensor value = elementsOf(port, tensor);
    nn::visitElementType(value.getElementType(), [&, &onBus = onBus](auto zero) {
      using T = decltype(zero);
      ArrayRef<T> elements = value.elements<T>();
      const hls::Range range = bus.rangeOf(onBus);
      for (uint32_t element : onBus.order)
        if (std::is_floating_point_v<T> && onBus.scale)
          frame.push_back(quantize(static_cast<float>(elements[element]), onBus, range));
        else // it is narrower than the type where the network clips its input first
          frame.push_back(
              std::clamp(static_cast<int64_t>(elements[element]), range.least, range.most));
    });
  }
  frame.resize(size_t(bus.beats) * bus.lanes, 0); // lanes that nothing is on
  return frame;
}

/// `elements`, one by one, as `port` has them.
static Tensor packed(const Port &port, const Tensor &elements) {
  if (!port.packed)
    return elements;
  std::string bytes = nn::packSubByte(elements.bytes(), port.packed.getElementType());
  return Tensor(port.type, ArrayRef<char>(bytes.data(), bytes.size()));
}

std::vector<Tensor> tensorsOf(const hls::Bus &bus, ArrayRef<Port> ports, ArrayRef<int64_t> frame) {
  std::vector<Tensor> tensors;
  for (auto [port, onBus] : zip_equal(ports, bus.tensors)) {
    Tensor value(port.packed ? port.packed : port.type);
    nn::visitElementType(value.getElementType(), [&, &onBus = onBus](auto zero) {
      using T = decltype(zero);
      MutableArrayRef<T> elements = value.mutableElements<T>();
      for (auto [element, q] : zip(onBus.order, frame)) {
        bool isFloat = std::is_floating_point_v<T> && onBus.scale;
        elements[element] = isFloat ? static_cast<T>(dequantize(q, onBus)) : static_cast<T>(q);
      }
    });
    frame = frame.drop_front(onBus.order.size());
    tensors.push_back(packed(port, value));
  }
  return tensors;
}

} // namespace nnc
