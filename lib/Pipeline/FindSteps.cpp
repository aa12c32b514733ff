//===- FindSteps.cpp - Where results step from one level to the next -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FindSteps.h"

#include "TensorIntegers.h"
#include "dialects/NN/NNOps.h"
#include "nnc/Interpreter/Interpreter.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace mlir;

namespace nnc {

namespace {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

bool isConstant(Value value) { return value.getDefiningOp<nn::ConstantOp>() != nullptr; }

/// The one operand that the op's elements are made of one by one, besides constants; or null.
Value sourceOf(Operation *op) {
  if (!op->hasTrait<nn::Elementwise>() && !isa<nn::ThresholdOp>(op))
    return {};
  SmallVector<Value> sources;
  for (Value operand : op->getOperands())
    if (!isConstant(operand))
      sources.push_back(operand);
  bool alike = sources.size() == 1 &&
               typeOf(sources[0]).getShape() == typeOf(op->getResult(0)).getShape() &&
               isa<IntegerType>(typeOf(sources[0]).getElementType());
  return alike ? sources[0] : Value();
}

/// The search of all channels: intervals whose ends have unlike results are halved.
class Search {
public:
  explicit Search(const StepChain &chain)
      : chain(chain), channels(chain.from), steps(channels.size()), open(channels.size()) {}

  llvm::Expected<std::vector<std::vector<Step>>> run(ArrayRef<Interval> within) {
    std::vector<std::vector<int64_t>> least(channels.size()), most(channels.size());
    for (auto [channel, ends] : llvm::enumerate(within)) {
      least[channel] = {ends.least};
      most[channel] = {ends.most};
    }
    auto low = levels(least), high = levels(most);
    if (!low || !high)
      return llvm::joinErrors(low.takeError(), high.takeError());
    for (auto [channel, ends] : llvm::enumerate(within))
      add(channel, {ends, (*low)[channel][0], (*high)[channel][0]});
    while (llvm::any_of(open, [](auto &waiting) { return !waiting.empty(); }))
      if (llvm::Error error = halve())
        return std::move(error);
    for (std::vector<Step> &own : steps)
      llvm::sort(own, [](const Step &a, const Step &b) { return a.at < b.at; });
    return std::move(steps);
  }

private:
  struct Part {
    Interval ends;
    int64_t low, high; ///< results at the ends
  };

  void add(size_t channel, Part part) {
    if (part.low == part.high)
      return;
    if (part.ends.most - part.ends.least == 1)
      steps[channel].push_back({part.ends.most, part.low, part.high});
    else
      open[channel].push_back(part);
  }

  /// As many intervals at once as a channel has elements.
  llvm::Error halve() {
    std::vector<std::vector<Part>> parts(channels.size());
    std::vector<std::vector<int64_t>> middles(channels.size());
    for (size_t channel = 0; channel < channels.size(); ++channel)
      while (!open[channel].empty() && parts[channel].size() < channels.elements()) {
        Part part = open[channel].back();
        open[channel].pop_back();
        parts[channel].push_back(part);
        middles[channel].push_back(part.ends.least + (part.ends.most - part.ends.least) / 2);
      }
    auto found = levels(middles);
    if (!found)
      return found.takeError();
    for (size_t channel = 0; channel < channels.size(); ++channel)
      for (auto [part, middle, level] :
           llvm::zip_equal(parts[channel], middles[channel], (*found)[channel])) {
        add(channel, {{part.ends.least, middle}, part.low, level});
        add(channel, {{middle, part.ends.most}, level, part.high});
      }
    return llvm::Error::success();
  }

  /// The results of these numbers of each channel.
  llvm::Expected<std::vector<std::vector<int64_t>>>
  levels(const std::vector<std::vector<int64_t>> &numbers) {
    std::vector<int64_t> elements(typeOf(chain.from).getNumElements());
    for (auto [channel, some] : llvm::enumerate(numbers))
      for (auto [n, number] : llvm::enumerate(some))
        elements[channels.element(channel, n)] = number;
    interpreter::Tensor tensor = tensorOf(typeOf(chain.from), elements);
    for (Operation *op : chain.ops) {
      std::vector<interpreter::Tensor> operands;
      for (Value operand : op->getOperands())
        operands.push_back(isConstant(operand)
                               ? interpreter::Tensor::fromElements(
                                     operand.getDefiningOp<nn::ConstantOp>().getValue())
                               : tensor);
      auto results = interpreter::evaluateOp(op, operands);
      if (!results)
        return results.takeError();
      tensor = results->front();
    }
    std::vector<int64_t> results = integersOf(tensor);
    std::vector<std::vector<int64_t>> found(channels.size());
    for (auto [channel, some] : llvm::enumerate(numbers))
      for (size_t n = 0; n < some.size(); ++n)
        found[channel].push_back(results[channels.element(channel, n)]);
    return found;
  }

  const StepChain &chain;
  Channels channels;
  std::vector<std::vector<Step>> steps;
  std::vector<std::vector<Part>> open;
};

struct Point {
  int64_t x, y;
};

/// Of a hull from the left to the right the side above, or below where `side` is -1.
void extend(std::vector<Point> &hull, Point next, int64_t side) {
  auto isInside = [&](const Point &from, const Point &point) {
    return side *
               ((point.x - from.x) * (next.y - from.y) - (point.y - from.y) * (next.x - from.x)) >=
           0;
  };
  while (hull.size() > 1 && isInside(hull[hull.size() - 2], hull.back()))
    hull.pop_back();
  hull.push_back(next);
}

} // namespace

Channels::Channels(Value value) {
  ArrayRef<int64_t> shape = typeOf(value).getShape();
  for (auto [dim, size] : llvm::enumerate(shape))
    (dim > 1 || shape.size() < 2 ? inner : dim == 1 ? count : outer) *= size;
}

Channels Channels::together(Value value) {
  Channels channels(value);
  channels.inner *= channels.count * channels.outer;
  channels.count = channels.outer = 1;
  return channels;
}

StepChain chainBehind(Value value) {
  StepChain chain{value, {}};
  while (Operation *op = chain.from.getDefiningOp()) {
    // A table's results go up and down.
    Value source = isa<nn::LookupOp>(op) ? Value() : sourceOf(op);
    if (!source)
      break;
    chain.ops.push_back(op);
    chain.from = source;
  }
  std::reverse(chain.ops.begin(), chain.ops.end());
  return chain;
}

llvm::Expected<std::vector<std::vector<Step>>> findSteps(const StepChain &chain,
                                                         ArrayRef<Interval> within) {
  return Search(chain).run(within);
}

std::set<int64_t> cornersOf(ArrayRef<Step> steps) {
  if (steps.empty())
    return {};
  int64_t sign = steps.back().result >= steps.front().below ? 1 : -1;
  // The line goes above the numbers of steps, or through them, and below those one before.
  std::vector<Point> reached, missed;
  for (const Step &step : steps) {
    extend(reached, {step.at, sign * step.result}, 1);
    extend(missed, {step.at - 1, sign * step.below + 1}, -1);
  }
  std::set<int64_t> corners;
  for (const std::vector<Point> &hull : {reached, missed})
    for (const Point &corner : hull)
      corners.insert(corner.x);
  return corners;
}

} // namespace nnc
