//===- QuantizeInputs.cpp - Inputs in a stated fixed-point format -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "nnc/Quantization/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <cmath>

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_QUANTIZEINPUTS
#include "nnc/Quantization/Passes.h.inc"

namespace {

class QuantizeInputs : public impl::QuantizeInputsBase<QuantizeInputs> {
public:
  void runOnOperation() override {
    func::FuncOp network = getOperation();
    for (BlockArgument argument : network.getArguments())
      if (auto format =
              network.getArgAttrOfType<DenseI64ArrayAttr>(argument.getArgNumber(), formatAttr)) {
        quantize(argument, format[0], format[1]);
        network.removeArgAttr(argument.getArgNumber(), formatAttr);
      }
  }

private:
  void quantize(BlockArgument argument, int64_t bits, int64_t fraction) {
    SmallVector<OpOperand *> uses;
    for (OpOperand &use : argument.getUses())
      uses.push_back(&use);
    OpBuilder b = OpBuilder::atBlockBegin(argument.getOwner());
    Location loc = argument.getLoc();
    Type element = b.getIntegerType(bits <= 8 ? 8 : 16);
    auto type = RankedTensorType::get(typeOf(argument).getShape(), element);
    Value scale = nn::createFloats(b, loc, {}, std::ldexp(1.0f, -int(fraction)));
    Value zero = integerConstant(b, loc, {}, element, {0});
    Value integers = b.create<nn::QuantizeOp>(loc, type, argument, scale, zero);
    if (int64_t(element.getIntOrFloatBitWidth()) != bits) {
      int64_t half = int64_t(1) << (bits - 1);
      integers = b.create<nn::ClipOp>(loc, type, integers, b.getIntegerAttr(element, -half),
                                      b.getIntegerAttr(element, half - 1));
    }
    Value floats = b.create<nn::DequantizeOp>(loc, argument.getType(), integers, scale, zero);
    for (OpOperand *use : uses)
      use->set(floats);
  }
};

} // namespace
} // namespace nnc::quantization
