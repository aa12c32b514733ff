//===- GenerateModules.cpp - Engines of single beats become modules ------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Engines/LaneModules.h"
#include "nnc/Dataflow/Passes.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace nnc::dataflow {
#define GEN_PASS_DEF_GENERATEMODULES
#include "nnc/Dataflow/Passes.h.inc"

namespace {

/// The design of a network, behind it; made if it is not there yet.
rtl::DesignOp designOf(flow::NetworkOp network) {
  auto parent = network->getParentOfType<ModuleOp>();
  if (auto design = parent.lookupSymbol<rtl::DesignOp>(network.getName()))
    return design;
  OpBuilder builder(network->getContext());
  builder.setInsertionPointAfter(network);
  auto design = builder.create<rtl::DesignOp>(network.getLoc(), network.getName());
  design.getBody().emplaceBlock();
  return design;
}

struct GenerateModules : impl::GenerateModulesBase<GenerateModules> {
  void runOnOperation() override {
    for (auto network : getOperation().getOps<flow::NetworkOp>())
      if (failed(generate(network)))
        return signalPassFailure();
  }

  LogicalResult generate(flow::NetworkOp network) {
    rtl::DesignOp design = designOf(network);
    ModuleOptions options;
    options.pauses = network.pauses();
    if (std::optional<uint64_t> pipeline = network.getPipeline())
      options.pipeline = *pipeline;
    for (Operation &op : network.getBlock()) {
      LogicalResult built =
          llvm::TypeSwitch<Operation *, LogicalResult>(&op)
              .Case([&](flow::MatrixOp op) { return attach(op, buildMatrix(op, design, options)); })
              .Case([&](flow::MaxOp op) { return attach(op, buildMax(op, design, options)); })
              .Case([&](flow::ArgMaxOp op) { return attach(op, buildArgMax(op, design, options)); })
              .Case(
                  [&](flow::SoftmaxOp op) { return attach(op, buildSoftmax(op, design, options)); })
              .Case([&](flow::TableOp op) { return attach(op, buildTable(op, design, options)); })
              .Case([&](flow::MultiplyOp op) {
                return attach(op, buildMultiply(op, design, options));
              })
              .Default([](Operation *) { return success(); });
      if (failed(built))
        return failure();
    }
    return success();
  }

  template <typename Op>
  LogicalResult attach(Op op, FailureOr<LaneModule> built) {
    if (failed(built))
      return failure();
    auto design = built->module->template getParentOfType<rtl::DesignOp>();
    op.setModuleAttr(SymbolRefAttr::get(design.getSymNameAttr(),
                                        FlatSymbolRefAttr::get(built->module.getSymNameAttr())));
    op.setLatencyAttr(OpBuilder(op).getI64IntegerAttr(built->latency));
    return success();
  }
};

} // namespace
} // namespace nnc::dataflow
