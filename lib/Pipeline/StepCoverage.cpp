//===- StepCoverage.cpp - Which frames show where results step -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "StepCoverage.h"

#include "dialects/NN/NNOps.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace mlir;

namespace nnc {

namespace {

IntegerType elementOf(Value value) {
  return dyn_cast<IntegerType>(cast<RankedTensorType>(value.getType()).getElementType());
}

bool isNarrow(Value value) { return elementOf(value) && elementOf(value).getWidth() <= 16; }

/// Whether what is seen of the value is a clip of it, with fewer steps.
bool isClipped(Value value) { return value.hasOneUse() && isa<nn::ClipOp>(*value.user_begin()); }

/// All numbers of the type.
Interval rangeOf(IntegerType type) {
  unsigned bits = std::min(type.getWidth(), 62U);
  return type.isUnsigned() ? Interval{0, (int64_t(1) << bits) - 1}
                           : Interval{-(int64_t(1) << (bits - 1)), (int64_t(1) << (bits - 1)) - 1};
}

/// The numbers that look up other entries of a table of 256.
Interval indicesOf(Value value) {
  return isNarrow(value) ? rangeOf(elementOf(value)) : Interval{0, 255};
}

} // namespace

StepCoverage::StepCoverage(func::FuncOp network) {
  for (Operation &op : network.getBody().front().without_terminator()) {
    if (isa<nn::ConstantOp>(op))
      continue;
    for (Value result : op.getResults()) {
      StepChain chain = chainBehind(result);
      if (isNarrow(result) && !isClipped(result) && !chain.ops.empty() && elementOf(chain.from))
        siteFor(chain.from).chains.push_back(chain);
    }
    if (op.hasTrait<nn::Contraction>() && isNarrow(op.getOperand(0)))
      siteFor(op.getOperand(0)).isOperand = true;
    if (auto lookup = dyn_cast<nn::LookupOp>(op))
      if (Value index = lookup.getInput(); chainBehind(index).ops.empty())
        siteFor(index).isIndex = true;
  }
}

StepCoverage::Site &StepCoverage::siteFor(Value value) {
  auto [at, isNew] = siteOf.try_emplace(value, sites.size());
  if (isNew) {
    Channels layout(value);
    sites.push_back({value, layout, {}, false, false, std::vector<Channel>(layout.size()), {}});
  }
  return sites[at->second];
}

void StepCoverage::observe(Value value, std::vector<int64_t> elements) {
  sites[siteOf.at(value)].now = std::move(elements);
}

Interval StepCoverage::endsOf(const Site &site) {
  Interval ends = {site.now.front(), site.now.front()};
  for (const Channel &channel : site.channels) {
    ends.least = std::min(ends.least, channel.shown.begin()->first);
    ends.most = std::max(ends.most, channel.shown.rbegin()->first);
  }
  return ends;
}

llvm::Error StepCoverage::findWanted() {
  for (Site &site : sites) {
    Interval all = rangeOf(elementOf(site.value));
    std::vector<Interval> within;
    for (const Channel &channel : site.channels) {
      int64_t least = channel.shown.begin()->first, most = channel.shown.rbegin()->first;
      int64_t more = (most - least) / 2 + 1;
      within.push_back({std::max(least - more, all.least), std::min(most + more, all.most)});
    }
    for (const StepChain &chain : site.chains) {
      auto steps = findSteps(chain, within);
      if (!steps)
        return steps.takeError();
      for (auto [channel, numbers] : llvm::zip_equal(site.channels, *steps))
        for (int64_t number : numbers)
          channel.wanted[number] = 0;
    }
    Interval ends = endsOf(site);
    for (Channel &channel : site.channels) {
      if (site.isOperand)
        channel.wanted[ends.least] = channel.wanted[ends.most] = 0;
      if (site.isIndex)
        for (auto [number, most] = indicesOf(site.value); number <= most; ++number)
          channel.wanted[number] = 0;
      for (auto [number, tries] : channel.wanted)
        channel.all.push_back(number);
      for (auto [number, frame] : channel.shown)
        channel.wanted.erase(number);
    }
  }
  return llvm::Error::success();
}

std::optional<StepCoverage::Target> StepCoverage::chooseTarget(RandomFrames &random) {
  if (std::optional<Target> target = chooseLeft(random))
    return target;
  constexpr int mostRounds = 3;
  if (++rounds == mostRounds)
    return std::nullopt;
  wantAgain();
  return chooseLeft(random);
}

/// What could be shown is wanted once more.
void StepCoverage::wantAgain() {
  for (Site &site : sites)
    for (Channel &channel : site.channels)
      for (int64_t number : channel.all)
        if (channel.shown.contains(number))
          channel.wanted[number] = 0;
}

/// Of what is wanted and not far beyond what was shown: where the ends are of what can be reached,
/// frames tell little by little.
std::optional<StepCoverage::Target> StepCoverage::chooseLeft(RandomFrames &random) const {
  std::vector<Target> targets;
  for (auto [s, site] : llvm::enumerate(sites))
    for (auto [c, channel] : llvm::enumerate(site.channels)) {
      int64_t least = channel.shown.begin()->first, most = channel.shown.rbegin()->first;
      int64_t more = (most - least) / 32 + 1;
      auto end = channel.wanted.upper_bound(most + more);
      for (auto at = channel.wanted.lower_bound(least - more); at != end; ++at)
        targets.push_back({s, c, at->first});
    }
  if (targets.empty())
    return std::nullopt;
  return targets[random.number(targets.size())];
}

double StepCoverage::worth(const Target &target) const {
  std::vector<std::pair<size_t, int64_t>> found;
  size_t first = 0; // the channel's number among those of all sites
  for (const Site &site : sites) {
    for (auto [i, number] : llvm::enumerate(site.now)) {
      size_t channel = site.layout.ofElement(i);
      if (site.channels[channel].wanted.contains(number))
        found.push_back({first + channel, number});
    }
    first += site.channels.size();
  }
  llvm::sort(found);
  size_t count = std::unique(found.begin(), found.end()) - found.begin();
  int64_t distance = std::abs(numberAt(target, closestElement(target)) - target.number);
  constexpr double met = 3; // the others may be met another time
  return double(count) + (distance == 0 ? met : 1.0 / (1.0 + double(distance)));
}

size_t StepCoverage::closestElement(const Target &target) const {
  const Channels &layout = sites[target.site].layout;
  size_t best = layout.element(target.channel, 0);
  auto distance = [&](size_t element) {
    return std::abs(numberAt(target, element) - target.number);
  };
  for (size_t n = 1; n < layout.elements(); ++n)
    if (size_t element = layout.element(target.channel, n); distance(element) < distance(best))
      best = element;
  return best;
}

size_t StepCoverage::closestFrame(const Target &target) const {
  const std::map<int64_t, size_t> &shown = sites[target.site].channels[target.channel].shown;
  auto above = shown.lower_bound(target.number);
  if (above == shown.end())
    return std::prev(above)->second;
  if (above == shown.begin())
    return above->second;
  auto below = std::prev(above);
  return above->first - target.number < target.number - below->first ? above->second
                                                                     : below->second;
}

void StepCoverage::keep(size_t frame) {
  for (Site &site : sites)
    for (auto [i, number] : llvm::enumerate(site.now)) {
      Channel &channel = site.channels[site.layout.ofElement(i)];
      channel.shown.try_emplace(number, frame);
      channel.wanted.erase(number);
    }
}

void StepCoverage::tried(const Target &target) {
  constexpr int mostTries = 3;
  auto &wanted = sites[target.site].channels[target.channel].wanted;
  if (auto at = wanted.find(target.number); at != wanted.end() && ++at->second == mostTries)
    wanted.erase(at);
}

} // namespace nnc
