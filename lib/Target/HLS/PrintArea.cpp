//===- PrintArea.cpp - What a design takes, as a pass ----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/HLS/Area.h"
#include "nnc/Target/HLS/Passes.h"

using namespace mlir;

namespace nnc::hls {
#define GEN_PASS_DEF_PRINTAREA
#include "nnc/Target/HLS/Passes.h.inc"

namespace {

void print(llvm::StringRef name, const Area &area) {
  llvm::outs() << name << ": " << area.lut << " LUT, " << area.ff << " FF, " << area.bram
               << " block RAM, " << area.dsp << " DSP\n";
}

struct PrintArea : impl::PrintAreaBase<PrintArea> {
  using PrintAreaBase::PrintAreaBase;

  void runOnOperation() override {
    for (auto design : getOperation().getOps<rtl::DesignOp>()) {
      auto top = design.lookupSymbol<rtl::RTLModuleOp>(design.getSymName());
      if (!top) {
        design.emitError() << "has no module '" << design.getSymName() << "'";
        return signalPassFailure();
      }
      AreaEstimate estimate = estimateArea(top);
      print(design.getSymName(), estimate.total);
      for (const PartArea &part : estimate.parts)
        print("  " + (part.part.empty() ? "(no layer)" : part.part), part.area);
    }
  }
};

} // namespace
} // namespace nnc::hls
