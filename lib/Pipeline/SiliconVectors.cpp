//===- SiliconVectors.cpp - What a core must answer --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "BusFrames.h"
#include "Describe.h"
#include "Oracle.h"
#include "Silicon.h"
#include "StepCoverage.h"
#include "nnc/Interpreter/Interpreter.h"

#include <random>

using namespace mlir;

namespace nnc {

namespace {

/// Work that is put into vectors: multiplications, and clocks that a simulator takes for each of
/// the testbench's passes.
constexpr int64_t mostMacs = 40'000'000, mostClocks = 300'000;
constexpr int64_t leastFrames = 3, mostFrames = 1024, triedForEach = 16, mostTried = 16384;
/// Of those that are tried, the first ones are by chance, and later one in some.
constexpr int64_t firstByChance = 64, oneByChance = 4;

/// How many frames may be evaluated.
int64_t framesWithin(int64_t macs, const Compilation &c) {
  return macs / std::max<int64_t>(1, countMacs(c.reference.get()));
}

int64_t framesFor(const Compilation &c) {
  if (c.options.vectors > 0)
    return c.options.vectors;
  int64_t clocks = c.silicon->core.interval();
  return std::clamp(std::min(framesWithin(mostMacs, c), mostClocks / clocks), leastFrames,
                    mostFrames);
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

/// Frames for a network, as they come on the bus, and what the interpreter makes of them.
class Vectors {
public:
  explicit Vectors(const Compilation &c)
      : c(c), network(*c.reference.get().getOps<func::FuncOp>().begin()), coverage(network) {}

  llvm::Expected<hls::GoldenVectors> make(int64_t count) {
    // As many are tried as are quickly evaluated, and the best kept.
    int64_t tried =
        std::max(count, std::min({framesWithin(mostMacs, c), triedForEach * count, mostTried}));
    for (int64_t frame = 0; frame < tried; ++frame)
      if (llvm::Error error = add(next(frame)))
        return std::move(error);
    hls::GoldenVectors best;
    for (size_t frame : coverage.bestFrames(count)) {
      best.inputs.push_back(std::move(all.inputs[frame]));
      best.outputs.push_back(std::move(all.outputs[frame]));
    }
    return best;
  }

  /// Of the caller's data.
  llvm::Expected<hls::GoldenVectors> read() {
    std::vector<Port> ports = inputPorts(c);
    llvm::Expected<std::vector<DataSet>> sets =
        loadData(c.options.vectorData, "", ports, {}, c.context);
    if (!sets)
      return llvm::createStringError("-vectors: " + llvm::toString(sets.takeError()));
    for (const DataSet &set : *sets)
      if (llvm::Error error = add(frameOf(c.silicon->core.input, ports, set.inputs)))
        return std::move(error);
    return std::move(all);
  }

private:
  std::vector<int64_t> next(int64_t frame) {
    if (frame < firstByChance)
      return fresh(frame);
    return frame % oneByChance == 0 ? fresh(frame / oneByChance) : varied();
  }

  llvm::Error add(std::vector<int64_t> in) {
    std::vector<int64_t> out;
    std::vector<interpreter::Tensor> inputs;
    size_t at = 0;
    for (auto [i, tensor] : llvm::enumerate(c.silicon->core.input.tensors)) {
      std::vector<int64_t> values(tensor.order.size());
      for (uint32_t element : tensor.order)
        values[element] = in[at++];
      inputs.push_back(tensorOf(cast<RankedTensorType>(network.getArgumentTypes()[i]), values));
    }
    auto observe = [&](Value value, const interpreter::Tensor &tensor) {
      if (coverage.watches(value))
        coverage.observe(value, integersOf(tensor));
    };
    llvm::Expected<std::vector<interpreter::Tensor>> results =
        interpreter::evaluate(network, inputs, observe);
    if (!results)
      return results.takeError();
    coverage.endFrame();
    for (auto [result, tensor] : llvm::zip_equal(*results, c.silicon->core.output.tensors)) {
      std::vector<int64_t> values = integersOf(result);
      for (uint32_t element : tensor.order)
        out.push_back(values[element]);
    }
    all.inputs.push_back(std::move(in));
    all.outputs.push_back(std::move(out));
    return llvm::Error::success();
  }

  std::vector<int64_t> fresh(int64_t frame) {
    std::vector<int64_t> elements;
    for (auto [i, tensor] : llvm::enumerate(c.silicon->core.input.tensors)) {
      SiliconFacts::Range range = rangeOfFrame(random, c.silicon->inputRanges[i], frame);
      for (size_t n = 0; n < tensor.order.size(); ++n)
        elements.push_back(pick(random, range));
    }
    return elements;
  }

  /// Next to a frame that is nearly good: a few elements a few steps away, or anywhere.
  std::vector<int64_t> varied() {
    std::vector<int64_t> elements = all.inputs[coverage.promisingFrame(random)];
    for (int changes = 1 << random() % 3; changes > 0; --changes) {
      size_t at = random() % elements.size(), first = 0, tensor = 0;
      for (; at >= first + c.silicon->core.input.tensors[tensor].order.size(); ++tensor)
        first += c.silicon->core.input.tensors[tensor].order.size();
      auto [least, most] = c.silicon->inputRanges[tensor];
      int64_t step = 1 + int64_t(random() % 4);
      elements[at] = random() % 4 == 0
                         ? pick(random, {least, most})
                         : std::clamp(elements[at] + (random() % 2 ? step : -step), least, most);
    }
    return elements;
  }

  const Compilation &c;
  func::FuncOp network;
  StepCoverage coverage;
  std::mt19937_64 random{1};
  hls::GoldenVectors all;
};

} // namespace

llvm::Expected<hls::GoldenVectors> makeVectors(const Compilation &c) {
  return c.options.vectorData.empty() ? Vectors(c).make(framesFor(c)) : Vectors(c).read();
}

} // namespace nnc
