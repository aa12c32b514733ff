//===- PropagateQuantization.cpp - Integers move, not floats -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "dialects/NN/NNSearchOps.h"
#include "nnc/Quantization/Passes.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_PROPAGATEQUANTIZATION
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// Ops that pick elements, so that quantizing before or after them is the same.
bool picksElements(Operation *op) {
  return nn::movesElements(op) || isa_and_nonnull<nn::ReduceMaxOp>(op);
}

/// Operands whose elements reappear in the result; the others are indices.
unsigned movedOperands(Operation *op) { return isa<nn::GatherOp>(op) ? 1 : op->getNumOperands(); }

/// `op` on operands of type `element`.
Operation *createMoved(OpBuilder &b, Operation *op, ArrayRef<Value> operands, Type element) {
  auto greatest = dyn_cast<nn::ReduceMaxOp>(op);
  if (!greatest)
    return nn::createLike(b, op, operands, element);
  // Kernels have it of i32.
  Value x = operands.front();
  Value wide = b.create<nn::CastOp>(op->getLoc(), typeOf(x).clone(b.getI32Type()), x);
  Value found =
      b.create<nn::ReduceMaxOp>(op->getLoc(), wide, greatest.getAxes(), greatest.getKeepdims());
  return b.create<nn::CastOp>(op->getLoc(), typeOf(op->getResult(0)).clone(element), found);
}

/// A value of one element with rank 0, so that it broadcasts to any shape.
Value scalar(OpBuilder &b, Value v) { return reshaped(b, v, {}); }

/// Integers of one byte as floats: pixels.
bool isByteCast(Operation *op) {
  auto cast = dyn_cast<nn::CastOp>(op);
  return cast && cast.getType().getElementType().isF32() && nn::isByte(cast.getInput());
}

/// Is `v` a constant, or a moved one? These are folded later.
bool isKnown(Value v) {
  Operation *op = v.getDefiningOp();
  while (isa_and_nonnull<nn::ReshapeOp, nn::TransposeOp>(op))
    op = op->getOperand(0).getDefiningOp();
  return isa_and_nonnull<nn::ConstantOp>(op);
}

/// The operand that `op` changes element by element, the others being known: normalisation.
Value changedElements(Operation *op) {
  bool isNormalization = isa<nn::SubOp, nn::DivOp, nn::MulOp, nn::AddOp>(op) &&
                         isKnown(op->getOperand(1)) &&
                         op->getOperand(0).getType() == op->getResult(0).getType();
  bool isFunction = op->hasTrait<nn::Elementwise>() && op->getNumOperands() == 1;
  return isNormalization || isFunction || isa<nn::BatchNormOp>(op) ? op->getOperand(0) : Value();
}

/// The one operand that is no constant; null: there are others.
Value onlyOperand(Operation *op) {
  Value only;
  for (Value operand : op->getOperands()) {
    if (isKnown(operand))
      continue;
    if (only)
      return {};
    only = operand;
  }
  return only;
}

/// Can what broadcasts to the result of `move` be written for its operand?
bool movesBack(Operation *move, Value constant) {
  return nn::hasOneElement(constant) || isa<nn::TransposeOp>(move);
}

/// `constant`, which broadcasts to the result of `move`, as it does to the operand.
Value movedBack(OpBuilder &b, Operation *move, Value constant) {
  if (nn::hasOneElement(constant))
    return scalar(b, constant);
  auto transpose = cast<nn::TransposeOp>(move);
  return b.create<nn::TransposeOp>(
      constant.getLoc(),
      reshaped(b, constant, paddedShape(constant, transpose.getType().getRank())),
      invertPermutationVector(transpose.getPermutation()));
}

/// Can `op` go before `move`, too? Thresholds know their channels.
bool goesBefore(Operation *move, nn::QuantizeOp op) {
  return movesBack(move, op.getScale()) && movesBack(move, op.getZeroPoint());
}
bool goesBefore(Operation *, nn::ThresholdOp) { return true; }

/// Could `v` be integers already, or be summed in integers?
bool standsForIntegers(Value v) {
  while (Operation *op = v.getDefiningOp()) {
    if (isa<nn::DequantizeOp, nn::AveragePoolOp, nn::ReduceMeanOp>(op) || isByteCast(op) ||
        op->hasTrait<nn::Contraction>())
      return true;
    v = picksElements(op) ? op->getOperand(0) : changedElements(op);
    if (!v)
      return false;
  }
  return false;
}

