//===- StepFunction.cpp - What becomes of a sum, channel by channel ----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "StepFunction.h"

#include "../Constants.h"
#include "../Prove/Requantization.h"
#include "dialects/NN/FloatIsland.h"

#include <cmath>

using namespace mlir;

namespace nnc::quantization {

static bool mapsElements(Operation *op) {
  return op->hasTrait<nn::Elementwise>() || isa<nn::ThresholdOp>(op);
}

StepFunction::StepFunction(Operation *result, const llvm::DenseSet<Value> &runTime)
    : result(result), runTime(runTime) {
  nn::FloatIsland island(result, [&](OpOperand &read) {
    return !mapsElements(read.getOwner()) || !runTime.contains(read.get()) || !isFloat(read.get());
  });
  for (Operation *op : island.ops())
    if (why.empty())
      visit(op);
  if (why.empty() && !from)
    why = "it depends on no integers";
  if (!why.empty())
    return;
  ops = island.inBlockOrder();
  for (Operation *op : ops)
    for (Value operand : op->getOperands())
      if (!runTime.contains(operand))
        constants[operand] = constantValue(operand);
}

int64_t StepFunction::channels() const {
  return channel < 0 ? 1 : typeOf(from).getDimSize(channel);
}

void StepFunction::visit(Operation *op) {
  if (!mapsElements(op)) {
    why = nn::quotedName(op) + (op->hasTrait<nn::Contraction>()
                                    ? " sums floats: quantize both its operands"
                                : op->hasTrait<nn::Reduction>() || isa<nn::AveragePoolOp>(op)
                                    ? " sums floats, which are rounded: quantize its result at "
                                      "once, or its operand on a grid whose scale is a power of two"
                                    : " is not elementwise");
    return;
  }
  for (Value operand : op->getOperands()) {
    if (!runTime.contains(operand)) {
      if (!isa<nn::ThresholdOp>(op))
        checkConstant(op, operand);
      continue;
    }
    if (isFloat(operand)) {
      if (!operand.getDefiningOp())
        why = nn::quotedName(op) + " reads a float input of the network";
      continue;
    }
    if (typeOf(operand).getElementType().isInteger(1))
      why = nn::quotedName(op) + " reads booleans";
    else if (from && from != operand)
      why = "it depends on several tensors of integers", isOfSeveral = true;
    else
      from = operand;
  }
  if (auto threshold = dyn_cast<nn::ThresholdOp>(op); threshold && why.empty()) {
    int64_t rows = typeOf(threshold.getThresholds()).getDimSize(0);
    if (rows != 1 && channel >= 0 && channel != int64_t(threshold.getChannel()))
      why = nn::quotedName(op) + " has constants that vary along several dimensions";
    else if (rows != 1)
      channel = threshold.getChannel();
  }
  if (why.empty() && from && typeOf(from).getShape() != typeOf(result->getResult(0)).getShape())
    why = "the result has another shape";
}

/// One number, or one for each index of the one dimension that constants vary along.
void StepFunction::checkConstant(Operation *op, Value operand) {
  auto type = typeOf(operand);
  int64_t behind = typeOf(result->getResult(0)).getRank() - type.getRank();
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    if (type.getDimSize(dim) == 1)
      continue;
    if (channel >= 0 && channel != dim + behind)
      why = nn::quotedName(op) + " has constants that vary along several dimensions";
    channel = dim + behind;
  }
}

interpreter::Tensor
StepFunction::resultAt(ArrayRef<int64_t> values, int64_t samples,
                       llvm::function_ref<void(const interpreter::Tensor &)> visit) const {
  // Samples stand along a dimension of their own in front; constants broadcast past it.
  SmallVector<int64_t> shape(typeOf(from).getRank() + 1, 1);
  shape[0] = samples;
  if (channel >= 0)
    shape[channel + 1] = channels();
  Tensors outside = constants;
  outside[from] = integerTensor(shape, typeOf(from).getElementType(), values);
  return evaluateChain(ops, std::move(outside), shape, visit);
}

std::optional<std::vector<int64_t>> StepFunction::evaluate(ArrayRef<int64_t> values,
                                                           int64_t samples) const {
  interpreter::Tensor results = resultAt(values, samples);
  return results ? std::optional(integers(results)) : std::nullopt;
}

