//===- DescribePorts.cpp - Scales and zero points of the caller's tensors ---===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Ports.h"
#include "nnc/Quantization/Passes.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_DESCRIBEPORTS
#include "nnc/Quantization/Passes.h.inc"

namespace {

struct DescribePorts : impl::DescribePortsBase<DescribePorts> {
  void runOnOperation() override {
    func::FuncOp network = getOperation();
    for (BlockArgument argument : network.getArguments())
      if (unsigned i = argument.getArgNumber(); !network.getArgAttr(i, nn::scaleAttr))
        describeArgument(network, i, gridOfArgument(argument, Roundings::HalfEven));
    for (OpOperand &result : network.getBody().front().getTerminator()->getOpOperands())
      if (unsigned i = result.getOperandNumber(); !network.getResultAttr(i, nn::scaleAttr))
        describeResult(network, i, gridOfResult(result.get()));
  }
};

} // namespace
} // namespace nnc::quantization
