//===- InsertQuantization.cpp - From a float network to one in QDQ form --------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Quantization/Calibrate/InsertQuantization.h"
#include "../Constants.h"
#include "../Grid.h"
#include "StoredWeights.h"
#include "dialects/NN/CommonRewrites.h"
#include "nnc/Quantization/Calibrate/Calibration.h"
#include "nnc/Quantization/Passes.h"

#include <cmath>

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_INSERTQUANTIZATION
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// Activations are unsigned bytes: what a ReLU leaves uses all of them with a zero point of 0,
/// and dot products of x86 multiply unsigned by signed ones. Of fewer bits than a byte's they are
/// the least ones of a byte, up to `greatest`.
Grid gridOfRange(MLIRContext *context, Range range, int64_t greatest) {
  Grid grid{IntegerType::get(context, 8, IntegerType::Unsigned)};
  double step = (range.high - range.low) / static_cast<double>(greatest);
  if (step < negligibleScale)
    return grid; // nothing but zeros
  grid.scale = static_cast<float>(step);
  grid.zeroPoint = std::clamp<int64_t>(std::lround(-range.low / grid.scale), 0, greatest);
  return grid;
}

/// The byte that stands for `number` on `grid`, behind a clip to `greatest`.
int64_t storedOn(const Grid &grid, int64_t greatest, Attribute number) {
  Block scratch; // nothing stays of what is asked here
  OpBuilder b(number.getContext());
  b.setInsertionPointToEnd(&scratch);
  Location loc = b.getUnknownLoc();
  int64_t stored = *quantizedNumber(b, number, nn::createFloats(b, loc, {}, grid.scale),
                                    integerConstant(b, loc, {}, grid.stored, grid.zeroPoint),
                                    nn::RoundingMode::HalfEven);
  return std::min(stored, greatest);
}

class Inserter {
public:
  Inserter(func::FuncOp network, ArrayRef<InputMoments> moments, unsigned bits)
      : network(network), moments(moments), bits(bits), selection(network) {}

  FailureOr<SmallVector<nn::QuantizeOp>> insert() {
    if (failed(chooseGrids()))
      return failure();
    SmallVector<nn::QuantizeOp> quantized;
    for (Value v : selection.values())
      quantized.push_back(insertPair(v));
    for (auto [i, op] : llvm::enumerate(contractionsOf(network)))
      storeConstants(op, moments.empty() ? nullptr : &moments[i], bits);
    nn::eraseDeadConstants(network);
    removeMarks();
    return quantized;
  }

private:
  int64_t greatest() const { return (int64_t(1) << bits) - 1; } ///< of what is stored

  /// By how much the steps of a part of a concatenation may grow: the last of its eight bits.
  static constexpr double mostCoarser = 2;

  LogicalResult chooseGrids() {
    llvm::DenseMap<Value, Range> ranges;
    for (Value v : selection.values()) {
      std::optional<Range> range = statedRange(v);
      if (!range)
        return emitError(v.getLoc())
               << "has no range: '" << rangeAttr << "' must hold its least and greatest number";
      Range &joint = ranges[selection.gridOf(v)];
      joint = joinOf(joint, *range);
    }
    joinConcats(ranges);
    for (auto [v, range] : ranges)
      grids.try_emplace(v, gridOfRange(network.getContext(), range, greatest()));
    return success();
  }

  /// A part of a concatenation that others read, too, has a grid of its own. Where that is hardly
  /// finer it takes the one of the whole: then it is stored once, as a part of that.
  void joinConcats(llvm::DenseMap<Value, Range> &ranges) {
    // From the last on, whose grid those before it in a chain take.
    for (Operation &op : llvm::reverse(network.front())) {
      auto concat = dyn_cast<nn::ConcatOp>(op);
      if (!concat || !selection.contains(concat))
        continue;
      for (Value part : concat.getInputs()) {
        if (!selection.contains(part))
          continue;
        Value from = gridOf(part), to = gridOf(concat);
        Range joint = joinOf(ranges[from], ranges[to]);
        double finest = std::min(widthOf(ranges[from]), widthOf(ranges[to]));
        if (from == to || widthOf(joint) > mostCoarser * finest)
          continue;
        ranges[to] = joint;
        ranges.erase(from);
        joined[from] = to;
      }
    }
  }

