//===- Results.cpp - What becomes of sums before they are stored --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Results.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>
#include <utility>

using namespace mlir;

namespace nnc::sequencer {

namespace {

int64_t at(ArrayRef<int64_t> numbers, size_t channel) {
  return numbers.empty() ? 0 : numbers.size() == 1 ? numbers[0] : numbers[channel];
}

/// All numbers of a tensor<...xi64>.
std::vector<int64_t> numbersOf(Attribute attribute) {
  auto elements = dyn_cast_or_null<ElementsAttr>(attribute);
  if (!elements)
    return {};
  std::vector<char> bytes = nn::elementBytes(elements);
  std::vector<int64_t> numbers(bytes.size() / sizeof(int64_t));
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char *>(numbers.data()));
  return numbers;
}

} // namespace

Results::Results(LinearTail linear)
    : last(linear.value), taken(linear.ops.begin(), linear.ops.end()), dim(linear.dim) {
  for (auto [sums, factor, offset] : llvm::zip_equal(linear.sums, linear.factors, linear.offsets))
    scales.push_back({.multiplier = factor, .offset = offset, .sums = sums});
  range = unbounded();
}

Interval Results::unbounded() const {
  Interval all;
  for (size_t channel = 0; channel < scales.size(); ++channel) {
    Interval own = counted.empty() ? scales[channel].results() : counted[channel].results();
    all = channel == 0 ? own : all.hull(own);
  }
  return all;
}

Interval Results::reached() const {
  if (!table.empty())
    return {*llvm::min_element(table), *llvm::max_element(table)};
  Interval all = unbounded();
  return {std::clamp(all.least, range.least, range.most),
          std::clamp(all.most, range.least, range.most)};
}

void Results::scaleBy(const Scale &scale, Interval newRange) {
  for (Scale &own : scales) {
    Interval kept = own.sums;
    own = scale;
    own.sums = kept;
  }
  range = newRange;
  isScaled = isStepped = true;
}

void Results::clampTo(Interval bounds) {
  auto clamped = [&](int64_t v) { return std::clamp(v, bounds.least, bounds.most); };
  if (!table.empty()) {
    llvm::transform(table, table.begin(), clamped);
    return;
  }
  range = {clamped(range.least), clamped(range.most)};
  isScaled = true; // what comes now comes after bounds
}

void Results::lookUp(std::vector<int64_t> entries) {
  constexpr size_t unit = 256;
  entries.resize(llvm::alignTo(entries.size(), unit), entries.back());
  table = std::move(entries);
  isScaled = isStepped = true;
}

void Results::takeTable(ArrayRef<int32_t> entries) {
  if (table.empty())
    return lookUp({entries.begin(), entries.end()});
  for (int64_t &entry : table) // one behind the other is one
    entry = entries[entry & 255];
}

/// Steps outside of `range`, which bounds behind take away, are not counted. One is left, which
/// nothing reaches if need be.
static void cutTo(Staircase &stairs, Interval range) {
  auto at = [&](int64_t level) {
    int64_t count = stairs.positions.size();
    return stairs.positions.begin() + std::clamp<int64_t>(level - stairs.first, 0, count);
  };
  std::vector<int64_t> kept(at(range.least), at(range.most));
  if (kept.empty())
    kept.push_back(stairs.sums.most + 1);
  stairs.positions = std::move(kept);
  stairs.first = range.least;
}

void Results::moveTo(Layer &layer) {
  std::vector<int64_t> behind = std::exchange(table, {});
  layer.range = reached(); // bounds that nothing reaches are none
  if (counted.empty()) {
    layer.scales = std::move(scales);
  } else {
    for (Staircase &stairs : counted)
      cutTo(stairs, layer.range);
    layer.counted = counted.front().positions.size();
    layer.countFrom = counted.front().first;
    layer.scales = countingScales(counted);
  }
  layer.table = std::move(behind);
}

