//===- FoldConstants.cpp - Ops on constants, evaluated by the interpreter -===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Constants.h"
#include "dialects/NN/CommonRewrites.h"
#include "nnc/Graph/Passes.h"
#include "nnc/Interpreter/Interpreter.h"

using namespace mlir;

namespace nnc::graph {
#define GEN_PASS_DEF_FOLDCONSTANTS
#include "nnc/Graph/Passes.h.inc"

namespace {

/// A result may always be as large as this, whatever its operands are.
constexpr int64_t smallBytes = 64 * 1024;
/// All results together may have this many times the bytes of the network's own constants, and
/// these besides.
constexpr int64_t mostGrowth = 8, mostBesides = 16 << 20;

int64_t bytesOf(Value v) {
  auto type = cast<RankedTensorType>(v.getType());
  return type.getNumElements() * nn::elementByteSize(type.getElementType());
}

int64_t bytesOfConstants(ModuleOp module) {
  int64_t bytes = 0;
  module.walk([&](nn::ConstantOp constant) { bytes += bytesOf(constant); });
  return bytes;
}

bool isFoldable(Operation &op) {
  if (!isa_and_nonnull<nn::NNDialect>(op.getDialect()) || isa<nn::ConstantOp, nn::FusedOp>(op) ||
      op.getNumResults() != 1 || op.getNumOperands() == 0)
    return false;
  int64_t operandBytes = 0;
  llvm::SmallPtrSet<Operation *, 4> operands;
  for (Value operand : op.getOperands()) {
    if (!operand.getDefiningOp<nn::ConstantOp>())
      return false;
    if (operands.insert(operand.getDefiningOp()).second)
      operandBytes += bytesOf(operand);
  }
  // Weights that are stored as integers but multiplied as floats: of use as floats only.
  return isa<nn::DequantizeOp>(op) ||
         bytesOf(op.getResult(0)) <= std::max(smallBytes, operandBytes);
}

/// A reshaped blob stays the same blob.
ElementsAttr reshaped(nn::ReshapeOp op) {
  auto value = op.getInput().getDefiningOp<nn::ConstantOp>().getValue();
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value))
    return DenseResourceElementsAttr::get(op.getType(), resource.getRawHandle());
  return nullptr;
}

FailureOr<ElementsAttr> evaluated(Operation &op) {
  std::vector<interpreter::Tensor> operands;
  for (Value operand : op.getOperands())
    operands.push_back(
        interpreter::Tensor::fromElements(operand.getDefiningOp<nn::ConstantOp>().getValue()));
  auto results = interpreter::evaluateOp(&op, operands);
  if (!results) {
    // What the interpreter does not know is left for a later stage to refuse by name.
    consumeError(results.takeError());
    return failure();
  }
  return results->front().toElements();
}

void fold(Operation &op, int64_t &budget) {
  ElementsAttr value;
  if (auto reshape = dyn_cast<nn::ReshapeOp>(op))
    value = reshaped(reshape);
  if (!value) {
    int64_t bytes = bytesOf(op.getResult(0));
    if (bytes > budget)
      return;
    FailureOr<ElementsAttr> result = evaluated(op);
    if (failed(result))
      return;
    budget -= bytes;
    value = *result;
  }
  OpBuilder b(&op);
  op.getResult(0).replaceAllUsesWith(b.create<nn::ConstantOp>(op.getLoc(), value));
  op.erase();
}

struct FoldConstants : impl::FoldConstantsBase<FoldConstants> {
  /// What may still be made, shared by the pass's runs over one network; none before the first.
  std::shared_ptr<std::optional<int64_t>> budget = std::make_shared<std::optional<int64_t>>();

  void runOnOperation() override {
    BlobScope blobs(getOperation());
    if (!*budget)
      *budget = mostGrowth * bytesOfConstants(getOperation()) + mostBesides;
    // In program order: what folds first is an operand of what folds next.
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      for (Operation &op : llvm::make_early_inc_range(function.getOps()))
        if (isFoldable(op))
          fold(op, **budget);
      nn::eraseDeadConstants(function);
    }
  }
};

} // namespace

std::unique_ptr<Pass> createFoldConstantsWithin(std::shared_ptr<std::optional<int64_t>> budget) {
  auto pass = std::make_unique<FoldConstants>();
  pass->budget = std::move(budget);
  return pass;
}

} // namespace nnc::graph