  /// The value whose grid `v` takes.
  Value gridOf(Value v) const {
    v = selection.gridOf(v);
    for (auto it = joined.find(v); it != joined.end(); it = joined.find(v))
      v = it->second;
    return v;
  }

  static Range joinOf(Range a, Range b) {
    return {std::min(a.low, b.low), std::max(a.high, b.high)};
  }
  static double widthOf(Range range) { return range.high - range.low; }

  nn::QuantizeOp pair(Value v, const Grid &grid) {
    OpBuilder b(v.getContext());
    b.setInsertionPointAfterValue(v);
    Value scale = nn::createFloats(b, v.getLoc(), {}, grid.scale);
    Value zero = integerConstant(b, v.getLoc(), {}, grid.stored, grid.zeroPoint);
    RankedTensorType floats = typeOf(v);
    auto q = b.create<nn::QuantizeOp>(v.getLoc(), floats.clone(grid.stored), v, scale, zero);
    Value stored = q;
    if (auto bound = [&](int64_t n) { return b.getIntegerAttr(grid.stored, n); };
        greatest() < UINT8_MAX)
      stored = b.create<nn::ClipOp>(v.getLoc(), q.getType(), q, bound(0), bound(greatest()));
    Value x = b.create<nn::DequantizeOp>(v.getLoc(), floats, stored, scale, zero);
    v.replaceAllUsesExcept(x, q);
    return q;
  }

  /// Whether a ReLU or Clip changes nothing that is stored: the ends of the grid do its work.
  bool isImplied(Operation *op, const Grid &grid) const {
    auto clip = dyn_cast<nn::ClipOp>(op);
    if (!clip)
      return grid.zeroPoint == 0;
    return storedOn(grid, greatest(), clip.getMin()) == 0 &&
           storedOn(grid, greatest(), clip.getMax()) == greatest();
  }

  nn::QuantizeOp insertPair(Value v) {
    const Grid &grid = grids.at(gridOf(v));
    while (isa_and_nonnull<nn::ReluOp, nn::ClipOp>(v.getDefiningOp())) {
      Operation *op = v.getDefiningOp();
      Value before = op->getOperand(0);
      if (!before.hasOneUse())
        break;
      if (!isImplied(op, grid)) {
        // An integer contraction ends here; the activation works on what it stored.
        if (isa_and_nonnull<nn::ReluOp, nn::ClipOp>(before.getDefiningOp()) ||
            (before.getDefiningOp() && hasIntegerForm(before.getDefiningOp())))
          pair(before, grid);
        break;
      }
      if (Operation *producer = before.getDefiningOp())
        producer->setLoc(FusedLoc::get(op->getContext(), {producer->getLoc(), op->getLoc()}));
      v.replaceAllUsesWith(before);
      op->erase();
      v = before;
    }
    return pair(v, grid);
  }

  void removeMarks() {
    for (unsigned i = 0; i < network.getNumArguments(); ++i) {
      network.removeArgAttr(i, rangeAttr);
      network.removeArgAttr(i, integersAttr);
    }
    network.walk([](Operation *op) {
      op->removeAttr(rangeAttr);
      op->removeAttr(integersAttr);
    });
  }

  func::FuncOp network;
  ArrayRef<InputMoments> moments;
  unsigned bits; ///< of activations and weights
  Selection selection;
  llvm::DenseMap<Value, Value> joined; ///< from grids that are given up to those instead
  llvm::DenseMap<Value, Grid> grids;
};

struct InsertQuantization : impl::InsertQuantizationBase<InsertQuantization> {
  void runOnOperation() override {
    if (failed(insertQuantization(getOperation())))
      signalPassFailure();
  }
};

} // namespace

FailureOr<SmallVector<nn::QuantizeOp>>
insertQuantization(func::FuncOp network, ArrayRef<InputMoments> moments, unsigned bits) {
  return Inserter(network, moments, bits).insert();
}

} // namespace nnc::quantization
