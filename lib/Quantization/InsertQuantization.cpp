//===- InsertQuantization.cpp - From a float network to one in QDQ form --------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Constants.h"
#include "QuantizeWeights.h"
#include "dialects/NN/CommonRewrites.h"
#include "nnc/Quantization/Calibration.h"
#include "nnc/Quantization/Insertion.h"
#include "nnc/Quantization/Passes.h"

#include <cmath>
#include <map>

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_INSERTQUANTIZATION
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// Activations are unsigned bytes: what a ReLU leaves uses all of them with a zero point of 0,
/// and dot products of x86 multiply unsigned by signed ones. Of fewer bits than a byte's they are
/// the least ones of a byte.
struct Grid {
  float scale = 1;
  int64_t zeroPoint = 0;
  int64_t greatest; ///< of the stored values

  Grid(Range range, unsigned bits) : greatest((int64_t(1) << bits) - 1) {
    constexpr double leastScale = 0x1p-100;
    double step = (range.high - range.low) / static_cast<double>(greatest);
    if (step < leastScale)
      return; // nothing but zeros
    scale = static_cast<float>(step);
    zeroPoint = std::clamp<int64_t>(std::lround(-range.low / scale), 0, greatest);
  }

  /// The stored value of `x`, as nn.quantize and the clip behind it compute it.
  int64_t stored(float x) const {
    auto least = static_cast<float>(-zeroPoint), most = static_cast<float>(greatest - zeroPoint);
    return std::lround(std::nearbyint(std::clamp(x / scale, least, most))) + zeroPoint;
  }
};

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
      quantizeConstants(op, moments.empty() ? nullptr : &moments[i], bits);
    nn::eraseDeadConstants(network);
    removeRanges();
    return quantized;
  }

private:
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
      grids.try_emplace(v, range, bits);
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

  Value constant(OpBuilder &b, Location loc, float number) {
    auto type = RankedTensorType::get({}, b.getF32Type());
    return b.create<nn::ConstantOp>(loc, DenseElementsAttr::get(type, number));
  }

  nn::QuantizeOp pair(Value v, const Grid &grid) {
    OpBuilder b(v.getContext());
    b.setInsertionPointAfterValue(v);
    Type byte = b.getIntegerType(8, /*isSigned=*/false);
    auto type = cast<RankedTensorType>(v.getType());
    Value scale = constant(b, v.getLoc(), grid.scale);
    Value zero = integerConstant(b, v.getLoc(), {}, byte, grid.zeroPoint);
    auto q = b.create<nn::QuantizeOp>(v.getLoc(), type.clone(byte), v, scale, zero);
    Value stored = q;
    if (auto bound = [&](int64_t n) { return b.getIntegerAttr(byte, n); }; grid.greatest < UINT8_MAX)
      stored = b.create<nn::ClipOp>(v.getLoc(), q.getType(), q, bound(0), bound(grid.greatest));
    Value x = b.create<nn::DequantizeOp>(v.getLoc(), type, stored, scale, zero);
    v.replaceAllUsesExcept(x, q);
    return q;
  }

  /// Whether a ReLU or Clip changes nothing that is stored: the ends of the grid do its work.
  static bool isImplied(Operation *op, const Grid &grid) {
    auto clip = dyn_cast<nn::ClipOp>(op);
    if (!clip)
      return grid.zeroPoint == 0;
    auto bound = [](TypedAttr attr) { return cast<FloatAttr>(attr).getValue().convertToFloat(); };
    return grid.stored(bound(clip.getMin())) == 0 && grid.stored(bound(clip.getMax())) == grid.greatest;
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

  void removeRanges() {
    for (unsigned i = 0; i < network.getNumArguments(); ++i)
      network.removeArgAttr(i, rangeAttr);
    network.walk([](Operation *op) { op->removeAttr(rangeAttr); });
  }

  func::FuncOp network;
  ArrayRef<InputMoments> moments;
  unsigned bits; ///< of activations and weights
  Selection selection;
  llvm::DenseMap<Value, Value> joined; ///< from grids that are given up to those instead
  std::map<Value, Grid, decltype([](Value a, Value b) {
             return a.getAsOpaquePointer() < b.getAsOpaquePointer();
           })>
      grids;
};

struct InsertQuantization : impl::InsertQuantizationBase<InsertQuantization> {
  using Base::Base;
  void runOnOperation() override {
    if (weightsOnly ? failed(quantizeWeights(getOperation()))
                    : failed(insertQuantization(getOperation())))
      signalPassFailure();
  }
};

} // namespace

FailureOr<SmallVector<nn::QuantizeOp>> insertQuantization(func::FuncOp network,
                                                          ArrayRef<InputMoments> moments,
                                                          unsigned bits) {
  return Inserter(network, moments, bits).insert();
}

} // namespace nnc::quantization
