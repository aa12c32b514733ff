//===- SiliconVectors.cpp - What a core must answer --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "BusFrames.h"
#include "Describe.h"
#include "Oracle.h"
#include "RandomFrames.h"
#include "Silicon.h"
#include "StepCoverage.h"
#include "TensorIntegers.h"
#include "nnc/Interpreter/Interpreter.h"

#include <cmath>

using namespace mlir;

namespace nnc {

namespace {

/// Work that is put into vectors: multiplications, and clocks that a simulator takes for each of
/// the testbench's passes.
constexpr int64_t mostMacs = 40'000'000, mostClocks = 300'000;
constexpr int64_t leastFrames = 3, mostFrames = 1024, leastByChance = 64;
/// What is put into the search for good frames: multiplications and frames; and for each that is
/// kept, rounds, frames of a round, and elements that are tried.
constexpr int64_t mostSearchedMacs = 200'000'000, mostTried = 262'144;
constexpr int roundsForEach = 12, roundsOfLast = 3, stepsOfRound = 32;
constexpr size_t mostSlopes = 32;

/// How many frames may be evaluated.
int64_t framesWithin(int64_t macs, const Compilation &c) {
  return macs / std::max<int64_t>(1, countMacs(c.reference.get()));
}

/// How many there are at most.
int64_t framesFor(const Compilation &c) {
  if (c.options.vectors > 0)
    return c.options.vectors;
  int64_t clocks = c.silicon->core.interval();
  return std::clamp(std::min(framesWithin(mostMacs, c), mostClocks / clocks), leastFrames,
                    mostFrames);
}

/// Frames for a network, as they come on the bus, and what the interpreter makes of them.
class Vectors {
public:
  explicit Vectors(const Compilation &c)
      : c(c), network(*c.reference.get().getOps<func::FuncOp>().begin()), trace(network),
        coverage(network, trace), random(*c.silicon) {}