bool StepFunction::isFinite(ArrayRef<int64_t> values) const {
  bool areFinite = true;
  interpreter::Tensor results = resultAt(values, 1, [&](const interpreter::Tensor &x) {
    if (x.getElementType().isF32())
      areFinite &= llvm::all_of(x.elements<float>(), [](float v) { return std::isfinite(v); });
  });
  return results && areFinite;
}

/// A constant in a channel; no number if it is no float.
static float numberOf(Value constant, int64_t channel) {
  interpreter::Tensor tensor = constantValue(constant);
  if (!tensor || !tensor.getElementType().isF32())
    return NAN;
  return tensor.elements<float>()[tensor.getNumElements() == 1 ? 0 : channel];
}

/// The sign of a constant in a channel; 0 also for no number.
static int signOf(Value constant, int64_t channel) {
  float number = numberOf(constant, channel);
  return number > 0 ? 1 : number < 0 ? -1 : 0;
}

/// Of sums as they are; of what became of them the range is not known here.
bool StepFunction::isRising(nn::RescaleOp op, int64_t c, IntegerRange reached) const {
  auto at = [&](Value constant) {
    std::vector<int64_t> numbers = integers(constantValue(constant));
    return numbers[numbers.size() == 1 ? 0 : c];
  };
  if (op.getInput() != from)
    return false;
  FixedScale scale{at(op.getMultiplier()), static_cast<int>(at(op.getShift())), op.getRounding()};
  return quantization::isRising(
      Channel{.sums = reached, .scale = 1.0f, .levels = {}, .fixed = scale});
}

int StepFunction::direction(Operation *op, int64_t c, IntegerRange reached, int before) const {
  bool first = op->getNumOperands() && runTime.contains(op->getOperand(0));
  if (isa<nn::ReluOp, nn::ClipOp, nn::Floor0Op, nn::ThresholdOp, nn::AddOp, nn::MinOp, nn::MaxOp>(
          op))
    return before;
  if (isa<nn::QuantizeOp, nn::DequantizeOp, nn::RequantizeOp>(op))
    return before * signOf(op->getOperand(1), c);
  if (auto rescale = dyn_cast<nn::RescaleOp>(op)) // it may wrap
    return isRising(rescale, c, reached) ? before : 0;
  if (isa<nn::SubOp>(op))
    return first ? before : -before;
  if (isa<nn::MulOp>(op)) {
    Value factor = op->getOperand(first ? 1 : 0);
    return numberOf(factor, c) == 0 ? before : before * signOf(factor, c); // by 0 it is constant
  }
  if (isa<nn::DivOp>(op) && first)
    return before * signOf(op->getOperand(1), c);
  if (isa<nn::NegOp>(op))
    return -before;
  if (auto leaky = dyn_cast<nn::LeakyReluOp>(op))
    return leaky.getAlpha().convertToFloat() >= 0 ? before : 0;
  if (auto cast = dyn_cast<nn::CastOp>(op)) // narrower integers wrap
    return isFloat(cast.getResult()) || typeOf(cast.getResult()).getElementType().isInteger(32)
               ? before
               : 0;
  return 0;
}

