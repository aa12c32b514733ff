//===- StepCoverage.cpp - Which frames show where results step -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "StepCoverage.h"

#include "dialects/NN/NNOps.h"

#include "llvm/ADT/STLExtras.h"

#include <numeric>

using namespace mlir;

namespace nnc {

namespace {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

bool isNarrow(Value value) {
  auto type = dyn_cast<IntegerType>(typeOf(value).getElementType());
  return type && type.getWidth() <= 16;
}

/// What the elements of `value` are made of one by one, back to 32-bit sums; null if to none.
Value sumsBehind(Value value) {
  ArrayRef<int64_t> shape = typeOf(value).getShape();
  while (Operation *op = value.getDefiningOp()) {
    SmallVector<Value> sources;
    for (Value operand : op->getOperands())
      if (!operand.getDefiningOp<nn::ConstantOp>() && typeOf(operand).getShape() == shape)
        sources.push_back(operand);
    if (op->hasTrait<nn::Contraction>() || sources.size() != 1)
      return {};
    value = sources.front();
    if (typeOf(value).getElementType().isInteger(32))
      return value;
  }
  return {};
}

int64_t countChannels(Value value) {
  ArrayRef<int64_t> shape = typeOf(value).getShape();
  return shape.size() < 2 ? 1 : shape[1];
}

} // namespace

StepCoverage::StepCoverage(func::FuncOp network) {
  for (Operation &op : network.getBody().front().without_terminator())
    for (Value result : op.getResults()) {
      if (isa<nn::ConstantOp>(op) || !isNarrow(result))
        continue;
      siteOf[result] = sites.size();
      Value sums = sumsBehind(result);
      if (sums)
        seen[sums];
      sites.push_back({sums, std::vector<Channel>(countChannels(result))});
    }
}

void StepCoverage::observe(Value value, std::vector<int64_t> elements) {
  if (auto at = siteOf.find(value); at != siteOf.end()) {
    Site &site = sites[at->second];
    const std::vector<int64_t> &sums = site.sums ? seen[site.sums] : elements;
    int64_t inner = 1; // elements of a channel that follow each other
    for (int64_t size : typeOf(value).getShape().drop_front(site.channels.size() > 1 ? 2 : 0))
      inner *= size;
    for (auto [i, level] : llvm::enumerate(elements))
      reach(site.channels[i / inner % site.channels.size()], level, sums[i]);
  }
  if (auto sums = seen.find(value); sums != seen.end())
    sums->second = std::move(elements);
}

void StepCoverage::reach(Channel &channel, int64_t level, int64_t sum) {
  auto [at, isFirst] = channel.try_emplace(level, Reach{sum, sum, frame, frame});
  Reach &reach = at->second;
  isNew |= isFirst || sum < reach.least || sum > reach.most;
  if (sum < reach.least) {
    reach.least = sum;
    reach.leastFrame = frame;
  }
  if (sum > reach.most) {
    reach.most = sum;
    reach.mostFrame = frame;
  }
}

bool StepCoverage::endFrame() {
  ++frame;
  return std::exchange(isNew, false);
}

std::vector<size_t> StepCoverage::bestFrames(size_t count) const {
  std::vector<double> score(frame);
  auto addSteps = [&](const Channel &channel) {
    for (auto lower = channel.begin(); lower != channel.end(); ++lower) {
      auto upper = std::next(lower);
      if (upper == channel.end())
        break;
      const Reach &a = lower->second, &b = upper->second;
      // Results rise or fall with sums; the distance is at least 1 then.
      bool rises = b.least > a.most;
      int64_t distance = rises ? b.least - a.most : a.least - b.most;
      if (distance < 1)
        continue;
      score[rises ? a.mostFrame : a.leastFrame] += 1.0 / static_cast<double>(distance);
      score[rises ? b.leastFrame : b.mostFrame] += 1.0 / static_cast<double>(distance);
    }
  };
  for (const Site &site : sites)
    for (const Channel &channel : site.channels)
      addSteps(channel);
  std::vector<size_t> order(frame);
  std::iota(order.begin(), order.end(), 0);
  size_t corners = std::min<size_t>(2, frame);
  std::stable_sort(order.begin() + corners, order.end(),
                   [&](size_t a, size_t b) { return score[a] > score[b]; });
  order.resize(std::min(count, order.size()));
  llvm::sort(order);
  return order;
}

} // namespace nnc