/// quantize(move(x)) = move(quantize(x))
struct QuantizeBeforeMovement : OpRewritePattern<nn::QuantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::QuantizeOp op, PatternRewriter &b) const override {
    Operation *move = op.getInput().getDefiningOp();
    if (!picksElements(move) || !move->hasOneUse() || !goesBefore(move, op) ||
        !standsForIntegers(op.getInput()))
      return b.notifyMatchFailure(op, "does not read moved integers");
    auto pad = dyn_cast<nn::PadOp>(move);
    if (pad && (!constantValue(op.getScale()) || !constantValue(op.getZeroPoint())))
      return b.notifyMatchFailure(op, "scale is not constant");
    SmallVector<Value> operands(move->getOperands());
    Type element = op.getType().getElementType();
    for (unsigned i = 0; i < movedOperands(move); ++i)
      operands[i] =
          b.create<nn::QuantizeOp>(op.getLoc(), typeOf(operands[i]).clone(element), operands[i],
                                   movedBack(b, move, op.getScale()),
                                   movedBack(b, move, op.getZeroPoint()), op.getRounding());
    Operation *moved = createMoved(b, move, operands, element);
    if (pad)
      moved->setAttr("value", b.getIntegerAttr(
                                  element, *quantizedNumber(b, pad.getValue(), op.getScale(),
                                                            op.getZeroPoint(), op.getRounding())));
    b.replaceOp(op, moved);
    return success();
  }
};

/// threshold(transpose(x)) = transpose(threshold(x)), each row for the same channel as before.
struct ThresholdBeforeTranspose : OpRewritePattern<nn::ThresholdOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::ThresholdOp op, PatternRewriter &b) const override {
    auto move = op.getInput().getDefiningOp<nn::TransposeOp>();
    if (!move || !move->hasOneUse() || !standsForIntegers(move.getInput()))
      return b.notifyMatchFailure(op, "reads no transposed integers");
    Type element = op.getType().getElementType();
    Value counted = b.create<nn::ThresholdOp>(
        op.getLoc(), typeOf(move.getInput()).clone(element), move.getInput(), op.getThresholds(),
        move.getPermutation()[op.getChannel()], op.getLeast());
    b.replaceOp(op, createMoved(b, move, counted, element));
    return success();
  }
};

/// quantize(f(move(x))) = quantize(move(f(x))), f being of each element by itself, or for each
/// channel; and of thresholds.
template <typename Op>
struct FunctionBeforeMovement : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op, PatternRewriter &b) const override {
    Operation *function = functionOfMoved(op.getInput());
    Operation *move = function ? onlyOperand(function).getDefiningOp() : nullptr;
    if (!move || !goesBefore(move, op) || !isFunctionBefore(move, function) ||
        typeOf(function->getResult(0)).getShape() != typeOf(move->getResult(0)).getShape() ||
        !standsForIntegers(move->getOperand(0)))
      return b.notifyMatchFailure(op, "reads no function of moved integers");
    b.setInsertionPoint(function);
    IRMapping before;
    before.map(move->getResult(0), move->getOperand(0));
    for (Value operand : function->getOperands())
      if (operand != move->getResult(0))
        before.map(operand, movedBack(b, move, operand));
    Operation *moved = b.clone(*function, before);
    ArrayRef<int64_t> shape = typeOf(move->getOperand(0)).getShape();
    moved->getResult(0).setType(
        RankedTensorType::get(shape, typeOf(function->getResult(0)).getElementType()));
    Value result = moved->getResult(0);
    b.replaceOp(function, createMoved(b, move, result, typeOf(result).getElementType()));
    return success();
  }

private:
  /// The function that `v` is of, nearest to it, whose operand was moved. Batch normalization with
  /// channels last stands between transposes, with which others meet.
  static Operation *functionOfMoved(Value v) {
    for (Operation *op = v.getDefiningOp(); op && op->hasOneUse();) {
      bool isFunction = op->hasTrait<nn::Elementwise>();
      Value operand = isFunction                                  ? onlyOperand(op)
                      : isa<nn::BatchNormOp, nn::TransposeOp>(op) ? op->getOperand(0)
                                                                  : Value();
      Operation *before = operand && isFloat(operand) ? operand.getDefiningOp() : nullptr;
      if (isFunction && isa_and_nonnull<nn::ReshapeOp, nn::TransposeOp>(before) &&
          before->hasOneUse())
        return op;
      op = before;
    }
    return nullptr;
  }

  static bool isFunctionBefore(Operation *move, Operation *function) {
    return llvm::all_of(function->getOperands(), [&](Value operand) {
      return operand == move->getResult(0) || movesBack(move, operand);
    });
  }
};

