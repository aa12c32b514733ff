//===- NameGrids.cpp - What is added or joined stands on a grid, too -------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "../OddNumber.h"
#include "../ValueRanges.h"
#include "dialects/NN/NNSearchOps.h"
#include "nnc/Quantization/Passes.h"

#include "mlir/IR/Builders.h"

#include <cmath>
#include <set>

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_NAMEGRIDS
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// Floats that are these integers times 2^exponent.
struct BinaryGrid {
  int exponent;
  IntegerRange range;
};

/// Does one number do the same to all elements?
bool isAlikeEverywhere(Operation *op) {
  return llvm::all_of(op->getOperands(), [](Value v) {
    return !v.getDefiningOp<nn::ConstantOp>() || nn::hasOneElement(v);
  });
}

/// Has a reader of `v` no form in integers of two tensors? Those that are quantized as a whole
/// have one, unless a function stands behind what is joined, and what leaves the network needs
/// none.
bool needsGrid(Value v, bool isPlain, std::set<std::pair<Operation *, bool>> &seen) {
  return llvm::any_of(v.getUsers(), [&](Operation *user) {
    if (!seen.insert({user, isPlain}).second || user->hasTrait<OpTrait::IsTerminator>())
      return false;
    if (auto quantize = dyn_cast<nn::QuantizeOp>(user))
      return !isPlain || !isPerTensor(quantize);
    if (user->getNumResults() != 1)
      return true;
    if (user->hasTrait<nn::Elementwise>())
      return needsGrid(user->getResult(0),
                       isPlain && isAlikeEverywhere(user) && !v.getDefiningOp<nn::ConcatOp>(),
                       seen);
    if (isa<nn::ConcatOp>(user))
      return needsGrid(user->getResult(0), isPlain, seen);
    if (isa<nn::BatchNormOp, nn::TransposeOp, nn::ReshapeOp, nn::MaxPoolOp>(user))
      return needsGrid(user->getResult(0), false, seen);
    return isa<nn::ThresholdOp, nn::AveragePoolOp, nn::ReduceMeanOp>(user) ||
           user->hasTrait<nn::Contraction>();
  });
}

/// Does a sum read `v`, which takes integers only?
bool isSummed(Value v) {
  SetVector<Value> alike;
  alike.insert(v);
  for (size_t i = 0; i < alike.size(); ++i)
    for (Operation *user : alike[i].getUsers()) {
      if (isa<nn::AveragePoolOp, nn::ReduceMeanOp>(user) || user->hasTrait<nn::Contraction>())
        return true;
      if (isa<nn::ConcatOp, nn::TransposeOp, nn::ReshapeOp, nn::MaxPoolOp>(user))
        alike.insert(user->getResult(0));
    }
  return false;
}

class NameGrids : public impl::NameGridsBase<NameGrids> {
public:
  using NameGridsBase::NameGridsBase;

  void runOnOperation() override {
    if (profile != Profile::ORT)
      return;
    for (Operation &op : llvm::make_early_inc_range(getOperation().getOps())) {
      ranges.visit(&op);
      std::optional<BinaryGrid> grid = gridOf(&op);
      if (!grid)
        continue;
      grids[op.getResult(0)] = *grid;
      std::set<std::pair<Operation *, bool>> seen;
      if ((isJoin(&op) && needsGrid(op.getResult(0), true, seen)) ||
          (isa<nn::ReluOp>(op) && isSummed(op.getResult(0))))
        name(op.getResult(0), *grid);
    }
  }

private:
  /// Does `op` make one tensor of several that stand on grids, or in types, of their own?
  static bool isJoin(Operation *op) {
    if (!isa<nn::ConcatOp>(op))
      return isa<nn::AddOp, nn::SubOp>(op);
    auto first = op->getOperand(0).getDefiningOp<nn::DequantizeOp>();
    return llvm::any_of(op->getOperands(), [&](Value v) {
      auto own = v.getDefiningOp<nn::DequantizeOp>();
      return !first || !own || !onOneGrid(first, own);
    });
  }

