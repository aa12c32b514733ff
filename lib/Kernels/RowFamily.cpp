//===- RowFamily.cpp - Groups with reductions ----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "RowEmitter.h"
#include "TileReader.h"
#include "nnc/Kernels/KernelFamily.h"

using namespace mlir;

namespace nnc {
namespace {

class RowFamily : public KernelFamily {
public:
  StringRef name() const override { return "row"; }
  void candidates(nn::FusedOp fused, const TargetModel &target,
                  std::vector<Candidate> &out) const override {
    auto group = RowGroup::match(fused.getBody().front());
    if (!group)
      return;
    Candidate c;
    c.algorithm = "row";
    c.tile = DictionaryAttr::get(fused.getContext());
    c.operands.resize(fused.getNumOperands());
    c.results.resize(fused.getNumResults());
    c.mayAlias.assign(fused.getNumOperands(), false);
    double passes = group->reductions.size() + 1;
    c.cycles = 100 + 8 * passes * ShapedType::getNumElements(group->shape) / target.lanes();
    out.push_back(std::move(c));
  }
  /// Result 0 holds a value between passes while operands are still read.
  bool mayAlias(plan::KernelOp, unsigned) const override { return false; }
  LogicalResult generate(plan::KernelOp kernel, ValueRange pointers,
                         KernelEmitter &emitter) const override {
    auto group = RowGroup::match(kernel.getBlock());
    if (!group)
      return kernel.emitError("body is no group of reductions along common axes");
    if (failed(TileReader(kernel).finish()))
      return failure();
    RowEmitter(kernel, pointers, emitter, *group).emit();
    unsigned operands = kernel.getBlock().getNumArguments();
    for (unsigned i = 0, n = kernel.getResultLayouts().size(); i < n; ++i)
      emitter.fillHalo(pointers[operands + i], kernel.resultType(i), kernel.resultLayout(i));
    return success();
  }
};

} // namespace

std::unique_ptr<KernelFamily> createRowFamily() { return std::make_unique<RowFamily>(); }

} // namespace nnc
