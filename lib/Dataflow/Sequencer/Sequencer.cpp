//===- Sequencer.cpp - Networks as sequencers ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/Sequencer/BuildDesign.h"
#include "nnc/Dataflow/Sequencer/BuildProgram.h"
#include "nnc/Dataflow/Sequencer/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

namespace nnc::sequencer {
#define GEN_PASS_DEF_SEQUENCER
#include "nnc/Dataflow/Sequencer/Passes.h.inc"

namespace {

/// What tests and readers want to know of a core.
DictionaryAttr describe(OpBuilder &b, const hls::Core &core, const Program &program) {
  auto bus = [&](const hls::Bus &side, const std::vector<PortTensor> &tensors) {
    std::vector<int32_t> order;
    for (const PortTensor &tensor : tensors) // counted through all tensors
      for (int32_t before = order.size(); uint32_t element : tensor.order)
        order.push_back(before + static_cast<int32_t>(element));
    return b.getDictionaryAttr({b.getNamedAttr("beats", b.getI64IntegerAttr(side.beats)),
                                b.getNamedAttr("bits", b.getI64IntegerAttr(side.laneBits)),
                                b.getNamedAttr("order", b.getDenseI32ArrayAttr(order)),
                                b.getNamedAttr("signed", b.getBoolAttr(side.isSigned))});
  };
  return b.getDictionaryAttr({b.getNamedAttr("input", bus(core.input, program.inputs)),
                              b.getNamedAttr("latency", b.getI64IntegerAttr(core.latency)),
                              b.getNamedAttr("output", bus(core.output, program.outputs)),
                              b.getNamedAttr("pause", b.getI64IntegerAttr(core.pause))});
}

struct Sequencer : impl::SequencerBase<Sequencer> {
  using SequencerBase::SequencerBase;

  void runOnOperation() override {
    if (lanes < 1 || lanes > maxLanes) {
      getOperation().emitError("lanes must be 1 to ") << maxLanes << ", not " << lanes;
      return signalPassFailure();
    }
    for (auto network : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      FailureOr<Program> program = buildProgram(network, network.getSymName(), lanes);
      if (failed(program))
        return signalPassFailure();
      Scaling scaling = balancedScaling(*program);
      Schedule times = schedule(*program, scaling);
      emitRemark(network.getLoc())
          << program->name << ": " << times.cycles
          << " cycles from the last input to the last output = " << formula(*program, times);
      network.erase();
      OpBuilder builder = OpBuilder::atBlockEnd(getOperation().getBody());
      rtl::DesignOp design =
          buildDesign(builder, *program, scaling, times, {.multiplierBlocks = multiplierBlocks});
      design->setAttr("core", describe(builder, coreOf(*program, times), *program));
    }
  }
};

} // namespace
} // namespace nnc::sequencer
