//===- SiliconVectors.cpp - What a core must answer --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Describe.h"
#include "Silicon.h"
#include "nnc/Interpreter/Interpreter.h"

#include <random>

using namespace mlir;

namespace nnc {

namespace {

/// Work that is put into vectors: multiplications, and clocks that a simulator takes for each of
/// the testbench's passes.
constexpr int64_t mostMacs = 40'000'000, mostClocks = 100'000;
constexpr int64_t leastFrames = 3, mostFrames = 512;

int64_t framesFor(const Compilation &c) {
  if (c.options.vectors > 0)
    return c.options.vectors;
  int64_t macs = 1;
  c.reference.get()->walk([&](Operation *op) { macs += countMacs(op); });
  int64_t clocks = c.silicon->core.interval();
  return std::clamp(std::min(mostMacs / macs, mostClocks / clocks), leastFrames, mostFrames);
}

int64_t uniform(std::mt19937_64 &random, SiliconFacts::Range range) {
  uint64_t size = uint64_t(range.most - range.least) + 1;
  return range.least + int64_t(random() % size);
}

/// Where the elements of a frame are. The first frames are the ends. Of the others every second has
/// a part of the range for itself: the sums of independent numbers are all about the same, and
/// would reach few of the steps behind them.
SiliconFacts::Range rangeOfFrame(std::mt19937_64 &random, SiliconFacts::Range range,
                                 int64_t frame) {
  if (frame == 0)
    return {range.least, range.least};
  if (frame == 1)
    return {range.most, range.most};
  if (frame % 2 == 0)
    return range;
  auto [least, most] = std::minmax({uniform(random, range), uniform(random, range)});
  return {least, most};
}

/// A number of the range; ends, zero and its neighbours come often.
int64_t pick(std::mt19937_64 &random, SiliconFacts::Range range) {
  switch (random() % 8) {
  case 0:
    return random() % 2 ? range.least : range.most;
  case 1:
    return std::clamp<int64_t>(int64_t(random() % 3) - 1, range.least, range.most);
  default:
    return uniform(random, range);
  }
}

/// The tensor whose elements are these integers.
interpreter::Tensor tensorOf(RankedTensorType type, ArrayRef<int64_t> values) {
  interpreter::Tensor tensor(type);
  int64_t size = tensor.getElementSize();
  char *to = tensor.mutableBytes().data();
  for (int64_t value : values) {
    std::memcpy(to, &value, size); // little endian, as all of this compiler's hosts
    to += size;
  }
  return tensor;
}

std::vector<int64_t> integersOf(const interpreter::Tensor &tensor) {
  std::vector<int64_t> values;
  unsigned bits = 8 * unsigned(tensor.getElementSize());
  bool isUnsigned = tensor.getElementType().isUnsignedInteger();
  for (const char *at = tensor.bytes().begin(); at != tensor.bytes().end();
       at += tensor.getElementSize()) {
    uint64_t value = 0;
    std::memcpy(&value, at, tensor.getElementSize());
    value <<= 64 - bits;
    values.push_back(isUnsigned ? int64_t(value >> (64 - bits)) : int64_t(value) >> (64 - bits));
  }
  return values;
}

} // namespace

llvm::Expected<hls::GoldenVectors> makeVectors(const Compilation &c) {
  func::FuncOp network = *c.reference.get().getOps<func::FuncOp>().begin();
  const hls::Core &core = c.silicon->core;
  hls::GoldenVectors vectors;
  std::mt19937_64 random(1);
  for (int64_t frame = 0, frames = framesFor(c); frame < frames; ++frame) {
    std::vector<int64_t> in, out;
    std::vector<interpreter::Tensor> inputs;
    for (auto [i, tensor] : llvm::enumerate(core.input.tensors)) {
      std::vector<int64_t> values(tensor.order.size());
      SiliconFacts::Range range = rangeOfFrame(random, c.silicon->inputRanges[i], frame);
      for (uint32_t element : tensor.order) {
        values[element] = pick(random, range);
        in.push_back(values[element]);
      }
      inputs.push_back(tensorOf(cast<RankedTensorType>(network.getArgumentTypes()[i]), values));
    }
    llvm::Expected<std::vector<interpreter::Tensor>> results =
        interpreter::evaluate(network, inputs);
    if (!results)
      return results.takeError();
    for (auto [result, tensor] : llvm::zip_equal(*results, core.output.tensors)) {
      std::vector<int64_t> values = integersOf(result);
      for (uint32_t element : tensor.order)
        out.push_back(values[element]);
    }
    vectors.inputs.push_back(std::move(in));
    vectors.outputs.push_back(std::move(out));
  }
  return vectors;
}

} // namespace nnc
