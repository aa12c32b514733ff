//===- RecordLivenessPeak.cpp - Memory of the network as written ----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Footprint.h"
#include "nnc/Schedule/Passes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace nnc {
#define GEN_PASS_DEF_RECORDLIVENESSPEAK
#include "nnc/Schedule/Passes.h.inc"

namespace {

/// As they are written, quantized networks compute on floats that no plan will ever hold.
bool isQuantized(func::FuncOp func) { return !func.getOps<nn::DequantizeOp>().empty(); }

struct RecordLivenessPeak : impl::RecordLivenessPeakBase<RecordLivenessPeak> {
  void runOnOperation() override {
    Builder builder(&getContext());
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (!func.isDeclaration() && !func->hasAttr(schedule::livenessPeakAttr) && !isQuantized(func))
        func->setAttr(schedule::livenessPeakAttr,
                      builder.getI64IntegerAttr(schedule::livenessPeak(func)));
    markAllAnalysesPreserved();
  }
};

} // namespace
} // namespace nnc
