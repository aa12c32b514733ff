//===- VerifyPlan.cpp - Steps stay inside of their buffers ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Layouts.h"
#include "nnc/Schedule/Passes.h"

using namespace mlir;

namespace nnc {
#define GEN_PASS_DEF_VERIFYPLAN
#include "nnc/Schedule/Passes.h.inc"

using namespace schedule;

namespace {

/// Bytes [first, end) of a buffer.
struct ByteRange {
  int64_t first, end;
};

int64_t bytesOf(RankedTensorType type) {
  return type.getNumElements() * nn::elementByteSize(type.getElementType());
}

int64_t bufferBytes(Operation *buffer) {
  if (auto input = dyn_cast<plan::InputOp>(buffer))
    return bytesOf(cast<RankedTensorType>(input.getType()));
  if (auto output = dyn_cast<plan::OutputOp>(buffer))
    return bytesOf(cast<RankedTensorType>(output.getType()));
  if (auto slot = dyn_cast<plan::SlotOp>(buffer))
    return slot.getBytes();
  return plan::packedBytes(cast<plan::ConstantOp>(buffer));
}

/// Follows one program step by step.
class ProgramChecker {
public:
  explicit ProgramChecker(plan::ProgramOp program)
      : program(program), symbols(program->getParentOp()) {}

  LogicalResult check() {
    int64_t number = 0;
    for (auto step : program.getBody().front().getOps<plan::StepOp>())
      if (failed(checkStep(step, number++)))
        return failure();
    for (auto output : program.getBody().front().getOps<plan::OutputOp>())
      if (bufferBytes(output) > 0 && !written.contains(output))
        return output.emitError("no step writes this output");
    return success();
  }

private:
  LogicalResult checkStep(plan::StepOp step, int64_t number) {
    auto kernel = symbols.lookup<plan::KernelOp>(step.getKernel());
    if (!kernel)
      return step.emitError("kernel @") << step.getKernel() << " does not exist";
    if (kernel.getOperandLayouts().size() != step.getReads().size() ||
        kernel.getResultLayouts().size() != step.getWrites().size())
      return step.emitError("binds ")
             << step.getReads().size() << " operands and " << step.getWrites().size()
             << " results, its kernel has " << kernel.getOperandLayouts().size() << " and "
             << kernel.getResultLayouts().size();
    for (auto [i, buffer] : llvm::enumerate(step.getReads()))
      if (failed(checkUse(step, number, buffer.getDefiningOp(), step.getReadOffsets()[i],
                          kernel.operandType(i), kernel.operandLayout(i), /*write=*/false)))
        return failure();
    for (auto [i, buffer] : llvm::enumerate(step.getWrites()))
      if (failed(checkUse(step, number, buffer.getDefiningOp(), step.getWriteOffsets()[i],
                          kernel.resultType(i), kernel.resultLayout(i), /*write=*/true)))
        return failure();
    return success();
  }

  LogicalResult checkUse(plan::StepOp step, int64_t number, Operation *buffer, int64_t origin,
                         RankedTensorType type, plan::LayoutAttr layout, bool write) {
    StringRef what = write ? "write" : "read";
    if (write && isa<plan::InputOp, plan::ConstantOp>(buffer))
      return step.emitError("writes to ") << buffer->getName();
    if (auto slot = dyn_cast<plan::SlotOp>(buffer))
      if (number < static_cast<int64_t>(slot.getFirst()) ||
          number > static_cast<int64_t>(slot.getLast()))
        return step.emitError() << what << "s a slot in step " << number
                                << " that is live in steps " << slot.getFirst() << " to "
                                << slot.getLast();
    if (type.getNumElements() == 0)
      return success();
    auto [first, last] = reach(layout, type.getShape());
    int64_t size = nn::elementByteSize(type.getElementType());
    ByteRange range{origin + first * size, origin + (last + 1) * size};
    if (range.first < 0 || range.end > bufferBytes(buffer))
      return step.emitError() << what << "s bytes " << range.first << " to " << range.end
                              << " of a buffer of " << bufferBytes(buffer);
    if (write) {
      written.insert(buffer);
      return success();
    }
    if (isa<plan::SlotOp, plan::OutputOp>(buffer) && !written.contains(buffer))
      return step.emitError("reads a buffer that no step has written");
    return success();
  }

  plan::ProgramOp program;
  SymbolTable symbols;
  llvm::DenseSet<Operation *> written;
};

struct VerifyPlan : impl::VerifyPlanBase<VerifyPlan> {
  void runOnOperation() override {
    for (auto program : getOperation().getOps<plan::ProgramOp>())
      if (failed(ProgramChecker(program).check()))
        return signalPassFailure();
    markAllAnalysesPreserved();
  }
};

} // namespace
} // namespace nnc
