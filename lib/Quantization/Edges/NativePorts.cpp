//===- NativePorts.cpp - Integers at the caller's border --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "Ports.h"
#include "dialects/NN/CommonRewrites.h"
#include "dialects/NN/ElementTypes.h"
#include "dialects/NN/Packing.h"
#include "nnc/Quantization/Passes.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_NATIVEPORTS
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// Gives `value`, and what is rearranged from it, elements of type `stored`; quantizing them has
/// been done before.
void retype(Value value, Type stored) {
  SmallVector<Value> pending = {value};
  while (!pending.empty()) {
    Value next = pending.pop_back_val();
    next.setType(typeOf(next).clone(stored));
    for (Operation *reader : llvm::make_early_inc_range(next.getUsers())) {
      if (auto quantize = dyn_cast<nn::QuantizeOp>(reader)) {
        quantize.replaceAllUsesWith(next);
        quantize.erase();
      } else {
        pending.push_back(reader->getResult(0));
      }
    }
  }
}

/// The integers that the floats `value` stand for, rearranged as those are.
Value integersOf(OpBuilder &b, Value value) {
  SmallVector<Operation *> chain;
  while (!isa<nn::DequantizeOp>(value.getDefiningOp())) {
    chain.push_back(value.getDefiningOp());
    value = chain.back()->getOperand(0);
  }
  Value integers = value.getDefiningOp<nn::DequantizeOp>().getInput();
  for (Operation *op : llvm::reverse(chain)) {
    Operation *copy = b.clone(*op);
    copy->setOperand(0, integers);
    Value result = copy->getResult(0);
    result.setType(typeOf(result).clone(typeOf(integers).getElementType()));
    integers = result;
  }
  return integers;
}

struct NativePorts : impl::NativePortsBase<NativePorts> {
  using NativePortsBase::NativePortsBase;

  void runOnOperation() override {
    network = getOperation();
    for (BlockArgument argument : network.getArguments())
      makeNative(argument);
    for (OpOperand &result : network.getBody().front().getTerminator()->getOpOperands())
      makeNative(result);
    updateType();
    if (required && !isAnyNative) {
      network.emitError("-io=native: no input or output of the network is quantized; leave "
                        "the option away, or quantize the network, as -quantize=int8 does");
      signalPassFailure();
    }
  }

private:
  void makeNative(BlockArgument argument) {
    unsigned number = argument.getArgNumber();
    llvm::Expected<Grid> grid =
        gridOfArgument(argument, anyRounding ? Roundings::All : Roundings::HalfEven);
    if (!grid)
      return keep(argument, "input", network.getArgAttrOfType<StringAttr>(number, nn::nameAttr),
                  grid.takeError());
    isAnyNative = true;
    describeArgument(network, number, *grid);
    if (!isFloat(argument))
      return;
    RankedTensorType type = typeOf(argument).clone(grid->stored);
    Value elements = argument;
    if (packs && nn::isPacked(type)) {
      network.setArgAttr(number, nn::packedAttr, TypeAttr::get(type));
      auto uses = llvm::to_vector(llvm::make_pointer_range(argument.getUses()));
      OpBuilder b = OpBuilder::atBlockBegin(argument.getOwner());
      argument.setType(nn::packedType(type));
      elements = nn::createUnpacked(b, argument, type);
      for (OpOperand *use : uses)
        use->set(elements);
    }
    retype(elements, grid->stored);
  }

  void makeNative(OpOperand &result) {
    unsigned number = result.getOperandNumber();
    llvm::Expected<Grid> grid = gridOfResult(result.get());
    if (!grid)
      return keep(result.get(), "output",
                  network.getResultAttrOfType<StringAttr>(number, nn::nameAttr), grid.takeError());
    isAnyNative = true;
    describeResult(network, number, *grid);
    if (!isFloat(result.get()))
      return;
    OpBuilder b(result.getOwner());
    Value integers = integersOf(b, result.get());
    if (packs && nn::isPacked(typeOf(integers))) {
      network.setResultAttr(number, nn::packedAttr, TypeAttr::get(integers.getType()));
      integers = nn::createPacked(b, integers);
    }
    result.set(integers);
  }

  /// `port` keeps its type, which is said of floats.
  void keep(Value port, StringRef kind, StringAttr name, llvm::Error reason) {
    if (!isFloat(port) || !required)
      return llvm::consumeError(std::move(reason));
    InFlightDiagnostic remark = emitRemark(port.getLoc()) << "-io=native: " << kind;
    if (name)
      remark << " '" << name.getValue() << "'";
    remark << " stays float32: " << llvm::toString(std::move(reason));
  }

  void updateType() {
    Block &body = network.getBody().front();
    network.setFunctionType(FunctionType::get(&getContext(), body.getArgumentTypes(),
                                              body.getTerminator()->getOperandTypes()));
    nn::eraseDeadOps(network); // the floats that nobody wants any more
  }

  func::FuncOp network;
  bool isAnyNative = false;
};

} // namespace
} // namespace nnc::quantization
