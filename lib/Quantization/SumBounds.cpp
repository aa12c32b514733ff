//===- SumBounds.cpp - What the sums of a contraction can reach ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "SumBounds.h"

#include "Constants.h"
#include "dialects/NN/Contractions.h"
#include "dialects/NN/ElementTypes.h"

using namespace mlir;

namespace nnc::quantization {

static IntegerRange hullOf(ArrayRef<IntegerRange> intervals) {
  IntegerRange all = intervals.empty() ? IntegerRange{} : intervals.front();
  for (IntegerRange interval : intervals)
    all = hull(all, interval);
  return all;
}
IntegerRange SumBounds::sums() const { return hullOf(channels); }
IntegerRange SumBounds::partialSums() const { return hullOf(partial); }

namespace {

/// The sums of the weights below and above 0 that meet one result.
struct WeightSums {
  int64_t negative = 0, positive = 0;

  void add(int64_t weight) { (weight < 0 ? negative : positive) += weight; }
};

/// Products of known weights with an input of which each element may be anything in `x`.
IntegerRange sumOf(WeightSums w, IntegerRange x) {
  return {w.positive * x.least + w.negative * x.most, w.positive * x.most + w.negative * x.least};
}

/// Sums of any of the products: those below 0, or those above.
IntegerRange partialSumOf(WeightSums w, IntegerRange x) {
  IntegerRange below{std::min<int64_t>(x.least, 0), std::min<int64_t>(x.most, 0)};
  IntegerRange above{std::max<int64_t>(x.least, 0), std::max<int64_t>(x.most, 0)};
  return {w.positive * below.least + w.negative * above.most,
          w.positive * above.most + w.negative * below.least};
}

/// `count` times anything in `x`.
void addUniform(SumBounds &bounds, int64_t count, IntegerRange x) {
  bounds.channels = {{count * x.least, count * x.most}};
  bounds.partial = {{count * std::min<int64_t>(x.least, 0), count * std::max<int64_t>(x.most, 0)}};
}

/// Per output channel.
std::vector<WeightSums> sumWeights(const interpreter::Tensor &weights, nn::Slices channels) {
  std::vector<WeightSums> sums(channels.count());
  for (auto [i, weight] : llvm::enumerate(integers(weights)))
    sums[channels.of(static_cast<int64_t>(i))].add(weight);
  return sums;
}

/// What the input can be where it is multiplied, the padding included.
IntegerRange inputRange(Operation *contraction, const ValueRanges &ranges) {
  IntegerRange x = ranges.of(contraction->getOperand(0));
  auto conv = dyn_cast<nn::ConvOp>(contraction);
  if (conv && llvm::any_of(conv.getPads(), [](int64_t n) { return n != 0; })) {
    auto padding = static_cast<int64_t>(conv.getPadValue());
    x = hull(x, {padding, padding});
  }
  return x;
}

/// The products of one result, where the weights are known or not.
SumBounds boundProducts(Operation *op, const ValueRanges &ranges) {
  SumBounds bounds;
  RankedTensorType weights = typeOf(op->getOperand(1));
  IntegerRange x = inputRange(op, ranges);
  interpreter::Tensor known = constantValue(ungrouped(op->getOperand(1)));
  if (std::optional<int64_t> channel = nn::channelOfWeights(op); known && channel) {
    bounds.dimension = nn::channelOf(op);
    for (WeightSums sums : sumWeights(known, {weights, channel})) {
      bounds.channels.push_back(sumOf(sums, x));
      bounds.partial.push_back(partialSumOf(sums, x));
    }
    return bounds;
  }
  int64_t outputs = std::max<int64_t>(weights.getDimSize(0), 1);
  int64_t taps = isa<nn::ConvOp>(op) ? weights.getNumElements() / outputs
                                     : typeOf(op->getOperand(0)).getShape().back();
  addUniform(bounds, taps, product(x, ranges.of(op->getOperand(1))));
  return bounds;
}

/// Adds what each sum begins with.
void addBias(SumBounds &bounds, Operation *op, const ValueRanges &ranges) {
  Value bias = op->getOperand(2);
  interpreter::Tensor known = constantValue(ungrouped(bias));
  std::vector<int64_t> values;
  if (known && bounds.dimension >= 0)
    values = integers(known);
  IntegerRange any = values.empty() ? ranges.of(bias) : IntegerRange{};
  for (size_t c = 0; c < bounds.channels.size(); ++c) {
    IntegerRange start = values.empty() ? any : IntegerRange{values[c], values[c]};
    IntegerRange &sums = bounds.channels[c], &partial = bounds.partial[c];
    sums = {sums.least + start.least, sums.most + start.most};
    partial = {partial.least + std::min<int64_t>(start.least, 0),
               partial.most + std::max<int64_t>(start.most, 0)};
  }
}

/// One entry where all are the same: sums of windows, say.
void joinAlike(SumBounds &bounds) {
  if (bounds.dimension < 0 || !llvm::all_equal(bounds.channels) || !llvm::all_equal(bounds.partial))
    return;
  bounds.dimension = -1;
  bounds.channels.resize(std::min<size_t>(bounds.channels.size(), 1));
  bounds.partial.resize(bounds.channels.size());
}

} // namespace

std::optional<SumBounds> boundSums(Operation *op, const ValueRanges &ranges) {
  SumBounds bounds;
  if (auto sum = dyn_cast<nn::ReduceSumOp>(op)) {
    // What was narrow, and has lost a zero point; integers beyond are none that stand for floats.
    constexpr IntegerRange widened{-UINT16_MAX, UINT16_MAX};
    IntegerRange x = ranges.of(sum.getInput());
    if (!typeOf(sum.getResult()).getElementType().isInteger(32) || !widened.contains(x))
      return std::nullopt;
    int64_t results = std::max<int64_t>(typeOf(sum.getResult()).getNumElements(), 1);
    addUniform(bounds, typeOf(sum.getInput()).getNumElements() / results, x);
    return bounds;
  }
  if (!nn::isSumOfProducts(op))
    return std::nullopt;
  bounds = boundProducts(op, ranges);
  if (op->getNumOperands() > 2)
    addBias(bounds, op, ranges);
  joinAlike(bounds);
  return bounds;
}

} // namespace nnc::quantization
