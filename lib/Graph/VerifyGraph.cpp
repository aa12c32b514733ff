//===- VerifyGraph.cpp - The contract of stage graph ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Floors.h"
#include "nnc/Graph/Passes.h"

using namespace mlir;

namespace nnc::graph {
#define GEN_PASS_DEF_VERIFYGRAPH
#include "nnc/Graph/Passes.h.inc"

namespace {

bool isComposite(Operation *op) {
  return isa<nn::SoftmaxOp, nn::LogSoftmaxOp, nn::LayerNormOp, nn::BatchNormOp>(op);
}

/// The floor that the operands of `op` must have passed; none for movement,
/// which may carry any bits, and for what ends or makes values.
std::optional<int64_t> operandFloor(Operation *op) {
  if (op->hasTrait<nn::Contraction>())
    return contractionFloor;
  if (op->hasTrait<nn::Movement>() || isa<nn::Floor0Op, nn::ConstantOp>(op))
    return std::nullopt;
  return arithmeticFloor;
}

LogicalResult verifyFloors(Operation *op, FloorAnalysis &analysis) {
  if (auto floor = dyn_cast<nn::Floor0Op>(op))
    if (floor.getInput().getDefiningOp<nn::Floor0Op>())
      return op->emitError("internal: floor0 of a floor0");
  std::optional<int64_t> exponent = operandFloor(op);
  for (auto [i, operand] : llvm::enumerate(op->getOperands()))
    if (exponent && !analysis.holds(operand, *exponent))
      return op->emitError("internal: operand ")
             << i << " of '" << op->getName() << "' has not passed floor0 with exponent "
             << *exponent;
  return success();
}

struct VerifyGraph : impl::VerifyGraphBase<VerifyGraph> {
  void runOnOperation() override {
    FloorAnalysis analysis;
    for (Operation &op : getOperation().getOps()) {
      if (isa<func::ReturnOp>(op))
        continue;
      if (!isa_and_nonnull<nn::NNDialect>(op.getDialect()) || isComposite(&op)) {
        op.emitError("internal: '") << op.getName() << "' survived the graph stage";
        return signalPassFailure();
      }
      if (failed(verifyFloors(&op, analysis)))
        return signalPassFailure();
    }
  }
};

} // namespace
} // namespace nnc::graph