std::vector<int> StepFunction::directions(ArrayRef<IntegerRange> reached) const {
  std::vector<int> result(channels(), 1);
  for (Operation *op : ops) {
    int reads = llvm::count_if(op->getOperands(), [&](Value v) { return runTime.contains(v); });
    for (auto [c, direction] : llvm::enumerate(result))
      direction = reads == 1 ? this->direction(op, c, reached[c], direction) : 0;
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

namespace {

class StepFinder {
public:
  StepFinder(const StepFunction &function, ArrayRef<IntegerRange> reached, int64_t mostLevels)
      : function(function), reached(reached), mostLevels(mostLevels), count(reached.size()) {}

  std::optional<std::vector<Steps>> run(std::string &why) {
    std::vector<int> directions = function.directions(reached);
    auto first = function.evaluate(ends(&IntegerRange::least), 1);
    auto last = function.evaluate(ends(&IntegerRange::most), 1);
    if (!first || !last)
      return why = "it has no value", std::nullopt;
    if (llvm::is_contained(directions, 0) || !staysFinite()) {
      if (!checkAll(directions, *first, *last, why))
        return std::nullopt;
    }
    std::vector<Steps> steps(count);
    int64_t levels = 0;
    for (int64_t c = 0; c < count; ++c) {
      steps[c].falls = directions[c] < 0;
      auto [least, most] = std::minmax((*first)[c], (*last)[c]);
      steps[c].least = least;
      levels = std::max(levels, most - steps[c].least);
      if (levels > mostLevels)
        return why = "it takes more than " + std::to_string(mostLevels) + " levels", std::nullopt;
      steps[c].positions.resize(most - steps[c].least);
    }
    if (!bisect(steps, levels))
      return why = "it has no value", std::nullopt;
    return steps;
  }

private:
  std::vector<int64_t> ends(int64_t IntegerRange::*end) const {
    std::vector<int64_t> values;
    for (IntegerRange interval : reached)
      values.push_back(interval.*end);
    return values;
  }

  /// What rises or falls is within its ends. Infinite floats might become no numbers.
  bool staysFinite() const {
    return function.isFinite(ends(&IntegerRange::least)) &&
           function.isFinite(ends(&IntegerRange::most));
  }

  /// Where ops do not tell, all integers do, if they are few.
  bool checkAll(std::vector<int> &directions, ArrayRef<int64_t> first, ArrayRef<int64_t> last,
                std::string &why) {
    constexpr int64_t mostSamples = 1 << 17;
    int64_t samples = 0;
    for (IntegerRange interval : reached)
      samples = std::max(samples, interval.most - interval.least + 1);
    if (samples > mostSamples || samples * count > mostSamples * 16) {
      why = "it is not known to rise with its sums, which are too many to look at";
      return false;
    }
    std::vector<int64_t> values;
    for (int64_t i = 0; i < samples; ++i)
      for (IntegerRange interval : reached)
        values.push_back(std::min(interval.least + i, interval.most));
    auto results = function.evaluate(values, samples);
    if (!results)
      return why = "it has no value", false;
    for (int64_t c = 0; c < count; ++c) {
      int direction = last[c] >= first[c] ? 1 : -1;
      for (int64_t i = 1; i < samples; ++i)
        if (direction * ((*results)[i * count + c] - (*results)[(i - 1) * count + c]) < 0) {
          why = "it neither rises nor falls with its sums";
          return false;
        }
      directions[c] = direction;
    }
    return true;
  }

  /// All steps of all channels at once: the least of the integers, or of the negated ones, at which
  /// a level is reached.
  bool bisect(std::vector<Steps> &steps, int64_t levels) {
    std::vector<IntegerRange> open(levels * count);
    auto at = [&](int64_t level, int64_t c) -> IntegerRange & { return open[level * count + c]; };
    for (int64_t level = 0; level < levels; ++level)
      for (int64_t c = 0; c < count; ++c)
        at(level, c) =
            steps[c].falls ? IntegerRange{-reached[c].most, -reached[c].least} : reached[c];
    bool going = levels > 0;
    while (going) {
      std::vector<int64_t> values;
      for (int64_t i = 0; i < levels * count; ++i) {
        int64_t middle = open[i].least + (open[i].most - open[i].least) / 2;
        values.push_back(steps[i % count].falls ? -middle : middle);
      }
      auto results = function.evaluate(values, levels);
      if (!results)
        return false;
      going = false;
      for (int64_t i = 0; i < levels * count; ++i) {
        if (open[i].least == open[i].most)
          continue;
        int64_t middle = open[i].least + (open[i].most - open[i].least) / 2;
        bool isReached = (*results)[i] > steps[i % count].least + i / count;
        (isReached ? open[i].most : open[i].least) = isReached ? middle : middle + 1;
        going |= open[i].least < open[i].most;
      }
    }
    for (int64_t c = 0; c < count; ++c)
      for (auto [level, position] : llvm::enumerate(steps[c].positions))
        position = at(level, c).least;
    return true;
  }

  const StepFunction &function;
  ArrayRef<IntegerRange> reached;
  int64_t mostLevels, count;
};

} // namespace

std::optional<std::vector<Steps>> findSteps(const StepFunction &function,
                                            ArrayRef<IntegerRange> reached, int64_t mostLevels,
                                            std::string &why) {
  return StepFinder(function, reached, mostLevels).run(why);
}

} // namespace nnc::quantization
