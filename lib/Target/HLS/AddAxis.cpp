//===- AddAxis.cpp - A core behind AXI4-Stream, for tests ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/HLS/Axis.h"
#include "nnc/Target/HLS/Passes.h"

using namespace mlir;

namespace nnc::hls {
#define GEN_PASS_DEF_ADDAXIS
#include "nnc/Target/HLS/Passes.h.inc"

namespace {

/// A port's width; 0: there is none of that name, and addAxis says so.
unsigned widthOfPort(ArrayRef<rtl::Port> ports, StringRef name) {
  for (rtl::Port port : ports)
    if (port.name == name)
      return rtl::widthOf(port.type);
  return 0;
}

struct AddAxis : impl::AddAxisBase<AddAxis> {
  using AddAxisBase::AddAxisBase;

  void runOnOperation() override {
    rtl::DesignOp design = getOperation();
    rtl::Signature ports;
    if (auto module = design.lookupSymbol<rtl::RTLModuleOp>(design.getSymName()))
      ports = rtl::signatureOf(module);
    Core core;
    core.name = design.getSymName().str();
    core.input = {inBeats, 1, widthOfPort(ports.inputs, "in_data"), false, {}};
    core.output = {outBeats, 1, widthOfPort(ports.outputs, "out_data"), false, {}};
    core.latency = latency;
    core.pause = pause;
    if (failed(addAxis(design, core)))
      signalPassFailure();
  }
};

} // namespace
} // namespace nnc::hls