LogicalResult Results::follow(Operation *first) {
  while (first || last.hasOneUse()) {
    Operation *op = first ? std::exchange(first, nullptr) : *last.user_begin();
    if (isa<nn::RequantizeOp, nn::RescaleOp>(op)) {
      if (isScaled || op->getOperand(0) != last)
        return success();
      if (failed(takeRequantization(op)))
        return failure();
    } else if (isa<nn::ThresholdOp>(op)) {
      if (isStepped)
        return success();
      if (failed(takeThresholds(op)))
        return failure();
    } else if (isa<nn::CastOp>(op)) {
      if (failed(takeCast(op)))
        return failure();
    } else if (isa<nn::ReluOp>(op)) {
      clampTo({0, INT64_MAX});
    } else if (auto clip = dyn_cast<nn::ClipOp>(op)) {
      clampTo(boundsOf(clip));
    } else if (auto lookup = dyn_cast<nn::LookupOp>(op)) {
      takeTable(lookup.getTable());
    } else {
      return success();
    }
    taken.push_back(op);
    last = op->getResult(0);
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Requantization and thresholds
//===----------------------------------------------------------------------===//

LogicalResult Results::takeRequantization(Operation *op) {
  auto zeros = constantIntegers(op->getOperands().back());
  std::vector<int64_t> affine = numbersOf(op->getAttr(nn::affineAttr));
  size_t channels = std::max<size_t>({scales.size(), affine.size() / 3, 1});
  auto fits = [&](size_t count) { return count == 1 || count == channels; };
  auto isAlong = [&](Value constant) {
    return fits(typeOf(constant).getNumElements()) &&
           variesAlong(constant, typeOf(op->getResult(0)).getShape(), dim);
  };
  if (!zeros || !fits(scales.size()) || !llvm::all_of(op->getOperands().drop_front(), isAlong))
    return op->emitError("scales and zero points must be constants, one for each output channel");
  while (scales.size() < channels)
    scales.push_back(scales[0]);
  auto requantize = dyn_cast<nn::RequantizeOp>(op);
  auto factors = requantize ? constantFloats(requantize.getScale()) : std::nullopt;
  std::vector<FloatScale> wanted;
  Interval bounds = rangeOf(typeOf(op->getResult(0)).getElementType());
  for (auto [channel, scale] : llvm::enumerate(scales)) {
    float factor = factors ? (*factors)[factors->size() == 1 ? 0 : channel] : 0;
    wanted.push_back({scale.results(), 0, factor, at(*zeros, channel), bounds});
  }
  if (takeScales(wanted, affine))
    return success();
  return countResults(wanted, op);
}

/// One way for ties is enough, and all hardware that there is.
static bool haveOneWayForTies(ArrayRef<Scale> scales) {
  for (const Scale &scale : scales)
    for (const Scale &other : scales)
      if (scale.ties != Ties::Down && other.ties != Ties::Down &&
          (scale.ties != other.ties || scale.tieBits != other.tieBits))
        return false;
  return true;
}

/// Each channel by a multiplication and a shift; false, and nothing done, where one has none.
/// `affine` has three numbers for each, or for all.
bool Results::takeScales(ArrayRef<FloatScale> wanted, ArrayRef<int64_t> affine) {
  // Floats are exact about sums, and not about products with constants.
  bool isSum = llvm::all_of(scales, [](const Scale &own) { return own.multiplier == 1; });
  std::vector<Scale> found;
  for (auto [channel, scale] : llvm::enumerate(scales)) {
    FloatScale own = wanted[channel];
    own.sums = scale.sums;
    own.bias = scale.offset;
    size_t row = affine.size() == 3 ? 0 : channel * 3;
    std::optional<Scale> one;
    if (isSum)
      one = findShift(own);
    if (!one && row < affine.size() && affine[row + 2] >= 0)
      one = Scale{.multiplier = affine[row] * scale.multiplier,
                  .offset =
                      affine[row + 1] + own.bias * affine[row] + (own.zeroPoint << affine[row + 2]),
                  .shift = static_cast<unsigned>(affine[row + 2]),
                  .sums = scale.sums};
    if (!one && isSum)
      one = findNearest(own);
    if (!one)
      return false;
    found.push_back(*one);
  }
  range = wanted.front().range;
  if (!haveOneWayForTies(found))
    return false;
  for (Scale &scale : found)
    scale.offset = roundestOffset(scale, range);
  scales = std::move(found);
  isScaled = isStepped = true;
  return true;
}

/// Fails where there are no floats, or more results than are counted.
LogicalResult Results::countResults(std::vector<FloatScale> wanted, Operation *op) {
  constexpr int64_t most = 65535;
  Interval all = {INT64_MAX, INT64_MIN};
  for (auto [channel, own] : llvm::enumerate(wanted)) {
    if (!(own.factor > 0) || !std::isfinite(own.factor))
      return op->emitError("no multiplication and shift of integers gives its results in channel ")
             << channel;
    all = all.hull({own.resultOf(own.sums.least), own.resultOf(own.sums.most)});
  }
  if (all.most - all.least > most)
    return op->emitError("no multiplication and shift of integers gives its results, and ")
           << all.most - all.least + 1 << " are too many to count";
  std::vector<std::vector<int64_t>> rows;
  for (FloatScale &own : wanted) {
    own.range = all;
    rows.push_back(stepsOf(own));
  }
  takeSteps(rows, all.least);
  return success();
}

/// A step of the staircase that stands where `last` reaches `value`: as a sum.
int64_t Results::reachedAt(size_t channel, int64_t value) const {
  const Scale &scale = scales[channel];
  if (value <= range.least)
    return scale.sums.least;
  if (value > range.most)
    return scale.sums.most + 1;
  if (scale.multiplier == 0)
    return scale.offset >= value ? scale.sums.least : scale.sums.most + 1;
  return llvm::divideCeilSigned(value - scale.offset, scale.multiplier);
}

LogicalResult Results::takeThresholds(Operation *op) {
  auto threshold = cast<nn::ThresholdOp>(op);
  auto table = constantIntegers(threshold.getThresholds());
  ArrayRef<int64_t> shape = typeOf(threshold.getThresholds()).getShape();
  size_t rows = shape[0];
  bool isAlong = rows == 1 || static_cast<int64_t>(threshold.getChannel()) == dim;
  if (!table || !isAlong || (rows != 1 && scales.size() != 1 && rows != scales.size()))
    return op->emitError("thresholds must be constants, one row or one for each output channel");
  if (scales.size() == 1)
    scales.resize(rows, scales[0]);
  // What a clip behind takes away anyway is not counted.
  int64_t count = shape[1], least = threshold.getLeast(), from = 0, to = count;
  Value result = threshold.getResult();
  if (auto clip = result.hasOneUse() ? dyn_cast<nn::ClipOp>(*result.user_begin()) : nullptr) {
    Interval bounds = boundsOf(clip);
    from = std::clamp<int64_t>(bounds.least - least, 0, count);
    to = std::clamp<int64_t>(bounds.most - least, from, count);
  }
  std::vector<std::vector<int64_t>> steps;
  for (size_t channel = 0; channel < scales.size(); ++channel) {
    ArrayRef<int64_t> row = ArrayRef(*table).slice(rows == 1 ? 0 : channel * count, count);
    steps.push_back(row.slice(from, to - from).vec());
  }
  takeSteps(steps, least + from);
  return success();
}

/// For each channel the ascending numbers from which on its result is one more than before, the
/// first one being `first`.
void Results::takeSteps(ArrayRef<std::vector<int64_t>> steps, int64_t first) {
  std::vector<Staircase> stairs;
  for (auto [channel, scale] : llvm::enumerate(scales)) {
    Staircase &own = stairs.emplace_back(Staircase{scale.sums, {}, first});
    for (int64_t at : steps[channel])
      own.positions.push_back(reachedAt(channel, at));
  }
  range = {first, first + static_cast<int64_t>(steps.front().size())};
  isScaled = isStepped = true;
  if (auto found = scalesOf(stairs))
    scales = std::move(*found);
  else
    counted = std::move(stairs);
}

/// The same numbers in another type.
LogicalResult Results::takeCast(Operation *op) {
  if (!rangeOf(typeOf(op->getResult(0)).getElementType()).contains(reached()))
    return op->emitError("a sequencer has no layer for '") << op->getName() << "' that wraps";
  return success();
}

} // namespace nnc::sequencer