/// move(cast(q)) = cast(move(q))
struct CastAfterMovement : RewritePattern {
  explicit CastAfterMovement(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &b) const override {
    if (!picksElements(op) || isa<nn::PadOp, nn::ConcatOp>(op))
      return failure();
    auto source = op->getOperand(0).getDefiningOp<nn::CastOp>();
    if (!source || !isByteCast(source))
      return failure();
    SmallVector<Value> operands(op->getOperands());
    operands[0] = source.getInput();
    Operation *moved = createMoved(b, op, operands, typeOf(operands[0]).getElementType());
    b.replaceOpWithNewOp<nn::CastOp>(op, op->getResult(0).getType(), moved->getResult(0));
    return success();
  }
};

/// move(dequantize(q)) = dequantize(move(q))
struct DequantizeAfterMovement : RewritePattern {
  explicit DequantizeAfterMovement(MLIRContext *context)
      : RewritePattern(MatchAnyOpTypeTag(), 1, context) {}

  LogicalResult matchAndRewrite(Operation *op, PatternRewriter &b) const override {
    if (!picksElements(op) || isa<nn::ConcatOp>(op))
      return failure();
    auto source = op->getOperand(0).getDefiningOp<nn::DequantizeOp>();
    auto pad = dyn_cast<nn::PadOp>(op);
    if (!source || (pad && !padsWithZero(pad, source)))
      return failure();
    Value scale = source.getScale(), zeroPoint = source.getZeroPoint();
    if (!isPerTensor(source) && failed(moveGrid(op, source, scale, zeroPoint, b)))
      return failure();
    SmallVector<Value> operands(op->getOperands());
    operands[0] = source.getInput();
    b.setInsertionPoint(op);
    if (isPerTensor(source))
      scale = scalar(b, scale), zeroPoint = scalar(b, zeroPoint);
    Type element = typeOf(source.getInput()).getElementType();
    Operation *moved = createMoved(b, op, operands, element);
    if (pad)
      moved->setAttr("value", b.getIntegerAttr(element, *constantInteger(zeroPoint)));
    b.replaceOpWithNewOp<nn::DequantizeOp>(op, op->getResult(0).getType(), moved->getResult(0),
                                           scale, zeroPoint);
    return success();
  }

private:
  /// Zero is on every grid.
  static bool padsWithZero(nn::PadOp op, nn::DequantizeOp source) {
    return isPerTensor(source) && constantInteger(source.getZeroPoint()) &&
           cast<FloatAttr>(op.getValue()).getValue().isPosZero();
  }

  /// Several scales move along: under a transpose, or, where each element has its own, a reshape.
  static LogicalResult moveGrid(Operation *op, nn::DequantizeOp source, Value &scale,
                                Value &zeroPoint, PatternRewriter &b) {
    b.setInsertionPoint(op);
    RankedTensorType from = source.getType(), to = typeOf(op->getResult(0));
    for (Value v : {scale, zeroPoint})
      if (!hasOneElement(v) && !isa<nn::TransposeOp>(op) &&
          !(isa<nn::ReshapeOp>(op) && typeOf(v).getNumElements() == from.getNumElements()))
        return failure();
    for (Value *v : {&scale, &zeroPoint}) {
      if (hasOneElement(*v)) {
        *v = scalar(b, *v);
        continue;
      }
      Value whole = reshaped(b, *v, paddedShape(*v, from.getRank()));
      if (auto transpose = dyn_cast<nn::TransposeOp>(op))
        *v = b.create<nn::TransposeOp>(op->getLoc(), whole, transpose.getPermutation());
      else // one scale for each element
        *v = b.create<nn::ReshapeOp>(op->getLoc(), to.clone(typeOf(*v).getElementType()), whole);
    }
    return success();
  }
};

/// concat(dequantize(p), dequantize(q), …) on one grid is dequantize(concat(p, q, …)).
struct DequantizeAfterConcat : OpRewritePattern<nn::ConcatOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::ConcatOp op, PatternRewriter &b) const override {
    auto first = op.getInputs().front().getDefiningOp<nn::DequantizeOp>();
    SmallVector<Value> integers;
    for (Value input : op.getInputs()) {
      auto source = input.getDefiningOp<nn::DequantizeOp>();
      if (!source || !onOneGrid(source, first))
        return b.notifyMatchFailure(op, "does not join integers on one grid");
      integers.push_back(source.getInput());
    }
    Operation *joined = createMoved(b, op, integers, typeOf(integers[0]).getElementType());
    b.replaceOpWithNewOp<nn::DequantizeOp>(op, op.getType(), joined->getResult(0),
                                           scalar(b, first.getScale()),
                                           scalar(b, first.getZeroPoint()));
    return success();
  }
};

