//===- VerifyPlan.cpp - Steps stay inside of their buffers ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Overlap.h"
#include "nnc/Schedule/Passes.h"

using namespace mlir;

namespace nnc {
#define GEN_PASS_DEF_VERIFYPLAN
#include "nnc/Schedule/Passes.h.inc"

using namespace schedule;

namespace {

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

bool areModerate(ElementsAttr scales) {
  if (!scales.getElementType().isF32())
    return false;
  std::vector<char> bytes = nn::elementBytes(scales);
  ArrayRef<float> values(reinterpret_cast<const float *>(bytes.data()), scales.getNumElements());
  return llvm::all_of(values, nn::isModerateScale);
}

/// Follows one program step by step.
class ProgramChecker {
public:
  ProgramChecker(plan::ProgramOp program, const KernelChooser &chooser)
      : program(program), chooser(chooser), symbols(program->getParentOp()) {}

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
    SmallVector<TensorPlace> reads, writes;
    for (auto [i, buffer] : llvm::enumerate(step.getReads()))
      reads.push_back({buffer.getDefiningOp(), step.getReadOffsets()[i], kernel.operandType(i),
                       kernel.operandLayout(i)});
    for (auto [i, buffer] : llvm::enumerate(step.getWrites()))
      writes.push_back({buffer.getDefiningOp(), step.getWriteOffsets()[i], kernel.resultType(i),
                        kernel.resultLayout(i)});
    for (const TensorPlace &place : reads)
      if (failed(checkUse(step, number, place, /*write=*/false)))
        return failure();
    for (const TensorPlace &place : writes)
      if (failed(checkUse(step, number, place, /*write=*/true)))
        return failure();
    if (failed(checkScales(step, kernel)))
      return failure();
    return checkOverlap(step, kernel, reads, writes);
  }

  /// What a kernel claims of the scales that it is called with.
  LogicalResult checkScales(plan::StepOp step, plan::KernelOp kernel) {
    for (Operation &op : kernel.getBlock()) {
      if (!op.hasAttr(nn::moderateScaleAttr))
        continue;
      Operation *bound = op.getOperand(1).getDefiningOp();
      if (auto argument = dyn_cast<BlockArgument>(op.getOperand(1)))
        bound = step.getReads()[argument.getArgNumber()].getDefiningOp();
      ElementsAttr scales;
      if (auto constant = dyn_cast_or_null<plan::ConstantOp>(bound))
        scales = constant.getValue();
      else if (auto constant = dyn_cast_or_null<nn::ConstantOp>(bound))
        scales = constant.getValue();
      if (!scales || !areModerate(scales))
        return step.emitError("kernel @")
               << kernel.getSymName() << " claims " << nn::moderateScaleAttr
               << ", which the scale that is bound here is not";
    }
    return success();
  }

  /// Kernels may read an operand after they have begun to write, in any order.
  LogicalResult checkOverlap(plan::StepOp step, plan::KernelOp kernel, ArrayRef<TensorPlace> reads,
                             ArrayRef<TensorPlace> writes) {
    for (auto [w, write] : llvm::enumerate(writes)) {
      for (auto [r, read] : llvm::enumerate(reads)) {
        bool inPlace = w == 0 && coincide(write, read) && chooser.mayAlias(kernel, r);
        if (!inPlace && overlap(write, read))
          return step.emitError("result ") << w << " shares bytes with operand " << r << ", and @"
                                           << step.getKernel() << " cannot run in place so";
      }
      for (size_t other = 0; other < w; ++other)
        if (overlap(write, writes[other]))
          return step.emitError("results ") << other << " and " << w << " share bytes";
    }
    return success();
  }

  LogicalResult checkUse(plan::StepOp step, int64_t number, const TensorPlace &place, bool write) {
    StringRef what = write ? "write" : "read";
    Operation *buffer = place.buffer;
    if (write && isa<plan::InputOp, plan::ConstantOp>(buffer))
      return step.emitError("writes to ") << buffer->getName();
    if (auto slot = dyn_cast<plan::SlotOp>(buffer))
      if (number < static_cast<int64_t>(slot.getFirst()) ||
          number > static_cast<int64_t>(slot.getLast()))
        return step.emitError() << what << "s a slot in step " << number
                                << " that is live in steps " << slot.getFirst() << " to "
                                << slot.getLast();
    if (place.isEmpty())
      return success();
    ByteRange range = place.range();
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
  const KernelChooser &chooser;
  SymbolTable symbols;
  llvm::DenseSet<Operation *> written;
};

struct VerifyPlan : impl::VerifyPlanBase<VerifyPlan> {
  VerifyPlan() : chooser(&stated) {}
  explicit VerifyPlan(const KernelChooser &chooser) : chooser(&chooser) {}
  VerifyPlan(const VerifyPlan &other)
      : VerifyPlanBase(other), chooser(other.chooser == &other.stated ? &stated : other.chooser) {}

  void runOnOperation() override {
    for (auto program : getOperation().getOps<plan::ProgramOp>())
      if (failed(ProgramChecker(program, *chooser).check()))
        return signalPassFailure();
    markAllAnalysesPreserved();
  }

  StatedChooser stated;
  const KernelChooser *chooser;
};

} // namespace

std::unique_ptr<Pass> createVerifyPlan(const KernelChooser &chooser) {
  return std::make_unique<VerifyPlan>(chooser);
}

} // namespace nnc
