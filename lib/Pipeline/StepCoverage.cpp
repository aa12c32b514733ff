//===- StepCoverage.cpp - Which frames show where results step -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "StepCoverage.h"

#include "dialects/NN/NNOps.h"

#include "llvm/ADT/STLExtras.h"

#include <queue>

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
  uint32_t channels = 0;
  for (Operation &op : network.getBody().front().without_terminator())
    for (Value result : op.getResults()) {
      if (isa<nn::ConstantOp>(op) || !isNarrow(result))
        continue;
      siteOf[result] = sites.size();
      Value sums = sumsBehind(result);
      if (sums)
        seen[sums];
      sites.push_back({sums, std::vector<Channel>(countChannels(result)), channels});
      channels += sites.back().channels.size();
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
      reach(site, i / inner % site.channels.size(), level, sums[i]);
  }
  if (auto sums = seen.find(value); sums != seen.end())
    sums->second = std::move(elements);
}

void StepCoverage::reach(Site &site, size_t channel, int64_t level, int64_t sum) {
  size_t frame = frames.size() - 1;
  Sum key(site.firstChannel + channel, sum);
  frames.back().push_back(numbers.try_emplace(key, numbers.size()).first->second);
  Reach &reach =
      site.channels[channel].try_emplace(level, Reach{sum, sum, frame, frame}).first->second;
  if (sum < reach.least) {
    reach.least = sum;
    reach.leastFrame = frame;
  }
  if (sum > reach.most) {
    reach.most = sum;
    reach.mostFrame = frame;
  }
}

void StepCoverage::endFrame() {
  llvm::sort(frames.back());
  frames.back().erase(llvm::unique(frames.back()), frames.back().end());
  frames.emplace_back();
}

size_t StepCoverage::promisingFrame(std::mt19937_64 &random) const {
  if (sites.empty())
    return random() % (frames.size() - 1);
  const Site &site = sites[random() % sites.size()];
  const Channel &channel = site.channels[random() % site.channels.size()];
  if (channel.size() < 2 || random() % 4 == 0) {
    const Reach &end = random() % 2 ? channel.begin()->second : channel.rbegin()->second;
    return random() % 2 ? end.leastFrame : end.mostFrame;
  }
  size_t step = 1 + random() % (channel.size() - 1);
  auto upper = std::next(channel.begin(), step), lower = std::prev(upper);
  bool rises = upper->second.least > lower->second.most;
  if (random() % 2)
    return rises ? lower->second.mostFrame : lower->second.leastFrame;
  return rises ? upper->second.leastFrame : upper->second.mostFrame;
}

/// What it is worth to show each sum: much next to a step, little elsewhere.
std::vector<double> StepCoverage::worthOfSums() const {
  constexpr double anySum = 1. / 64;
  std::vector<double> worth(numbers.size(), anySum);
  for (const Site &site : sites)
    for (auto [i, channel] : llvm::enumerate(site.channels)) {
      auto add = [&](int64_t sum, double more) {
        worth[numbers.at({site.firstChannel + uint32_t(i), sum})] += more;
      };
      for (auto lower = channel.begin(); lower != channel.end(); ++lower) {
        auto upper = std::next(lower);
        if (upper == channel.end())
          break;
        // Results rise or fall with sums; the distance is at least 1 then.
        const Reach &a = lower->second, &b = upper->second;
        bool rises = b.least > a.most;
        int64_t distance = rises ? b.least - a.most : a.least - b.most;
        if (distance < 1)
          continue;
        add(rises ? a.most : a.least, 1.0 / static_cast<double>(distance));
        add(rises ? b.least : b.most, 1.0 / static_cast<double>(distance));
      }
    }
  return worth;
}

std::vector<size_t> StepCoverage::bestFrames(size_t count) const {
  std::vector<double> worth = worthOfSums();
  auto take = [&](size_t frame) {
    double sum = 0;
    for (uint32_t number : frames[frame])
      sum += std::exchange(worth[number], 0);
    return sum;
  };
  auto gain = [&](size_t frame) {
    double sum = 0;
    for (uint32_t number : frames[frame])
      sum += worth[number];
    return sum;
  };
  size_t all = frames.size() - 1;
  std::vector<size_t> best;
  for (size_t corner = 0; corner < std::min({size_t(2), count, all}); ++corner) {
    best.push_back(corner);
    take(corner);
  }
  // What a frame adds only becomes less, so an old number that is not the greatest stays so.
  std::priority_queue<std::pair<double, size_t>> open;
  for (size_t frame = best.size(); frame < all; ++frame)
    open.push({gain(frame), frame});
  while (best.size() < count && !open.empty()) {
    auto [old, frame] = open.top();
    open.pop();
    double now = gain(frame);
    if (now < old) {
      open.push({now, frame});
      continue;
    }
    best.push_back(frame);
    take(frame);
  }
  llvm::sort(best);
  return best;
}

} // namespace nnc
