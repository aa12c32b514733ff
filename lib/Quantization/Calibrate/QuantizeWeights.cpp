//===- QuantizeWeights.cpp - Weights of 8 bits, all else floats -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Quantization/Calibrate/QuantizeWeights.h"

#include "../Constants.h"
#include "StoredWeights.h"
#include "dialects/NN/CommonRewrites.h"
#include "nnc/Quantization/Passes.h"

#include <cmath>

using namespace mlir;
using nnc::interpreter::Tensor;

namespace nnc::quantization {
#define GEN_PASS_DEF_QUANTIZEWEIGHTS
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// No integer stands for NaN, and an infinite weight leaves nothing of the others.
LogicalResult checkFinite(Operation *contraction, const Tensor &weights) {
  for (auto [i, w] : llvm::enumerate(weights.elements<float>()))
    if (!std::isfinite(w))
      return contraction->emitError("weights must be finite, element ")
             << i << " is " << (std::isnan(w) ? "NaN" : "infinite")
             << ": mend the model, no integer stands for it";
  return success();
}

struct QuantizeWeights : impl::QuantizeWeightsBase<QuantizeWeights> {
  void runOnOperation() override {
    if (failed(quantizeWeights(getOperation())))
      signalPassFailure();
  }
};

} // namespace

LogicalResult quantizeWeights(func::FuncOp network) {
  bool areFinite = true; // all that are not are reported
  for (Operation &op : llvm::make_early_inc_range(network.getBody().front())) {
    if (!op.hasTrait<nn::Contraction>() || !typeOf(op.getResult(0)).getElementType().isF32())
      continue;
    for (unsigned i : {0u, 1u}) {
      Tensor value = constantValue(op.getOperand(i));
      if (!value)
        continue;
      if (failed(checkFinite(&op, value)))
        areFinite = false;
      else
        storeNearest(&op, i, value);
    }
  }
  nn::eraseDeadConstants(network);
  return success(areFinite);
}

} // namespace nnc::quantization
