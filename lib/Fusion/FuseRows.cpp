//===- FuseRows.cpp - Reductions with what stands between and around them -===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Group.h"
#include "nnc/Fusion/Passes.h"

using namespace mlir;

namespace nnc::fusion {
#define GEN_PASS_DEF_FUSEROWS
#include "nnc/Fusion/Passes.h.inc"

namespace {

ArrayRef<int64_t> axesOf(Operation *reduction) {
  return cast<DenseI64ArrayAttr>(reduction->getAttr("axes")).asArrayRef();
}

/// What a group reduces: the whole shape and the shape with the axes reduced.
struct Rows {
  ArrayRef<int64_t> axes;
  SmallVector<int64_t> whole, reduced;

  explicit Rows(Operation *reduction) : axes(axesOf(reduction)) {
    whole = llvm::to_vector(cast<RankedTensorType>(reduction->getOperand(0).getType()).getShape());
    reduced = whole;
    for (int64_t d : axes)
      reduced[d] = 1;
  }

  std::string refuse(Operation *op) const {
    if (op->hasTrait<nn::Reduction>()) {
      bool same = axesOf(op) == axes && hasShape(op->getOperand(0), whole) &&
                  hasShape(op->getResult(0), reduced);
      return same ? "" : "reduces another shape or other axes";
    }
    if (std::string reason = refuseOther(op); !reason.empty())
      return reason;
    Value result = op->getResult(0);
    return hasShape(result, whole) || hasShape(result, reduced) ? ""
                                                                : "its result has another shape";
  }

private:
  static bool hasShape(Value v, ArrayRef<int64_t> shape) {
    return cast<RankedTensorType>(v.getType()).getShape() == shape;
  }
};

struct FuseRows : impl::FuseRowsBase<FuseRows> {
  void runOnOperation() override {
    SmallVector<Operation *> reductions;
    for (Operation &op : getOperation().getOps())
      if (op.hasTrait<nn::Reduction>())
        reductions.push_back(&op);
    for (Operation *seed : reductions) {
      if (seed->getParentOp() != getOperation())
        continue; // an earlier group took it along
      Rows rows(seed);
      auto refuse = [&](Operation *op) { return rows.refuse(op); };
      Group group(seed);
      group.growForward(refuse);
      group.growBackward(refuse);
      group.form();
    }
  }
};

} // namespace
} // namespace nnc::fusion
