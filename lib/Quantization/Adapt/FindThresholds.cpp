//===- FindThresholds.cpp - Steps of sums instead of floats ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "../Prove/Requantization.h"
#include "../SumBounds.h"
#include "StepFunction.h"
#include "dialects/NN/CommonRewrites.h"
#include "dialects/NN/NNSearchOps.h"
#include "nnc/Quantization/Passes.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_FINDTHRESHOLDS
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// More levels take an affine form, or none: of few channels those of 16 bits are looked for.
int64_t mostLevels(size_t channels) {
  constexpr int64_t ofMany = 1023, all = 65535, thresholds = 1 << 22;
  return std::clamp<int64_t>(thresholds / static_cast<int64_t>(channels), ofMany, all);
}

/// The affine forms that are stated of a scaling, one per channel; null for a channel without.
SmallVector<std::optional<Affine>> affineForms(Operation *op) {
  SmallVector<std::optional<Affine>> forms;
  auto stated = op->getAttrOfType<DenseElementsAttr>(nn::affineAttr);
  SmallVector<int64_t> numbers;
  if (stated)
    numbers.assign(stated.value_begin<int64_t>(), stated.value_end<int64_t>());
  for (ArrayRef<int64_t> left = numbers; !left.empty(); left = left.drop_front(3))
    forms.push_back(left[2] < 0
                        ? std::nullopt
                        : std::optional(Affine{left[0], left[1], static_cast<int>(left[2])}));
  return forms;
}

/// The integers that a scaling with affine forms gives for the sums that it reaches.
std::optional<IntegerRange> affineResults(Operation *op) {
  SmallVector<std::optional<Affine>> forms = affineForms(op);
  auto stated = op->getAttrOfType<DenseElementsAttr>(nn::accumulatorsAttr);
  if (forms.empty() || llvm::is_contained(forms, std::nullopt) || !stated)
    return std::nullopt;
  std::optional<int64_t> zero = constantInteger(op->getOperands().back());
  if (!zero)
    return std::nullopt;
  SmallVector<int64_t> reached(stated.getValues<int64_t>());
  IntegerRange type = typeRange(typeOf(op->getResult(0)).getElementType());
  IntegerRange levels{type.least - *zero, type.most - *zero};
  std::optional<IntegerRange> all;
  for (auto [row, form] : llvm::enumerate(forms)) {
    auto result = [&, form = *form](int64_t sum) { return requantize(sum, form, levels) + *zero; };
    IntegerRange own{result(reached[row * 2]), result(reached[row * 2 + 1])};
    all = all ? hull(*all, own) : own;
  }
  return all;
}

/// Thresholds of one length for all channels: a channel is at its least level always, and above its
/// most never.
std::vector<int64_t> rowsOf(ArrayRef<Steps> steps, ArrayRef<IntegerRange> reached, int64_t least,
                            int64_t most) {
  std::vector<int64_t> rows;
  for (auto [channel, interval] : llvm::zip_equal(steps, reached)) {
    int64_t first = channel.falls ? -interval.most : interval.least;
    int64_t never = (channel.falls ? -interval.least : interval.most) + 1;
    for (int64_t level = least + 1; level <= most; ++level) {
      int64_t index = level - channel.least - 1, count = channel.positions.size();
      rows.push_back(index < 0 ? first : index < count ? channel.positions[index] : never);
    }
  }
  return rows;
}

class FindThresholds : public impl::FindThresholdsBase<FindThresholds> {
public:
  using FindThresholdsBase::FindThresholdsBase;

  void runOnOperation() override {
    func::FuncOp network = getOperation();
    runTime = runTimeValues(network);
    for (Operation &op : llvm::make_early_inc_range(network.getBody().front())) {
      if (std::optional<SumBounds> bounds = boundSums(&op, ranges)) {
        ranges.record(op.getResult(0), bounds->sums());
        sums[op.getResult(0)] = std::move(*bounds);
      } else if (isCandidate(&op)) {
        replace(&op);
      } else if (std::optional<IntegerRange> results = affineResults(&op)) {
        ranges.record(op.getResult(0), *results);
      } else if (auto argMax = dyn_cast<nn::ArgMaxOp>(op)) {
        compareIntegers(argMax);
      } else {
        ranges.visit(&op);
      }
    }
    nn::eraseDeadOps(network);
  }

private:
  /// Ends of float islands, and scalings without an affine form.
  bool isCandidate(Operation *op) {
    if (op->getNumResults() != 1 || !runTime.contains(op->getResult(0)) ||
        isFloat(op->getResult(0)) || (keepsScales && isa<nn::RequantizeOp>(op)))
      return false;
    if (op->hasAttr(nn::affineAttr))
      return llvm::is_contained(affineForms(op), std::nullopt);
    bool isWord = typeOf(op->getResult(0)).getElementType().isInteger(32);
    return isa<nn::QuantizeOp, nn::ThresholdOp>(op) ||
           (isa<nn::CastOp>(op) && isFloat(op->getOperand(0)) && isWord);
  }

