//===- Scaling.cpp - The one requantizer of a sequencer -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/Sequencer/Scaling.h"
#include "nnc/Dataflow/Sequencer/Schedule.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"

namespace nnc::sequencer {

unsigned Interval::signedWidth() const {
  auto bits = [](int64_t v) {
    return 65 - llvm::countl_zero(static_cast<uint64_t>(v < 0 ? ~v : v));
  };
  return std::max(bits(least), bits(most));
}

int64_t Scale::rounding() const {
  if (ties == Ties::Down || shift == 0)
    return 0;
  int64_t half = int64_t(1) << (shift - 1);
  int64_t slack = tieBits > 0 && shift > tieBits ? int64_t(1) << (shift - tieBits - 1) : 0;
  return ties == Ties::Even ? half + slack : half - 1 - slack;
}

int64_t Scale::resultOf(int64_t sum) const {
  int64_t value = sum * multiplier + offset + rounding(), result = value >> shift;
  if (ties == Ties::Down || shift == 0)
    return result;
  unsigned bits = tieBits > 0 ? std::min(tieBits, shift) : shift;
  int64_t all = (int64_t(1) << bits) - 1, rest = (value >> (shift - bits)) & all;
  bool isEven = ties == Ties::Even, isTie = tieRegions >> region(result) & 1;
  if (rest != (isEven ? 0 : all))
    return result;
  // What is added besides half must not carry over what is no tie.
  bool isBelowHalf = bits < shift && ((value >> (shift - bits - 1)) & 1) == 0;
  bool isOdd = result & 1;
  if (isEven)
    return result - (isTie ? isOdd : isBelowHalf);
  return result + (isTie ? !isOdd : bits < shift && !isBelowHalf);
}

namespace {

unsigned bitsOf(int64_t multiplier) { return 64 - llvm::countl_zero<uint64_t>(multiplier); }

/// floor((sum * m + r) / 2^s) stays the same where an even m is halved and r with it, rounded
/// down; with ties only if nothing is lost.
Scale inLowestTerms(Scale scale) {
  bool isDown = scale.ties == Ties::Down;
  while (scale.shift > (isDown ? 0 : 1) && scale.multiplier % 2 == 0 &&
         (isDown || scale.offset % 2 == 0)) {
    scale.multiplier /= 2;
    scale.offset >>= 1;
    --scale.shift;
  }
  return scale;
}

/// The inverse, as far as the multiplier has bits.
Scale raised(Scale scale, unsigned shift, unsigned multiplierBits) {
  unsigned by = std::min(shift - scale.shift, multiplierBits - bitsOf(scale.multiplier));
  scale.multiplier <<= by;
  scale.offset <<= by;
  scale.shift += by;
  return scale;
}

Interval valuesOf(const Scale &scale) {
  auto value = [&](int64_t sum) {
    return sum * scale.multiplier + scale.offset + scale.rounding();
  };
  return {value(scale.sums.least), value(scale.sums.most)};
}

/// Scales in lowest terms, layer by layer.
std::vector<std::vector<Scale>> reducedScales(const Program &program) {
  std::vector<std::vector<Scale>> scales;
  for (const Layer &layer : program.layers) {
    auto &own = scales.emplace_back();
    for (const Scale &scale : layer.scales)
      own.push_back(inLowestTerms(scale));
  }
  return scales;
}

unsigned bitsOfMultipliers(const std::vector<std::vector<Scale>> &scales) {
  int64_t most = 0;
  bool isUnit = true;
  for (const auto &layer : scales)
    for (const Scale &scale : layer) {
      most = std::max(most, scale.multiplier);
      isUnit &= scale.multiplier == 1;
    }
  return isUnit ? 0 : std::max(bitsOf(most), 1u);
}

unsigned greatestShift(const std::vector<std::vector<Scale>> &scales) {
  unsigned most = 0;
  for (const auto &layer : scales)
    for (const Scale &scale : layer)
      most = std::max(most, scale.shift);
  return most;
}

Interval joined(Interval all, Interval more, bool isFirst) {
  return isFirst ? more : all.hull(more);
}

void addLayer(Scaling &scaling, const std::vector<Scale> &scales) {
  std::vector<ScaleWord> words;
  Interval results;
  Ties ties = Ties::Down;
  unsigned tieBits = 0;
  for (const Scale &scale : scales) {
    results = joined(results, scale.results(), words.empty());
    scaling.values =
        joined(scaling.values, valuesOf(scale), scaling.words.empty() && words.empty());
    unsigned place = llvm::lower_bound(scaling.shifts, scale.shift) - scaling.shifts.begin();
    bool hasTies = scale.ties != Ties::Down;
    uint8_t regions = hasTies ? scale.tieRegions : 0;
    words.push_back({scale.multiplier, scale.offset + scale.rounding(), place, regions});
    ties = hasTies ? scale.ties : ties;
    tieBits = hasTies ? scale.tieBits : tieBits;
  }
  bool isOne = llvm::all_of(words, [&](const ScaleWord &w) { return w.shift == words[0].shift; });
  scaling.layerShift.push_back(isOne ? static_cast<int>(scaling.shifts[words[0].shift]) : -1);
  scaling.layerTies.push_back(ties);
  scaling.layerTieBits.push_back(tieBits);
  scaling.results = joined(scaling.results, results, scaling.words.empty());
  scaling.layerResults.push_back(results);
  scaling.words.push_back(std::move(words));
}

unsigned tieRegionBits(const Scaling &scaling) {
  unsigned bits = 0;
  for (const auto &words : scaling.words)
    for (const ScaleWord &word : words) {
      if (word.tieRegions != 0 && word.tieRegions != 0xff)
        return 8;
      bits |= word.tieRegions != words[0].tieRegions;
    }
  return bits;
}

} // namespace

Scaling scaling(const Program &program) {
  auto scales = reducedScales(program);
  Scaling result;
  result.multiplierBits = result.digitBits = bitsOfMultipliers(scales);
  unsigned most = greatestShift(scales);
  for (auto &layer : scales)
    for (Scale &scale : layer) {
      if (result.multiplierBits)
        scale = raised(scale, most, result.multiplierBits);
      result.shifts.push_back(scale.shift);
    }
  llvm::sort(result.shifts);
  result.shifts.erase(llvm::unique(result.shifts), result.shifts.end());

  for (const auto &layer : scales)
    addLayer(result, layer);
  result.tieRegionBits = tieRegionBits(result);
  return result;
}

Scaling balancedScaling(const Program &program) {
  Scaling best = scaling(program);
  if (best.multiplierBits == 0)
    return best;
  constexpr int64_t tolerance = 64;
  int64_t least = schedule(program, best).cycles;
  for (unsigned digit = 1; digit < best.multiplierBits; ++digit) {
    Scaling slower = best;
    slower.digitBits = digit;
    if (schedule(program, slower).cycles <= least + least / tolerance)
      return slower;
  }
  return best;
}

} // namespace nnc::sequencer
