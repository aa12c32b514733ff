//===- WireNetwork.cpp - Engines become instances ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Engines/EngineBuilder.h"
#include "Engines/InputQueue.h"
#include "Engines/RasterModules.h"
#include "Timing.h"
#include "nnc/Dataflow/Passes.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace nnc::dataflow {
#define GEN_PASS_DEF_WIRENETWORK
#include "nnc/Dataflow/Passes.h.inc"

namespace {

/// A stream on wires.
struct Stream {
  Value data, beat;
};

/// What a bus of streams side by side takes.
struct BusWidths {
  unsigned lane = 0, all = 0;

  explicit BusWidths(ArrayRef<flow::StreamType> types) {
    flow::BusRange range = flow::busRangeOf(types);
    lane = flow::widthFor(range.least, range.most);
    for (flow::StreamType type : types)
      all += lane * type.getLanes();
  }
};

SmallVector<flow::StreamType> inputTypes(flow::NetworkOp network) {
  SmallVector<flow::StreamType> types;
  for (auto input : network.getBlock().getOps<flow::InputOp>())
    types.push_back(input.getType());
  return types;
}

SmallVector<flow::StreamType> outputTypes(flow::NetworkOp network) {
  SmallVector<flow::StreamType> types;
  for (Value value : network.getOutputs().getValues())
    types.push_back(cast<flow::StreamType>(value.getType()));
  return types;
}

class NetworkWirer {
public:
  NetworkWirer(flow::NetworkOp network, rtl::DesignOp design)
      : network(network), design(design), in(inputTypes(network)), out(outputTypes(network)),
        top(design, network.getLoc(), network.getName(), {{"in_valid", 1}, {"in_data", in.all}}) {}

  void run() {
    inValid = top.input(0);
    inData = top.input(1);
    if (network.pauses())
      queueInputs();
    for (Operation &op : network.getBlock().without_terminator())
      streams[op.getResult(0)] = wire(&op);
    drive();
  }

private:
  void queueInputs() {
    FrameGaps gaps{network.beats(), int64_t(*network.getInterval()) - network.beats(),
                   int64_t(*network.getSettle())};
    rtl::RTLModuleOp queue = buildInputQueue(design, network.getLoc(), in.all, gaps);
    SmallVector<Value> beats = instantiate(top.wires(), queue, "input", {inValid, inData});
    inValid = beats[0];
    inData = beats[1];
    advance = beats[2];
  }

  void drive() {
    rtl::Wires &wires = top.wires();
    SmallVector<Value> parts;
    Value beat;
    for (Value value : network.getOutputs().getValues()) {
      auto type = cast<flow::StreamType>(value.getType());
      for (Value lane : unpack(wires, streams[value].data, type.getLanes()))
        parts.push_back(wires.resize(lane, out.lane, type.isSigned()));
      beat = streams[value].beat;
    }
    if (advance)
      beat = wires.both(beat, advance); // a beat that waits is none
    top.finish({{"out_valid", beat}, {"out_data", wires.join(parts)}});
  }

  rtl::Wires wiresAt(Operation *op) {
    return rtl::Wires(top.wires().builder(), op->getLoc(), advance);
  }

  Stream wire(Operation *op) {
    return llvm::TypeSwitch<Operation *, Stream>(op)
        .Case([&](flow::InputOp op) { return wireInput(op); })
        .Case([&](flow::LanesOp op) { return wireLanes(op); })
        .Case([&](flow::WindowOp op) {
          return wireRaster(op, buildWindow(op, design, rasterOfOperand(op)));
        })
        .Case([&](flow::ReduceOp op) { return wireRaster(op, buildReduce(op, design)); })
        .Case([&](flow::CollectOp op) { return wireRaster(op, buildCollect(op, design)); })
        .Case([&](flow::DelayOp op) { return wireDelay(op); })
        .Case<flow::MatrixOp, flow::MaxOp, flow::ArgMaxOp, flow::SoftmaxOp, flow::TableOp,
              flow::MultiplyOp>([&](auto op) { return wireLaneModule(op); });
  }

