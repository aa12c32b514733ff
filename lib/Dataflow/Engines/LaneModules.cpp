//===- LaneModules.cpp - Greatest numbers, tables and products of lanes ----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LaneModules.h"
#include "EngineBuilder.h"

using namespace mlir;

namespace nnc::dataflow {

/// Ends a module whose lanes are `results`, with a register behind them in pipelines.
static LaneModule finish(EngineBuilder &module, ArrayRef<Value> results,
                         const ModuleOptions &options) {
  rtl::Wires &wires = module.wires();
  Value all = wires.join(results);
  if (options.pipeline)
    all = wires.named(wires.reg(all), "y_reg");
  rtl::RTLModuleOp built = module.finish({{"y", all}});
  return {built, options.pipeline.has_value()};
}

FailureOr<LaneModule> buildMax(flow::MaxOp op, rtl::DesignOp design, const ModuleOptions &options) {
  flow::StreamType in = op.getInput().getType(), out = op.getType();
  EngineBuilder module(design, op.getLoc(), "max", {{"x", in.width()}},
                       options.pauses && options.pipeline);
  rtl::Wires &wires = module.wires();
  rtl::Predicate greater = in.isSigned() ? rtl::Predicate::sgt : rtl::Predicate::ugt;
  SmallVector<Value> lanes = unpack(wires, module.input(0), in.getLanes()), results;
  for (int64_t lane = 0; lane < out.getLanes(); ++lane) {
    SmallVector<Value> left;
    for (int64_t at = lane; at < in.getLanes(); at += out.getLanes())
      left.push_back(lanes[at]);
    for (size_t next = 0; next + 1 < left.size(); next += 2) // a tree: results go to the end
      left.push_back(wires.mux(wires.compare(greater, left[next], left[next + 1]), left[next],
                               left[next + 1]));
    results.push_back(wires.resize(left.back(), out.laneWidth(), in.isSigned()));
  }
  return finish(module, results, options);
}

FailureOr<LaneModule> buildTable(flow::TableOp op, rtl::DesignOp design,
                                 const ModuleOptions &options) {
  flow::StreamType in = op.getInput().getType(), out = op.getType();
  EngineBuilder module(design, op.getLoc(), "table", {{"x", in.width()}},
                       options.pauses && options.pipeline);
  rtl::Wires &wires = module.wires();
  SmallVector<int64_t> values = flow::integersOf(op.getValues());
  int64_t count = in.getMost() - in.getLeast() + 1, rows = values.size() / count;
  SmallVector<Value> results;
  for (auto [lane, index] : llvm::enumerate(unpack(wires, module.input(0), in.getLanes()))) {
    ArrayRef<int64_t> row = ArrayRef(values).slice(rows == 1 ? 0 : lane * count, count);
    SmallVector<int64_t> byBits(size_t(1) << in.laneWidth(), row.front());
    for (int64_t i = 0; i < count; ++i)
      byBits[size_t(in.getLeast() + i) & (byBits.size() - 1)] = row[i];
    results.push_back(wires.table(index, byBits, out.laneWidth()));
  }
  return finish(module, results, options);
}

FailureOr<LaneModule> buildMultiply(flow::MultiplyOp op, rtl::DesignOp design,
                                    const ModuleOptions &options) {
  flow::StreamType in = op.getLhs().getType(), out = op.getType();
  EngineBuilder module(design, op.getLoc(), "multiply", {{"a", in.width()}, {"b", in.width()}},
                       options.pauses && options.pipeline);
  rtl::Wires &wires = module.wires();
  SmallVector<Value> results;
  unsigned width = std::max(out.laneWidth(), in.laneWidth());
  for (auto [x, y] : llvm::zip_equal(unpack(wires, module.input(0), in.getLanes()),
                                     unpack(wires, module.input(1), in.getLanes())))
    results.push_back(wires.extract(
        wires.mul(wires.resize(x, width, in.isSigned()), wires.resize(y, width, in.isSigned())), 0,
        out.laneWidth()));
  return finish(module, results, options);
}

} // namespace nnc::dataflow
