//===- UnpackPorts.cpp - Elements below eight bits one by one --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "dialects/NN/CommonRewrites.h"
#include "nnc/Quantization/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_UNPACKPORTS
#include "nnc/Quantization/Passes.h.inc"

namespace {

struct UnpackPorts : impl::UnpackPortsBase<UnpackPorts> {
  void runOnOperation() override {
    func::FuncOp network = getOperation();
    Operation *end = network.getBody().front().getTerminator();
    for (BlockArgument argument : network.getArguments())
      unpack(argument);
    for (OpOperand &result : end->getOpOperands())
      unpack(result);
    network.setFunctionType(FunctionType::get(
        &getContext(), network.getBody().front().getArgumentTypes(), end->getOperandTypes()));
    nn::eraseDeadOps(network);
  }

private:
  void unpack(BlockArgument argument) {
    unsigned number = argument.getArgNumber();
    auto packed = getOperation().getArgAttrOfType<TypeAttr>(number, nn::packedAttr);
    if (!packed)
      return;
    getOperation().removeArgAttr(number, nn::packedAttr);
    argument.setType(packed.getValue());
    for (Operation *user : llvm::make_early_inc_range(argument.getUsers())) {
      auto elements = dyn_cast<nn::UnpackOp>(user);
      if (!elements)
        continue; // it leaves as it came
      OpBuilder b(elements);
      elements.replaceAllUsesWith(
          b.createOrFold<nn::ReshapeOp>(elements.getLoc(), elements.getType(), argument));
      elements.erase();
    }
  }

  void unpack(OpOperand &result) {
    unsigned number = result.getOperandNumber();
    auto packed = getOperation().getResultAttrOfType<TypeAttr>(number, nn::packedAttr);
    if (!packed)
      return;
    getOperation().removeResultAttr(number, StringAttr::get(&getContext(), nn::packedAttr));
    if (auto pack = result.get().getDefiningOp<nn::PackOp>()) {
      OpBuilder b(result.getOwner());
      result.set(b.createOrFold<nn::ReshapeOp>(pack.getLoc(), packed.getValue(), pack.getInput()));
    }
  }
};

} // namespace
} // namespace nnc::quantization
