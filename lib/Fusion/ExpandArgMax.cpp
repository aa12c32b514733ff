//===- ExpandArgMax.cpp - Indices of greatest elements as primitive ops -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/NN/ElementTypes.h"
#include "dialects/NN/NNSearchOps.h"
#include "nnc/Fusion/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <numeric>

using namespace mlir;

namespace nnc::fusion {
#define GEN_PASS_DEF_EXPANDARGMAX
#include "nnc/Fusion/Passes.h.inc"

namespace {

class Expander {
public:
  explicit Expander(nn::ArgMaxOp op)
      : op(op), b(op), axis(static_cast<int64_t>(op.getAxis())),
        count(op.getInput().getType().getDimSize(axis)) {}

  void run() {
    // Differences may wrap, but are zero of equal elements only.
    bool isWide = op.getInput().getType().getElementTypeBitWidth() > 32;
    Value x = cast(op.getInput(), isWide ? 64 : 32);
    Value greatest = b.create<nn::ReduceMaxOp>(op.getLoc(), x, axis, /*keepdims=*/true);
    Value isLess = cast(b.create<nn::SubOp>(op.getLoc(), greatest, x), 1);
    // The place of each element from the end that loses among equals.
    std::vector<int32_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), 0);
    if (!op.getLast())
      std::reverse(numbers.begin(), numbers.end());
    SmallVector<int64_t> shape(op.getInput().getType().getRank(), 1);
    shape[axis] = count;
    Value places =
        b.create<nn::SelectOp>(op.getLoc(), isLess, constant({}, 0), constant(shape, numbers));
    Value place = b.create<nn::ReduceMaxOp>(op.getLoc(), places, axis, op.getKeepdims());
    if (!op.getLast())
      place =
          b.create<nn::SubOp>(op.getLoc(), constant({}, static_cast<int32_t>(count - 1)), place);
    op.replaceAllUsesWith(cast(place, 64));
    op.erase();
  }

private:
  Value cast(Value value, unsigned bits) {
    auto type = llvm::cast<RankedTensorType>(value.getType());
    if (type.getElementType().isSignlessInteger(bits))
      return value;
    return b.create<nn::CastOp>(op.getLoc(), type.clone(b.getIntegerType(bits)), value);
  }

  Value constant(ArrayRef<int64_t> shape, ArrayRef<int32_t> numbers) {
    return b.create<nn::ConstantOp>(
        op.getLoc(), DenseElementsAttr::get(RankedTensorType::get(shape, b.getI32Type()), numbers));
  }

  nn::ArgMaxOp op;
  OpBuilder b;
  int64_t axis, count;
};

struct ExpandArgMax : impl::ExpandArgMaxBase<ExpandArgMax> {
  void runOnOperation() override {
    bool good = true;
    for (nn::ArgMaxOp op : llvm::to_vector(getOperation().getOps<nn::ArgMaxOp>())) {
      if (isa<IntegerType>(op.getInput().getType().getElementType())) {
        Expander(op).run();
        continue;
      }
      op.emitError() << "ArgMax of floats has no kernel: let the network quantize its operand, or "
                        "end it before with -outputs";
      good = false;
    }
    if (!good)
      signalPassFailure();
  }
};

} // namespace
} // namespace nnc::fusion