  llvm::Expected<hls::GoldenVectors> make(int64_t count) {
    if (llvm::Error error = addByChance(std::min(count, 2 + count / 8)))
      return std::move(error);
    if (llvm::Error error = search(count - std::min(count / 4, leastByChance)))
      return std::move(error);
    // What was not searched for chance may show. Who asks for a number of frames gets it.
    int64_t more = std::min(count, frames() + std::max(leastByChance, frames() / 2));
    if (llvm::Error error = addByChance(std::max<int64_t>(c.options.vectors, more)))
      return std::move(error);
    return std::move(all);
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
  /// A frame on the way to a target.
  struct Place {
    Frame frame;
    StepCoverage::Worth worth;
  };
  /// How the number at hand goes up with an element of the frame.
  struct Slope {
    size_t element;
    double rise;
  };

  int64_t frames() const { return int64_t(all.inputs.size()); }

  llvm::Error addByChance(int64_t count) {
    while (frames() < count)
      if (llvm::Error error = add(random.fresh(frames())))
        return error;
    return llvm::Error::success();
  }

  llvm::Error add(Frame in) {
    llvm::Expected<Frame> out = evaluate(in);
    if (!out)
      return out.takeError();
    coverage.keep(all.inputs.size());
    all.inputs.push_back(std::move(in));
    all.outputs.push_back(std::move(*out));
    return llvm::Error::success();
  }

  llvm::Error addIfGood(Frame frame, int64_t most) {
    if (llvm::Error error = evaluate(frame).takeError())
      return error;
    llvm::Expected<bool> isGood = coverage.shows(most);
    if (!isGood)
      return isGood.takeError();
    return *isGood ? add(std::move(frame)) : llvm::Error::success();
  }

  /// Looks for frames that show what others do not, until there are `count`.
  llvm::Error search(int64_t count) {
    if (llvm::Error error = coverage.findWanted())
      return error;
    int64_t budget = std::min(framesWithin(mostSearchedMacs, c), mostTried);
    int64_t most = trace.evaluated() + budget;
    for (const Frame &frame : all.inputs) {
      if (llvm::Error error = evaluate(frame).takeError())
        return error;
      if (llvm::Error error = coverage.shows(most - budget / 2).takeError())
        return error;
    }
    while (frames() < count && trace.evaluated() < most) {
      std::optional<StepCoverage::Target> target = coverage.chooseTarget(random);
      if (!target)
        break;
      llvm::Expected<std::vector<Frame>> found = approach(*target);
      if (!found)
        return found.takeError();
      for (Frame &frame : *found)
        if (llvm::Error error = addIfGood(std::move(frame), most))
          return error;
      coverage.tried(*target);
    }
    return llvm::Error::success();
  }

  /// What the network makes of a frame, which `coverage` looks at.
  llvm::Expected<Frame> evaluate(const Frame &in) {
    std::vector<interpreter::Tensor> inputs;
    size_t at = 0;
    for (auto [i, tensor] : llvm::enumerate(c.silicon->core.input.tensors)) {
      Frame values(tensor.order.size());
      for (uint32_t element : tensor.order)
        values[element] = in[at++];
      inputs.push_back(tensorOf(cast<RankedTensorType>(network.getArgumentTypes()[i]), values));
    }
    llvm::Expected<std::vector<interpreter::Tensor>> results = trace.run(inputs);
    if (!results)
      return results.takeError();
    coverage.look();
    Frame out;
    for (auto [result, tensor] : llvm::zip_equal(*results, c.silicon->core.output.tensors)) {
      std::vector<int64_t> values = integersOf(result);
      for (uint32_t element : tensor.order)
        out.push_back(values[element]);
    }
    return out;
  }

  /// The frame that comes closest to the target, and of those that were seen on the way the one
  /// that has most of what else is wanted; that one alone where the target is one of many.
  llvm::Expected<std::vector<Frame>> approach(const StepCoverage::Target &target) {
    Place best{all.inputs[coverage.closestFrame(target)], {}}, richest;
    if (llvm::Error error = evaluate(best.frame).takeError())
      return std::move(error);
    size_t element = coverage.closestElement(target);
    auto visit = [&](Frame frame) -> llvm::Error {
      if (llvm::Error error = evaluate(frame).takeError())
        return error;
      auto worth = coverage.worth(target, element);
      if (!worth)
        return worth.takeError();
      if (worth->found > richest.worth.found)
        richest = {frame, *worth};
      if (!worth->isLessThan(best.worth))
        best = {std::move(frame), *worth};
      return llvm::Error::success();
    };
    for (const Frame &start : {best.frame, random.fresh(frames())})
      if (llvm::Error error = visit(start))
        return std::move(error);
    int least = coverage.isLast(target) ? roundsOfLast : 0; // to have many in one frame
    for (int round = 0; round < (best.worth.isShown ? least : roundsForEach); ++round) {
      llvm::Expected<std::vector<Slope>> slopes = findSlopes(best, target, element);
      if (!slopes)
        return slopes.takeError();
      for (int step = 0; step < stepsOfRound; ++step)
        if (llvm::Error error = visit(slopes->empty() || step % 4 == 3 ? random.varied(best.frame)
                                                                       : moved(best, *slopes)))
          return std::move(error);
    }
    bool isRicher = richest.worth.found > best.worth.found;
    std::vector<Frame> found;
    if (!isRicher || !coverage.isLast(target))
      found.push_back(std::move(best.frame));
    if (isRicher)
      found.push_back(std::move(richest.frame));
    return found;
  }

  /// Of the elements, or some by chance, those that the number depends on. What layers in between
  /// round away makes small steps say little.
  llvm::Expected<std::vector<Slope>>
  findSlopes(const Place &place, const StepCoverage::Target &target, size_t element) {
    std::vector<Slope> slopes;
    size_t size = place.frame.size();
    for (size_t n = 0; n < std::min(size, mostSlopes); ++n) {
      size_t at = size <= mostSlopes ? n : random.number(size);
      auto [least, most] = random.rangeOf(at);
      int64_t step = (most - least + 7) / 8;
      int64_t change = place.frame[at] + step > most ? -step : step;
      Frame frame = place.frame;
      frame[at] += change;
      if (llvm::Error error = evaluate(frame).takeError())
        return std::move(error);
      int64_t number = coverage.numberAt(target, element);
      if (int64_t rise = number - (target.number - place.worth.distance))
        slopes.push_back({at, double(rise) / double(change)});
    }
    return slopes;
  }

  /// Some elements by chance, and others so that the number should be the target's.
  Frame moved(const Place &place, const std::vector<Slope> &slopes) {
    constexpr int attempts = 8, mostByChance = 3;
    Frame best;
    double nearest = std::numeric_limits<double>::max();
    for (int attempt = 0; attempt < attempts && nearest > 0.5; ++attempt) {
      Frame frame = place.frame;
      double left = double(place.worth.distance);
      auto set = [&](const Slope &slope, int64_t value) {
        left -= slope.rise * double(value - frame[slope.element]);
        frame[slope.element] = value;
      };
      auto any = [&]() -> const Slope & { return slopes[random.number(slopes.size())]; };
      for (size_t n = 1 + random.number(mostByChance); n > 0; --n) {
        const Slope &slope = any();
        set(slope, random.pick(slope.element));
      }
      for (size_t n = 0; n < 2 * slopes.size() && std::abs(left) > 0.5; ++n) {
        const Slope &slope = any();
        auto [least, most] = random.rangeOf(slope.element);
        int64_t change = std::llround(left / slope.rise);
        set(slope, std::clamp(frame[slope.element] + change, least, most));
      }
      if (std::abs(left) < nearest) {
        nearest = std::abs(left);
        best = std::move(frame);
      }
    }
    return best;
  }

  const Compilation &c;
  func::FuncOp network;
  Trace trace;
  StepCoverage coverage;
  RandomFrames random;
  hls::GoldenVectors all;
};

} // namespace

llvm::Expected<hls::GoldenVectors> makeVectors(const Compilation &c) {
  return c.options.vectorData.empty() ? Vectors(c).make(framesFor(c)) : Vectors(c).read();
}

} // namespace nnc
