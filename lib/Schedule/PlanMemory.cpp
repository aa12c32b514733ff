//===- PlanMemory.cpp - Groups become steps over one arena ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Footprint.h"
#include "KernelTable.h"
#include "StepProofs.h"
#include "nnc/Schedule/Passes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace nnc {
#define GEN_PASS_DEF_PLANMEMORY
#include "nnc/Schedule/Passes.h.inc"

using namespace schedule;

namespace {

/// Writes the program of one function.
class ProgramWriter {
public:
  ProgramWriter(func::FuncOp func, KernelTable &kernels)
      : func(func), kernels(kernels), placement(func), builder(func),
        bufferType(plan::BufferType::get(func.getContext())) {}

  void write() {
    placement.runInPlace();
    Packing packing = packSlots(slotRequests(placement, requestOf));
    auto program = builder.create<plan::ProgramOp>(func.getLoc(), func.getSymName(), packing.bytes,
                                                   slotAlignment);
    builder.setInsertionPointToStart(&program.getBody().emplaceBlock());
    writeCallerBuffers();
    writeSlotsAndConstants(packing);
    for (nn::FusedOp group : placement.steps())
      writeStep(group);
    func.erase();
  }

private:
  StringRef nameOf(DictionaryAttr attributes, StringRef otherwise, unsigned index) {
    if (auto name = attributes ? attributes.getAs<StringAttr>(nn::nameAttr) : StringAttr())
      return name.getValue();
    return builder.getStringAttr(otherwise + Twine(index)).getValue();
  }

  /// What `attributes` say of the caller's tensor that `buffer` is, but for its name.
  static Value withFacts(Operation *buffer, DictionaryAttr attributes) {
    for (StringRef name : {nn::scaleAttr, nn::zeroPointAttr, nn::packedAttr})
      if (Attribute value = attributes ? attributes.get(name) : Attribute())
        buffer->setDiscardableAttr(name, value);
    return buffer->getResult(0);
  }

  void writeCallerBuffers() {
    values.resize(placement.buffers().size());
    for (auto [i, type] : llvm::enumerate(func.getArgumentTypes()))
      values[i] =
          withFacts(builder.create<plan::InputOp>(func.getArgument(i).getLoc(), bufferType, i,
                                                  nameOf(func.getArgAttrDict(i), "input", i),
                                                  cast<RankedTensorType>(type)),
                    func.getArgAttrDict(i));
    Operation *terminator = func.getBody().front().getTerminator();
    SmallVector<Value> outputs;
    for (auto [i, type] : llvm::enumerate(func.getResultTypes()))
      outputs.push_back(withFacts(
          builder.create<plan::OutputOp>(terminator->getOperand(i).getLoc(), bufferType, i,
                                         nameOf(func.getResultAttrDict(i), "output", i),
                                         cast<RankedTensorType>(type)),
          func.getResultAttrDict(i)));
    for (auto [i, buffer] : llvm::enumerate(placement.buffers()))
      if (buffer.kind == Buffer::Output)
        values[i] = outputs[buffer.index];
  }

  void writeSlotsAndConstants(const Packing &packing) {
    for (auto [i, buffer] : llvm::enumerate(placement.buffers())) {
      if (buffer.kind == Buffer::Constant)
        values[i] = builder.create<plan::ConstantOp>(func.getLoc(), bufferType, buffer.value,
                                                     buffer.layout);
      else if (requestOf[i] >= 0)
        values[i] =
            builder.create<plan::SlotOp>(func.getLoc(), bufferType, packing.offsets[requestOf[i]],
                                         buffer.bytes, buffer.first, buffer.last);
    }
  }

  void writeStep(nn::FusedOp group) {
    SmallVector<Value> reads, writes;
    SmallVector<int64_t> readOffsets, writeOffsets;
    for (unsigned i = 0; i < group.getInputs().size(); ++i) {
      Place place = placement.operandPlace(group, i);
      reads.push_back(values[place.buffer]);
      readOffsets.push_back(place.origin);
    }
    for (OpResult result : group.getResults()) {
      Place place = placement.resultPlace(result);
      writes.push_back(values[place.buffer]);
      writeOffsets.push_back(place.origin);
    }
    SmallVector<StringRef> nodes = nn::nodeNames(group.getLoc());
    Location loc = group.getLoc();
    NamedAttrList proofs = takeProofs(group);
    FlatSymbolRefAttr kernel = kernels.symbolFor(group);
    auto step = builder.create<plan::StepOp>(
        loc, kernel, reads, writes, builder.getDenseI64ArrayAttr(readOffsets),
        builder.getDenseI64ArrayAttr(writeOffsets), builder.getStrArrayAttr(nodes),
        group->getAttrOfType<ArrayAttr>(nn::notesAttr));
    for (NamedAttribute proof : proofs)
      step->setDiscardableAttr(proof.getName(), proof.getValue());
  }

  func::FuncOp func;
  KernelTable &kernels;
  Placement placement;
  OpBuilder builder;
  plan::BufferType bufferType;
  std::vector<int64_t> requestOf; ///< per buffer
  std::vector<Value> values;      ///< per buffer
};

struct PlanMemory : impl::PlanMemoryBase<PlanMemory> {
  void runOnOperation() override {
    KernelTable kernels(getOperation());
    for (auto func : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      ProgramWriter(func, kernels).write();
  }
};

} // namespace
} // namespace nnc
