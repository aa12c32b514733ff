//===- RegisterPorts.cpp - Registers at the ports of a core -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Target/HLS/Passes.h"

#include "dialects/RTL/RTLOps.h"

using namespace mlir;

namespace nnc::hls {
#define GEN_PASS_DEF_REGISTERPORTS
#include "nnc/Target/HLS/Passes.h.inc"

namespace {

/// Data need no reset; what says that they are there does.
Value makeRegister(OpBuilder &builder, Value next, StringRef port) {
  bool isValid = port.ends_with("_valid");
  auto reg = builder.create<rtl::RegOp>(next.getLoc(), next.getType(), next, Value(),
                                        isValid ? builder.getIntegerAttr(next.getType(), 0)
                                                : IntegerAttr());
  reg->setAttr(rtl::nameAttr, builder.getStringAttr(port + "_reg"));
  return reg;
}

struct RegisterPorts : impl::RegisterPortsBase<RegisterPorts> {
  using RegisterPortsBase::RegisterPortsBase;

  void runOnOperation() override {
    rtl::DesignOp design = getOperation();
    auto core = design.lookupSymbol<rtl::RTLModuleOp>(design.getSymName());
    if (!core) {
      design.emitError("has no module of its own name, whose ports could have registers");
      return signalPassFailure();
    }
    rtl::Signature ports = rtl::signatureOf(core);
    if (inputs) {
      OpBuilder builder = OpBuilder::atBlockBegin(&core.getBlock());
      for (auto [port, argument] : llvm::zip_equal(ports.inputs, core.getBody().getArguments())) {
        Value reg = makeRegister(builder, argument, port.name);
        argument.replaceAllUsesExcept(reg, reg.getDefiningOp());
      }
    }
    if (outputs) {
      rtl::OutputOp output = core.getOutputs();
      OpBuilder builder(output);
      for (auto [port, operand] : llvm::zip_equal(ports.outputs, output->getOpOperands()))
        operand.set(makeRegister(builder, operand.get(), port.name));
    }
  }
};

} // namespace
} // namespace nnc::hls
