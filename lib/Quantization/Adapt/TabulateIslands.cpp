//===- TabulateIslands.cpp - All results of few bits ----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "../IntegerFunction.h"
#include "dialects/NN/Bilinear.h"
#include "dialects/NN/FloatIsland.h"
#include "nnc/Quantization/Passes.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_TABULATEISLANDS
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// Whether a weighted sum gives its results already, which takes less than a table.
bool isWeightedSum(nn::QuantizeOp op) {
  std::optional<nn::Bilinear> form = nn::bilinearOf(op);
  return form && form->product == 0;
}

struct TabulateIslands : impl::TabulateIslandsBase<TabulateIslands> {
  void runOnOperation() override {
    llvm::DenseSet<Value> runTime = runTimeValues(getOperation());
    for (nn::QuantizeOp op : getOperation().getOps<nn::QuantizeOp>()) {
      op->removeDiscardableAttr(nn::tableAttr); // a text may claim anything
      if (!runTime.contains(op.getResult()) || isWeightedSum(op))
        continue;
      if (!tabulate(op, IntegerFunction(op, runTime, IntegerFunction::Types::Narrow), /*most=*/2))
        tabulate(op, IntegerFunction(op, runTime, IntegerFunction::Types::Words), /*most=*/1);
    }
  }

private:
  /// False: it is no function of up to `most` tensors.
  bool tabulate(nn::QuantizeOp op, const IntegerFunction &function, size_t most) {
    ArrayRef<IntegerSource> sources = function.sources();
    if (!function.obstacle().empty() || sources.empty() || sources.size() > most)
      return false;
    SmallVector<int64_t> shape;
    for (const IntegerSource &source : sources)
      shape.push_back(int64_t(1) << typeOf(source.tensor).getElementTypeBitWidth());
    std::vector<int64_t> all = function.evaluate();
    if (all.empty())
      return true;
    SmallVector<int32_t> results(all.begin(), all.end());
    auto type = RankedTensorType::get(shape, IntegerType::get(&getContext(), 32));
    op->setDiscardableAttr(nn::tableAttr, DenseElementsAttr::get(type, ArrayRef(results)));
    return true;
  }
};

} // namespace
} // namespace nnc::quantization