  void replace(Operation *op) {
    StepFunction function(op, runTime);
    std::string why = function.obstacle().str();
    if (why.empty()) {
      SmallVector<IntegerRange> reached = reachedBy(function);
      // Thresholds that are never reached are one more than the greatest sum, and signs change.
      bool isInside = llvm::all_of(reached, [](IntegerRange sums) {
        return sums.least > INT32_MIN + 1 && sums.most < INT32_MAX;
      });
      if (!isInside)
        why = "its sums reach the ends of int32";
      else if (!reached.empty())
        if (auto steps = findSteps(function, reached, mostLevels(reached.size()), why))
          return write(op, function, reached, *steps);
    }
    bool isToldBetter =
        op->hasAttr(nn::bilinearAttr) || (function.readsSeveral() && op->hasAttr(nn::obstacleAttr));
    if (isFloat(op->getOperand(0)) && !isToldBetter && !why.empty())
      op->setAttr(nn::obstacleAttr, StringAttr::get(&getContext(), why));
    ranges.visit(op);
  }

  /// The greatest integer stands for the greatest float, and equal floats for equal integers, if
  /// neighbours are further apart than floats are.
  void compareIntegers(nn::ArgMaxOp op) {
    constexpr int64_t furthest = 1 << 22;
    constexpr float least = 0x1p-100f, most = 0x1p+100f;
    auto source = op.getInput().getDefiningOp<nn::DequantizeOp>();
    std::optional<float> scale = source ? constantFloat(source.getScale()) : std::nullopt;
    std::optional<int64_t> zero = source ? constantInteger(source.getZeroPoint()) : std::nullopt;
    if (!scale || !zero || *scale < least || *scale > most)
      return;
    IntegerRange range = ranges.of(source.getInput());
    if (range.least - *zero >= -furthest && range.most - *zero <= furthest)
      op.getInputMutable().assign(source.getInput());
  }

  SmallVector<IntegerRange> reachedBy(const StepFunction &function) {
    SmallVector<IntegerRange> reached(function.channels(), ranges.of(function.source()));
    auto entry = sums.find(function.source());
    if (entry == sums.end())
      return reached;
    const SumBounds &bounds = entry->second;
    if (bounds.dimension == function.dimension() && bounds.channels.size() == reached.size())
      llvm::copy(bounds.channels, reached.begin());
    return reached;
  }

  void write(Operation *op, const StepFunction &function, ArrayRef<IntegerRange> reached,
             ArrayRef<Steps> steps) {
    OpBuilder b(op);
    Location loc = op->getLoc();
    int64_t least = INT64_MAX, most = INT64_MIN;
    std::vector<int64_t> signs;
    for (const Steps &channel : steps) {
      least = std::min(least, channel.least);
      most = std::max(most, channel.least + int64_t(channel.positions.size()));
      signs.push_back(channel.falls ? -1 : 1);
    }
    Value input = function.source();
    bool isOneNumber = typeOf(input).getRank() == 0; // it has no dimension to count channels along
    if (isOneNumber)
      input = reshaped(b, input, {1});
    Type word = b.getI32Type();
    auto wide = typeOf(input).clone(word);
    if (typeOf(input).getElementType() != word)
      input = b.create<nn::CastOp>(loc, wide, input);
    int64_t dimension = std::max<int64_t>(function.dimension(), 0);
    if (llvm::is_contained(signs, -1)) {
      SmallVector<int64_t> shape(wide.getRank(), 1);
      shape[dimension] = signs.size();
      input = b.create<nn::MulOp>(loc, wide, input, integerConstant(b, loc, shape, word, signs));
    }
    Value thresholds = integerConstant(b, loc, {int64_t(steps.size()), most - least}, word,
                                       rowsOf(steps, reached, least, most));
    Type element = typeOf(op->getResult(0)).getElementType();
    Value result =
        b.create<nn::ThresholdOp>(loc, wide.clone(element), input, thresholds, dimension, least);
    if (isOneNumber)
      result = reshaped(b, result, {});
    ranges.record(result, {least, most});
    runTime.insert(input);
    runTime.insert(result);
    op->getResult(0).replaceAllUsesWith(result);
    op->erase();
  }

  llvm::DenseSet<Value> runTime;
  ValueRanges ranges;
  llvm::DenseMap<Value, SumBounds> sums;
};

} // namespace
} // namespace nnc::quantization
