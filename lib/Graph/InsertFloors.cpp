//===- InsertFloors.cpp - Operand floors at producers and in constants ----===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Constants.h"
#include "Floors.h"
#include "dialects/NN/CommonRewrites.h"
#include "nnc/Graph/Passes.h"

#include <cmath>

using namespace mlir;

namespace nnc::graph {
#define GEN_PASS_DEF_INSERTFLOORS
#include "nnc/Graph/Passes.h.inc"

namespace {

/// The elements of a float constant, to be changed.
template <typename T>
struct Elements {
  std::vector<char> bytes;
  explicit Elements(nn::ConstantOp constant) : bytes(nn::elementBytes(constant.getValue())) {}
  MutableArrayRef<T> values() {
    return {reinterpret_cast<T *>(bytes.data()), bytes.size() / sizeof(T)};
  }
};

class FloorInserter {
public:
  /// Each float operand of `contraction` passes the floor of contractions.
  LogicalResult floorOperands(Operation *contraction) {
    for (OpOperand &operand : contraction->getOpOperands())
      if (isFloat(operand.get()))
        operand.set(floored(operand.get(), contractionFloor));
    return checkWeights(contraction);
  }

  /// What enters `op` from outside (inputs, constants, bounds) is no subnormal.
  void guardOperands(Operation *op) {
    for (OpOperand &operand : op->getOpOperands())
      if (isFloat(operand.get()))
        operand.set(floored(operand.get(), arithmeticFloor));
    for (StringRef name : {"min", "max", "alpha"})
      if (Attribute number = op->getAttr(name))
        op->setAttr(name, floorNumber(number, arithmeticFloor));
  }

private:
  /// The value to read instead of `value`, with nothing below 2^exponent.
  Value floored(Value value, int64_t exponent) {
    if (auto constant = value.getDefiningOp<nn::ConstantOp>())
      return flooredConstant(constant, exponent);
    Operation *op = value.getDefiningOp();
    if (op && passesFloor(op)) {
      floorThrough(op, exponent);
      return value;
    }
    if (FloorAnalysis().holds(value, exponent))
      return value;
    if (auto floor = dyn_cast_or_null<nn::Floor0Op>(op)) {
      floor.setExponent(exponent);
      return value;
    }
    return insertFloor(value, exponent);
  }

  /// Floors where the elements that `op` moves come from.
  void floorThrough(Operation *op, int64_t exponent) {
    if (!walked.insert({op, exponent}).second)
      return;
    for (OpOperand &operand : op->getOpOperands())
      if (isFloat(operand.get()))
        operand.set(floored(operand.get(), exponent));
    if (auto pad = dyn_cast<nn::PadOp>(op))
      pad->setAttr(pad.getValueAttrName(), floorNumber(pad.getValue(), exponent));
  }

  /// After the op that computes `value`, for all its readers but floors that stand there already.
  Value insertFloor(Value value, int64_t exponent) {
    OpBuilder b(value.getContext());
    b.setInsertionPointAfterValue(value);
    auto floor = b.create<nn::Floor0Op>(value.getLoc(), value, b.getI64IntegerAttr(exponent));
    value.replaceUsesWithIf(floor,
                            [](OpOperand &use) { return !isa<nn::Floor0Op>(use.getOwner()); });
    return floor;
  }

  Value flooredConstant(nn::ConstantOp constant, int64_t exponent) {
    Value &known = constants[{constant, exponent}];
    if (known)
      return known;
    if (FloorAnalysis().holds(constant, exponent))
      return known = constant;
    return known = constant.getType().getElementType().isF64()
                       ? rewritten<double>(constant, exponent)
                       : rewritten<float>(constant, exponent);
  }

  template <typename T>
  Value rewritten(nn::ConstantOp constant, int64_t exponent) {
    Elements<T> elements(constant);
    const T least = std::ldexp(T(1), static_cast<int>(exponent));
    int64_t lost = 0;
    for (T &v : elements.values()) {
      T kept = floor0(v, least);
      lost += kept != v && !std::isnan(v);
      v = kept;
    }
    if (lost && exponent == contractionFloor)
      emitRemark(constant.getLoc()) << lost << " of " << constant.getType().getNumElements()
                                    << " weights are smaller than 2^-40 in magnitude and become 0";
    OpBuilder b(constant);
    return b.create<nn::ConstantOp>(constant.getLoc(),
                                    nn::makeElements(constant.getType(), elements.bytes));
  }

  /// A padded tap counts as +0 times its weight: with an infinite one it would be NaN.
  LogicalResult checkWeights(Operation *contraction) {
    nn::ConstantOp weights = floatConstant(contraction->getOperand(weightsOperand));
    if (!weights || !checked.insert(weights).second)
      return success();
    FloatView view(weights.getValue());
    for (auto [i, v] : llvm::enumerate(view.values()))
      if (!std::isfinite(v))
        return emitError(contraction->getLoc(), "weights must be finite, element ")
               << i << " is " << (std::isnan(v) ? "NaN" : "infinite");
    return success();
  }

  DenseMap<std::pair<Operation *, int64_t>, Value> constants;
  DenseSet<std::pair<Operation *, int64_t>> walked;
  DenseSet<Operation *> checked;
};

struct InsertFloors : impl::InsertFloorsBase<InsertFloors> {
  void runOnOperation() override {
    BlobScope blobs(getOperation());
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (failed(run(function)))
        signalPassFailure();
  }

  LogicalResult run(func::FuncOp function) {
    FloorInserter inserter;
    LogicalResult result = success();
    SmallVector<Operation *> ops;
    function.walk([&](Operation *op) { ops.push_back(op); });
    for (Operation *op : ops)
      if (op->hasTrait<nn::Contraction>() && failed(inserter.floorOperands(op)))
        result = failure();
    // The lower floor second: where the higher one stands it is not needed.
    for (Operation *op : ops)
      if (isa_and_nonnull<nn::NNDialect>(op->getDialect()) && !op->hasTrait<nn::Movement>() &&
          !isa<nn::ConstantOp, nn::Floor0Op>(op))
        inserter.guardOperands(op);
    nn::eraseDeadConstants(function);
    return result;
  }
};

} // namespace
} // namespace nnc::graph
