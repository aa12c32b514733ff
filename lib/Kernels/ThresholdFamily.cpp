//===- ThresholdFamily.cpp - Sums of comparisons --------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LoopNest.h"
#include "TileReader.h"
#include "nnc/Kernels/KernelFamily.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace nnc {
namespace {

/// Groups of one nn.threshold.
class ThresholdFamily : public KernelFamily {
public:
  StringRef name() const override { return "threshold"; }
  void candidates(nn::FusedOp group, const TargetModel &target,
                  std::vector<Candidate> &out) const override;
  /// An element is read before its result is written, but thresholds are read by all.
  bool mayAlias(plan::KernelOp, unsigned operand) const override { return operand == 0; }
  LogicalResult generate(plan::KernelOp kernel, ValueRange pointers,
                         KernelEmitter &emitter) const override;
};

} // namespace

/// The only op of `body` on all of its arguments; null if it is something else.
static nn::ThresholdOp match(Block &body) {
  auto op = dyn_cast<nn::ThresholdOp>(body.front());
  bool isAlone = op && llvm::hasSingleElement(body.without_terminator()) &&
                 op->getOperands() == ValueRange(body.getArguments());
  return isAlone ? op : nn::ThresholdOp();
}

void ThresholdFamily::candidates(nn::FusedOp group, const TargetModel &target,
                                 std::vector<Candidate> &out) const {
  nn::ThresholdOp op = match(group.getBody().front());
  if (!op)
    return;
  RankedTensorType table = op.getThresholds().getType();
  Candidate c;
  c.algorithm = name().str();
  c.tile = DictionaryAttr::get(group.getContext());
  c.operands.resize(2);
  // Thresholds of neighbouring channels side by side, as the channels of the input may be.
  c.operands[1].packed =
      plan::LayoutAttr::get(group.getContext(), {1, std::max<int64_t>(table.getDimSize(0), 1)});
  c.results.resize(1);
  c.mayAlias = {true, false};
  c.cycles =
      50 + double(3 + 3 * table.getDimSize(1)) * op.getType().getNumElements() / target.lanes();
  out.push_back(std::move(c));
}

/// How the thresholds of a nest's elements are reached, the first of each row.
static Access rowAccess(nn::ThresholdOp op, Value base, plan::LayoutAttr layout) {
  RankedTensorType table = op.getThresholds().getType();
  Access access{base, registerType(table.getElementType()), 0,
                SmallVector<int64_t>(op.getType().getRank(), 0)};
  if (table.getDimSize(0) != 1)
    access.strides[op.getChannel()] = layout.getStrides()[0];
  return access;
}

/// All bits where `x` reaches `threshold`, else none, as `type`.
static Value reaches(ImplicitLocOpBuilder &b, Type type, Value x, Value threshold, Type element) {
  Value reached;
  if (element.isF32())
    reached = b.create<arith::CmpFOp>(arith::CmpFPredicate::OGE, x, threshold);
  else
    reached = b.create<arith::CmpIOp>(element.isUnsignedInteger() ? arith::CmpIPredicate::uge
                                                                  : arith::CmpIPredicate::sge,
                                      x, threshold);
  return b.create<arith::ExtSIOp>(type, reached);
}

LogicalResult ThresholdFamily::generate(plan::KernelOp kernel, ValueRange pointers,
                                        KernelEmitter &e) const {
  nn::ThresholdOp op = match(kernel.getBlock());
  if (!op)
    return kernel.emitError("body is no threshold");
  if (failed(TileReader(kernel).finish()))
    return failure();
  ImplicitLocOpBuilder &b = e.builder();
  ArrayRef<int64_t> shape = kernel.resultType(0).getShape();
  Type element = op.getInput().getType().getElementType();
  int64_t count = op.getThresholds().getType().getDimSize(1),
          stride = kernel.operandLayout(1).getStrides()[1];
  LoopNest nest(
      e, shape,
      {broadcastAccess(pointers[2], kernel.resultType(0), kernel.resultLayout(0), shape),
       broadcastAccess(pointers[0], kernel.operandType(0), kernel.operandLayout(0), shape),
       rowAccess(op, pointers[1], kernel.operandLayout(1))});
  nest.mayRepeat();
  nest.emit([&](const Lane &lane) {
    Value x = nest.load(1, lane);
    Type counts = sameLanes(x.getType(), b.getI32Type());
    Value least = e.splatInteger(counts, static_cast<int64_t>(op.getLeast()));
    auto step = [&](Value i, ValueRange carried) -> SmallVector<Value> {
      Lane at = lane;
      at.offsets[2] = e.add(lane.offsets[2], e.mul(i, stride));
      Value reached = reaches(b, counts, x, nest.load(2, at), element);
      return {b.create<arith::SubIOp>(carried[0], reached)};
    };
    Value sum = e.loop(e.constant(0), e.constant(count), 1, {least}, step)[0];
    Type stored = sameLanes(counts, registerType(op.getType().getElementType()));
    nest.store(stored == counts ? sum : b.create<arith::TruncIOp>(stored, sum), 0, lane);
  });
  e.fillHalo(pointers[2], kernel.resultType(0), kernel.resultLayout(0));
  return success();
}

std::unique_ptr<KernelFamily> createThresholdFamily() {
  return std::make_unique<ThresholdFamily>();
}

} // namespace nnc