  Stream wireInput(flow::InputOp op) {
    rtl::Wires wires = wiresAt(op);
    SmallVector<Value> lanes;
    for (int64_t lane = 0; lane < op.getType().getLanes(); ++lane, inputsDone += in.lane)
      lanes.push_back(wires.extract(inData, inputsDone, op.getType().laneWidth()));
    return {wires.join(lanes), inValid};
  }

  Stream wireLanes(flow::LanesOp op) {
    rtl::Wires wires = wiresAt(op);
    flow::StreamType type = op.getType();
    SmallVector<std::pair<Value, bool>> all;
    for (Value input : op.getInputs()) {
      auto in = cast<flow::StreamType>(input.getType());
      for (Value lane : unpack(wires, streams[input].data, in.getLanes()))
        all.push_back({lane, in.isSigned()});
    }
    SmallVector<Value> taken;
    for (int64_t lane : op.getMap())
      taken.push_back(wires.resize(all[lane].first, type.laneWidth(), all[lane].second));
    return {wires.join(taken), streams[op.getInputs().front()].beat};
  }

  template <typename Op>
  Stream wireLaneModule(Op op) {
    rtl::Wires wires = wiresAt(op);
    auto module = cast<rtl::RTLModuleOp>(
        SymbolTable::lookupSymbolIn(design, op.getModuleAttr().getLeafReference()));
    SmallVector<Value> operands;
    for (Value operand : op->getOperands())
      operands.push_back(streams[operand].data);
    Value data = instantiate(wires, module, instanceName(op), operands, advance).front();
    Value beat = streams[op->getOperand(0)].beat;
    for (uint64_t clock = 0; clock < *op.getLatency(); ++clock)
      beat = wires.named(wires.later(beat, 1, 0), "beat_late");
    return {data, beat};
  }

  Raster rasterOfOperand(Operation *op) {
    Value operand = op->getOperand(0);
    return rasterOf(cast<flow::StreamType>(operand.getType()), timingOf(operand));
  }

  template <typename Op>
  Stream wireRaster(Op op, rtl::RTLModuleOp module) {
    rtl::Wires wires = wiresAt(op);
    Stream in = streams[op.getInput()];
    Value always = advance ? advance : wires.constant(1, 1);
    SmallVector<Value> results =
        instantiate(wires, module, instanceName(op), {in.beat, in.data}, always);
    return {results[1], results[0]};
  }

  Stream wireDelay(flow::DelayOp op) {
    if (network.pauses())
      return wireRaster(op, buildDelay(op, design, rasterOfOperand(op)));
    rtl::Wires wires = wiresAt(op);
    Stream in = streams[op.getInput()];
    return {wires.later(in.data, op.getLatency()), wires.later(in.beat, op.getLatency(), 0)};
  }

  /// What an instance is called, behind the name of its layer. No net of the module in it is called
  /// so, which linters would ask about.
  static std::string instanceName(Operation *op) {
    return (op->getName().stripDialect() + "_engine").str();
  }

  flow::NetworkOp network;
  rtl::DesignOp design;
  BusWidths in, out;
  rtl::ModuleBuilder top;
  Value inValid, inData, advance;
  unsigned inputsDone = 0; ///< bits
  llvm::DenseMap<Value, Stream> streams;
};

struct WireNetwork : impl::WireNetworkBase<WireNetwork> {
  using WireNetworkBase::WireNetworkBase;

  void runOnOperation() override {
    for (auto network : getOperation().getOps<flow::NetworkOp>()) {
      auto design = getOperation().lookupSymbol<rtl::DesignOp>(network.getName());
      if (!design || !network.getLatency()) {
        network.emitError("has no modules or no schedule: run nn-generate-modules and "
                          "nn-schedule-streams before");
        return signalPassFailure();
      }
      NetworkWirer(network, design).run();
    }
  }
};

} // namespace
} // namespace nnc::dataflow
