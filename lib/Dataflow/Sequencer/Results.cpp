//===- Results.cpp - What becomes of sums before they are stored --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Results.h"
#include "FloatScales.h"

#include "llvm/ADT/STLExtras.h"

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

Results::Results(Value value, std::vector<Interval> sums, ArrayRef<int64_t> bias)
    : last(value), sums(std::move(sums)), bias(bias) {
  for (size_t channel = 0; channel < std::max(this->sums.size(), bias.size()); ++channel)
    scales.push_back(
        {1, at(bias, channel), 0, this->sums.size() == 1 ? this->sums[0] : this->sums[channel]});
  range = unbounded();
}

Interval Results::unbounded() const {
  Interval all;
  for (auto [channel, scale] : llvm::enumerate(scales)) {
    Interval own = scale.results();
    all = channel == 0 ? own : all.hull(own);
  }
  return all;
}

Interval Results::reached() const {
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
  isScaled = true;
}

void Results::clampTo(Interval bounds) {
  auto clamped = [&](int64_t v) { return std::clamp(v, bounds.least, bounds.most); };
  range = {clamped(range.least), clamped(range.most)};
  isScaled = true; // what comes now comes after bounds
}

void Results::takeTable(ArrayRef<int32_t> entries) { table.assign(entries.begin(), entries.end()); }

void Results::moveTo(Layer &layer) {
  layer.range = reached(); // bounds that nothing reaches are none
  layer.scales = std::move(scales);
  layer.table = std::move(table);
}

LogicalResult Results::follow(Operation *first) {
  while (table.empty() && (first || last.hasOneUse())) {
    Operation *op = first ? std::exchange(first, nullptr) : *last.user_begin();
    if (isa<nn::RequantizeOp, nn::RescaleOp>(op)) {
      if (isScaled || op->getOperand(0) != last)
        return success();
      if (failed(takeRequantization(op)))
        return failure();
    } else if (isa<nn::ReluOp>(op)) {
      clampTo({0, INT64_MAX});
    } else if (auto clip = dyn_cast<nn::ClipOp>(op)) {
      bool isUnsigned = typeOf(last).getElementType().isUnsignedInteger();
      auto number = [&](TypedAttr bound) {
        const APInt &value = cast<IntegerAttr>(bound).getValue();
        return isUnsigned ? static_cast<int64_t>(value.getZExtValue()) : value.getSExtValue();
      };
      int64_t least = number(clip.getMin()), most = number(clip.getMax());
      clampTo({std::min(least, most), most});
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
// Requantization
//===----------------------------------------------------------------------===//

LogicalResult Results::takeRequantization(Operation *op) {
  auto zeros = constantIntegers(op->getOperands().back());
  std::vector<int64_t> affine = numbersOf(op->getAttr(nn::affineAttr));
  size_t channels = std::max<size_t>({scales.size(), affine.size() / 3, 1});
  auto fits = [&](size_t count) { return count == 1 || count == channels; };
  if (!zeros || !fits(zeros->size()) || !fits(scales.size()) ||
      !fits(typeOf(op->getOperand(1)).getNumElements()))
    return op->emitError("scales and zero points must be constants, one for each output channel");
  while (scales.size() < channels)
    scales.push_back(scales[0]);
  range = rangeOf(typeOf(op->getResult(0)).getElementType());
  isScaled = true;

  auto requantize = dyn_cast<nn::RequantizeOp>(op);
  auto factors = requantize ? constantFloats(requantize.getScale()) : std::nullopt;
  for (auto [channel, scale] : llvm::enumerate(scales)) {
    std::optional<Scale> found;
    int64_t zero = at(*zeros, channel), own = at(bias, channel);
    FloatScale wanted{scale.sums, own, factors ? (*factors)[factors->size() == 1 ? 0 : channel] : 0,
                      zero, range};
    size_t row = affine.size() == 3 ? 0 : channel * 3;
    if (factors)
      found = findShift(wanted);
    if (!found && row < affine.size() && affine[row + 2] >= 0)
      found = Scale{.multiplier = affine[row],
                    .offset = affine[row + 1] + own * affine[row] + (zero << affine[row + 2]),
                    .shift = static_cast<unsigned>(affine[row + 2]),
                    .sums = scale.sums};
    if (!found && factors)
      found = findNearest(wanted);
    if (!found)
      return op->emitError("no multiplication and shift of integers gives its results in channel ")
             << channel;
    scale = *found;
  }
  // One way for ties is enough, and all hardware that there is.
  for (const Scale &scale : scales)
    for (const Scale &other : scales)
      if (scale.ties != Ties::Down && other.ties != Ties::Down &&
          (scale.ties != other.ties || scale.tieBits != other.tieBits))
        return op->emitError("its zero points are even and odd");
  return success();
}

} // namespace nnc::sequencer