/// Is what lies within half a step of an integer rounded to it?
bool isToNearest(nn::RoundingMode rounding) {
  return rounding == nn::RoundingMode::HalfEven || rounding == nn::RoundingMode::HalfAway ||
         rounding == nn::RoundingMode::HalfToZero;
}

/// Does every distance of integers have a float on the grid, neither flushed nor infinite?
bool isLossless(Value scale) {
  interpreter::Tensor known = constantValue(scale);
  return known && llvm::all_of(known.elements<float>(),
                               [](float s) { return s >= 0x1p-125f && s <= 0x1p+111f; });
}

/// max(dequantize(p), dequantize(q)) on one grid is dequantize(max(p, q)); min likewise.
template <typename Op>
struct DequantizeAfterChoice : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op, PatternRewriter &b) const override {
    auto x = op.getLhs().template getDefiningOp<nn::DequantizeOp>();
    auto y = op.getRhs().template getDefiningOp<nn::DequantizeOp>();
    if (!x || !y || !isPerTensor(x) || !isPerTensor(y) ||
        typeOf(x.getInput()).getElementType() != typeOf(y.getInput()).getElementType() ||
        !isSame(x.getScale(), y.getScale()) || !isSame(x.getZeroPoint(), y.getZeroPoint()) ||
        !isLossless(x.getScale()))
      return b.notifyMatchFailure(op, "does not choose among integers on one grid");
    Value chosen = b.create<Op>(op.getLoc(), x.getInput(), y.getInput());
    b.replaceOpWithNewOp<nn::DequantizeOp>(op, op.getType(), chosen, scalar(b, x.getScale()),
                                           scalar(b, x.getZeroPoint()));
    return success();
  }
};

/// The greatest of integers stands for the greatest float, and equal floats for equal integers.
struct ArgMaxOfIntegers : OpRewritePattern<nn::ArgMaxOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::ArgMaxOp op, PatternRewriter &b) const override {
    constexpr unsigned widest = 16; // of integers whose distances are floats
    auto source = op.getInput().getDefiningOp<nn::DequantizeOp>();
    if (!source || !isPerTensor(source) || !isLossless(source.getScale()) ||
        typeOf(source.getInput()).getElementTypeBitWidth() > widest)
      return b.notifyMatchFailure(op, "is not of integers on one grid");
    b.replaceOpWithNewOp<nn::ArgMaxOp>(op, source.getInput(), op.getAxis(), op.getKeepdims(),
                                       op.getLast());
    return success();
  }
};

/// quantize(dequantize(q)) on one grid is q.
struct CancelPair : OpRewritePattern<nn::QuantizeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(nn::QuantizeOp op, PatternRewriter &b) const override {
    auto source = op.getInput().getDefiningOp<nn::DequantizeOp>();
    bool isOneGrid = source && ((isPerTensor(source) && isPerTensor(op)) ||
                                source.getScale().getType() == op.getScale().getType());
    if (!isOneGrid || source.getInput().getType() != op.getType() ||
        !isSame(source.getScale(), op.getScale()) ||
        !isSame(source.getZeroPoint(), op.getZeroPoint()) || !isLossless(op.getScale()) ||
        !isToNearest(op.getRounding()))
      return b.notifyMatchFailure(op, "no pair on one grid");
    b.replaceOp(op, source.getInput());
    return success();
  }
};

struct PropagateQuantization : impl::PropagateQuantizationBase<PropagateQuantization> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<QuantizeBeforeMovement, ThresholdBeforeTranspose,
                 FunctionBeforeMovement<nn::QuantizeOp>, FunctionBeforeMovement<nn::ThresholdOp>,
                 CastAfterMovement, DequantizeAfterMovement, DequantizeAfterConcat,
                 DequantizeAfterChoice<nn::MaxOp>, DequantizeAfterChoice<nn::MinOp>,
                 ArgMaxOfIntegers, CancelPair>(&getContext());
    GreedyRewriteConfig config;
    config.maxIterations = GreedyRewriteConfig::kNoLimit; // one step of a long chain each
    if (failed(applyPatternsAndFoldGreedily(getOperation(), std::move(patterns), config)))
      signalPassFailure();
  }
};

} // namespace
} // namespace nnc::quantization
