//===- StepCoverage.cpp - Which frames show where results step -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "StepCoverage.h"

#include "TensorIntegers.h"
#include "dialects/NN/NNOps.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <bit>

using namespace mlir;

namespace nnc {

namespace {

IntegerType elementOf(Value value) {
  return dyn_cast<IntegerType>(cast<RankedTensorType>(value.getType()).getElementType());
}

bool isNarrow(Value value) { return elementOf(value) && elementOf(value).getWidth() <= 16; }

/// Whether what is seen of the value is a clip of it, with fewer steps.
bool isClipped(Value value) { return value.hasOneUse() && isa<nn::ClipOp>(*value.user_begin()); }

/// Whether both results of the step look up the same entry, and are for nothing else.
bool isLookedAway(const StepChain &chain, const Step &step) {
  Value result = chain.ops.back()->getResult(0);
  auto lookup = result.hasOneUse() ? dyn_cast<nn::LookupOp>(*result.user_begin()) : nullptr;
  return lookup && lookup.getTable()[step.below & 255] == lookup.getTable()[step.result & 255];
}

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

bool StepCoverage::Aim::isWanted() const {
  constexpr int mostTries = 6;
  return !isShown && tries < mostTries;
}

StepCoverage::StepCoverage(func::FuncOp network, Trace &trace) : trace(trace) {
  for (Operation &op : network.getBody().front().without_terminator()) {
    if (isa<nn::ConstantOp>(op))
      continue;
    for (Value result : op.getResults()) {
      StepChain chain = chainBehind(result);
      if (isNarrow(result) && !isClipped(result) && !chain.ops.empty() && elementOf(chain.from))
        addChain(chain);
    }
    if (op.hasTrait<nn::Contraction>() && isNarrow(op.getOperand(0)))
      addSite(op.getOperand(0), {}, Channels(op.getOperand(0)), {});
    if (auto lookup = dyn_cast<nn::LookupOp>(op)) {
      Value input = lookup.getInput();
      addSite(input, lookup.getResult(), Channels::together(input), lookup.getTable());
      addSite(input, {}, Channels(input), lookup.getTable());
    }
  }
}

void StepCoverage::addSite(Value value, Value changed, Channels layout, ArrayRef<int32_t> table) {
  sites.push_back({value, changed, layout, {}, table.vec()});
  sites.back().channels.resize(layout.size());
}

void StepCoverage::addChain(const StepChain &chain) {
  auto site = llvm::find_if(
      sites, [&](const Site &other) { return other.value == chain.from && !other.chains.empty(); });
  if (site == sites.end()) {
    addSite(chain.from, chain.from, Channels(chain.from), {});
    site = std::prev(sites.end());
  }
  site->chains.push_back(chain);
}

//===----------------------------------------------------------------------===//
// What is wanted
//===----------------------------------------------------------------------===//

llvm::Error StepCoverage::findWanted() {
  for (Site &site : sites)
    if (!site.chains.empty()) {
      if (llvm::Error error = wantSteps(site))
        return error;
    } else if (!site.table.empty() && site.changed) {
      wantEntries(site);
    } else if (!site.table.empty()) {
      wantQuestions(site);
    } else {
      wantEnds(site);
    }
  return llvm::Error::success();
}

llvm::Error StepCoverage::wantSteps(Site &site) {
  Interval all = rangeOf(elementOf(site.value));
  std::vector<Interval> shown, within;
  for (const Channel &channel : site.channels) {
    int64_t least = channel.frames.begin()->first, most = channel.frames.rbegin()->first;
    int64_t more = (most - least) / 2 + 1;
    shown.push_back({least, most});
    within.push_back({std::max(least - more, all.least), std::min(most + more, all.most)});
  }
  for (const StepChain &chain : site.chains) {
    auto steps = findSteps(chain, within);
    if (!steps)
      return steps.takeError();
    for (auto [channel, own, reached] : llvm::zip_equal(site.channels, *steps, shown)) {
      llvm::erase_if(own, [&](const Step &step) { return isLookedAway(chain, step); });
      wantSteps(channel, own, reached);
    }
  }
  return llvm::Error::success();
}

/// Corners first. Those of what was reached may be others than those of all, of which the ends may
/// be out of reach.
void StepCoverage::wantSteps(Channel &channel, ArrayRef<Step> steps, Interval reached) {
  std::set<int64_t> corners = cornersOf(steps);
  corners.merge(
      cornersOf(steps.drop_while([&](const Step &step) { return step.at <= reached.least; })
                    .take_while([&](const Step &step) { return step.at <= reached.most; })));
  for (const Step &step : steps)
    for (auto [number, wrong] : {std::pair(step.at, step.at - 1), {step.at - 1, step.at}}) {
      Aim &aim = channel.aims.try_emplace({number, wrong}, Aim{.isLast = true}).first->second;
      aim.isLast &= !corners.contains(number);
    }
}

/// An entry is wrong by its lowest bit, or by its highest; where it has many bits, by some of those
/// below its highest one.
void StepCoverage::wantEntries(Site &site) {
  Interval all = indicesOf(site.value);
  constexpr int mostBits = 8, apart = 4, lowest = 12;
  for (int64_t number = all.least; number <= all.most; ++number) {
    int32_t entry = site.table[number & 255];
    auto want = [&](int bit) { site.channels[0].aims[{number, entry ^ int32_t(1) << bit}]; };
    int highest = std::max(1, int(std::bit_width(uint32_t(std::abs(entry))))) - 1;
    if (highest < mostBits) {
      want(0);
      want(mostBits - 1);
    } else {
      for (int below = 0; below <= lowest; below += apart)
        want(std::max(0, highest - below));
    }
  }
}

/// Each channel asks for each entry, which others may have shown.
void StepCoverage::wantQuestions(Site &site) {
  Interval all = indicesOf(site.value);
  for (Channel &channel : site.channels)
    for (int64_t number = all.least; number <= all.most; ++number)
      channel.aims[{number, number}].isLast = true;
}

void StepCoverage::wantEnds(Site &site) {
  Interval ends = {INT64_MAX, INT64_MIN};
  for (const Channel &channel : site.channels) {
    ends.least = std::min(ends.least, channel.frames.begin()->first);
    ends.most = std::max(ends.most, channel.frames.rbegin()->first);
  }
  for (Channel &channel : site.channels)
    for (int64_t number : {ends.least, ends.most})
      channel.aims[{number, number}];
}

std::optional<StepCoverage::Target> StepCoverage::chooseTarget(RandomFrames &random) {
  constexpr int mostRounds = 3;
  for (; rounds < mostRounds; ++rounds, wantAgain())
    for (bool isLast : {false, true}) {
      lastOnes = isLast;
      if (std::optional<Target> target = chooseLeft(random, isLast))
        return target;
    }
  return std::nullopt;
}

/// Not everything that is wrong in a layer is seen behind the last one: what could be shown is
/// wanted once more.
void StepCoverage::wantAgain() {
  for (Site &site : sites)
    for (Channel &channel : site.channels)
      for (auto &[key, aim] : channel.aims)
        aim.isShown = false;
}

/// Of what is wanted and not far beyond what was shown: where the ends are of what can be reached,
/// frames tell little by little.
std::optional<StepCoverage::Target> StepCoverage::chooseLeft(RandomFrames &random,
                                                             bool isLast) const {
  std::vector<Target> targets;
  for (auto [s, site] : llvm::enumerate(sites))
    for (auto [c, channel] : llvm::enumerate(site.channels)) {
      int64_t least = channel.frames.begin()->first, most = channel.frames.rbegin()->first;
      int64_t more = (most - least) / 32 + 1;
      for (auto at = channel.aims.lower_bound({least - more, INT64_MIN});
           at != channel.aims.end() && at->first.first <= most + more; ++at)
        if (at->second.isWanted() && at->second.isLast == isLast)
          targets.push_back({s, c, at->first.first, at->first.second});
    }
  if (targets.empty())
    return std::nullopt;
  return targets[random.number(targets.size())];
}

//===----------------------------------------------------------------------===//
// What frames show
//===----------------------------------------------------------------------===//

void StepCoverage::look() {
  for (Site &site : sites)
    site.now = integersOf(trace.at(site.value));
}

/// There are too many of the last ones to ask for more than that they are there.
llvm::Expected<bool> StepCoverage::isSeen(const Site &site, size_t element, int64_t wrong,
                                          bool isLast) {
  if (!site.changed || isLast)
    return true;
  return trace.isSeen(site.changed, element, wrong);
}

/// Of each aim that is wanted an element of the frame at hand that meets it.
std::vector<StepCoverage::Found> StepCoverage::found(bool lastOnes) {
  std::vector<Found> all;
  llvm::DenseSet<const Aim *> known;
  for (Site &site : sites)
    for (auto [element, number] : llvm::enumerate(site.now)) {
      Aims &aims = site.channels[site.layout.ofElement(element)].aims;
      for (auto at = aims.lower_bound({number, INT64_MIN});
           at != aims.end() && at->first.first == number; ++at)
        if (at->second.isWanted() && at->second.isLast <= lastOnes &&
            known.insert(&at->second).second)
          all.push_back({site, element, at->first.second, at->second});
    }
  return all;
}

bool StepCoverage::Worth::isLessThan(const Worth &other) const {
  if (isShown != other.isShown)
    return other.isShown;
  if (std::abs(distance) != std::abs(other.distance))
    return std::abs(distance) > std::abs(other.distance);
  return found < other.found;
}

llvm::Expected<StepCoverage::Worth> StepCoverage::worth(const Target &target, size_t element) {
  Worth worth{false, target.number - numberAt(target, element), found(lastOnes).size()};
  if (worth.distance != 0)
    return worth;
  llvm::Expected<bool> seen =
      isSeen(sites[target.site], element, target.wrong, aimOf(target).isLast);
  if (!seen)
    return seen.takeError();
  worth.isShown = *seen;
  return worth;
}

llvm::Expected<bool> StepCoverage::shows(int64_t most) {
  bool any = false;
  for (const Found &own : found(true)) {
    bool isTooMuch = trace.evaluated() >= most;
    llvm::Expected<bool> seen =
        isTooMuch ? true : isSeen(own.site, own.element, own.wrong, own.aim.isLast);
    if (!seen)
      return seen.takeError();
    own.aim.isShown = *seen;
    any |= *seen;
  }
  return any;
}

void StepCoverage::keep(size_t frame) {
  for (Site &site : sites)
    for (auto [element, number] : llvm::enumerate(site.now))
      site.channels[site.layout.ofElement(element)].frames.try_emplace(number, frame);
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
  const std::map<int64_t, size_t> &frames = sites[target.site].channels[target.channel].frames;
  auto above = frames.lower_bound(target.number);
  if (above == frames.end())
    return std::prev(above)->second;
  if (above == frames.begin())
    return above->second;
  auto below = std::prev(above);
  return above->first - target.number < target.number - below->first ? above->second
                                                                     : below->second;
}

void StepCoverage::tried(const Target &target) {
  Aim &aim = aimOf(target);
  aim.tries += !aim.isShown;
}

} // namespace nnc