  std::optional<BinaryGrid> gridOf(Operation *op) const {
    if (auto source = dyn_cast<nn::DequantizeOp>(op))
      return gridOf(source);
    if (auto concat = dyn_cast<nn::ConcatOp>(op))
      return gridOf(concat);
    if (isa<nn::ReluOp, nn::ReshapeOp, nn::TransposeOp, nn::MaxPoolOp>(op) &&
        isFloat(op->getResult(0)))
      return known(op->getOperand(0));
    if (!isa<nn::AddOp, nn::SubOp>(op) ||
        op->getOperand(0).getType() != op->getOperand(1).getType())
      return std::nullopt;
    std::optional<BinaryGrid> a = known(op->getOperand(0)), b = known(op->getOperand(1));
    return a && b ? gridOfSum(*a, *b, isa<nn::SubOp>(op)) : std::nullopt;
  }

  std::optional<BinaryGrid> gridOf(nn::DequantizeOp op) const {
    constexpr int moderate = 20; // far from what floats flush
    std::optional<float> scale = isPerTensor(op) ? constantFloat(op.getScale()) : std::nullopt;
    std::optional<int64_t> zero = constantInteger(op.getZeroPoint());
    if (!scale || !zero || !isPowerOfTwo(*scale) || std::abs(oddNumber(*scale).exponent) > moderate)
      return std::nullopt;
    IntegerRange range = ranges.of(op.getInput());
    return BinaryGrid{
        oddNumber(*scale).exponent,
        {std::min<int64_t>(range.least - *zero, 0), std::max<int64_t>(range.most - *zero, 0)}};
  }

  std::optional<BinaryGrid> gridOf(nn::ConcatOp op) const {
    std::optional<BinaryGrid> all;
    for (Value operand : op.getInputs()) {
      std::optional<BinaryGrid> own = known(operand);
      if (!own || (all && std::abs(own->exponent - all->exponent) > mostBits))
        return std::nullopt;
      if (!all) {
        all = own;
        continue;
      }
      int exponent = std::min(all->exponent, own->exponent);
      IntegerRange a = inStepsOf(exponent, *all), b = inStepsOf(exponent, *own);
      all = {exponent, {std::min(a.least, b.least), std::max(a.most, b.most)}};
    }
    return ifWord(all);
  }

  static std::optional<BinaryGrid> gridOfSum(const BinaryGrid &a, const BinaryGrid &b,
                                             bool isDifference) {
    if (std::abs(a.exponent - b.exponent) > mostBits)
      return std::nullopt;
    int exponent = std::min(a.exponent, b.exponent);
    IntegerRange x = inStepsOf(exponent, a), y = inStepsOf(exponent, b);
    if (isDifference)
      y = {-y.most, -y.least};
    return ifWord(BinaryGrid{exponent, {x.least + y.least, x.most + y.most}});
  }

  static constexpr int mostBits = 16;
  static IntegerRange inStepsOf(int exponent, const BinaryGrid &grid) {
    int64_t factor = int64_t(1) << (grid.exponent - exponent);
    return {grid.range.least * factor, grid.range.most * factor};
  }
  /// Numbers of up to 16 bits, which floats hold.
  static std::optional<BinaryGrid> ifWord(std::optional<BinaryGrid> grid) {
    bool fits = grid && grid->range.least >= INT16_MIN && grid->range.most <= INT16_MAX;
    return fits ? grid : std::nullopt;
  }

  std::optional<BinaryGrid> known(Value v) const {
    auto entry = grids.find(v);
    return entry == grids.end() ? std::nullopt : std::optional(entry->second);
  }

  /// Rounds `v` to the numbers that it already is.
  void name(Value v, const BinaryGrid &grid) {
    OpBuilder b(&getContext());
    b.setInsertionPointAfterValue(v);
    Location loc = v.getLoc();
    Type word = b.getIntegerType(16);
    Value scale = nn::createFloats(b, loc, {}, std::ldexp(1.0F, grid.exponent));
    Value zero = integerConstant(b, loc, {}, word, {0});
    auto integers = b.create<nn::QuantizeOp>(loc, typeOf(v).clone(word), v, scale, zero,
                                             nn::RoundingMode::HalfEven);
    Value floats = b.create<nn::DequantizeOp>(loc, v.getType(), integers, scale, zero);
    v.replaceAllUsesExcept(floats, integers);
    grids[floats] = grid;
  }

  ValueRanges ranges;
  llvm::DenseMap<Value, BinaryGrid> grids;
};

} // namespace
} // namespace nnc::quantization
