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
#include "dialects/NN/NNOps.h"
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

class NetworkWirer {
public:
  NetworkWirer(flow::NetworkOp network, rtl::DesignOp design)
      : network(network), design(design),
        builder(OpBuilder::atBlockEnd(&design.getBody().front())) {}

  void run() {
    beginModule();
    for (Operation &op : network.getBlock().without_terminator())
      streams[op.getResult(0)] = wire(&op);
    endModule();
  }

private:
  void beginModule() {
    SmallVector<flow::StreamType> inputs, outputs;
    for (auto input : network.getBlock().getOps<flow::InputOp>())
      inputs.push_back(input.getType());
    for (Value value : network.getOutputs().getValues())
      outputs.push_back(cast<flow::StreamType>(value.getType()));
    auto busBits = [](ArrayRef<flow::StreamType> types, unsigned &laneBits) {
      flow::BusRange range = flow::busRangeOf(types);
      laneBits = flow::widthFor(range.least, range.most);
      unsigned bits = 0;
      for (flow::StreamType type : types)
        bits += laneBits * type.getLanes();
      return bits;
    };
    unsigned inBits = busBits(inputs, inLaneBits), outBits = busBits(outputs, outLaneBits);
    OperationState state(network.getLoc(), rtl::RTLModuleOp::getOperationName());
    state.addAttribute("sym_name", network.getNameAttr());
    state.addAttribute("input_names", builder.getStrArrayAttr({"in_valid", "in_data"}));
    state.addAttribute("output_names", builder.getStrArrayAttr({"out_valid", "out_data"}));
    state.addAttribute("output_types", builder.getTypeArrayAttr(
                                           {builder.getI1Type(), builder.getIntegerType(outBits)}));
    Block *body = new Block;
    body->addArguments({builder.getI1Type(), builder.getIntegerType(inBits)},
                       {network.getLoc(), network.getLoc()});
    state.addRegion()->push_back(body);
    top = cast<rtl::RTLModuleOp>(builder.create(state));
    builder.setInsertionPointToEnd(body);
    inValid = body->getArgument(0);
    inData = body->getArgument(1);
    if (!network.pauses())
      return;
    rtl::Wires wires(builder, network.getLoc());
    FrameGaps gaps{network.beats(), int64_t(*network.getInterval()) - network.beats(),
                   int64_t(*network.getSettle())};
    rtl::RTLModuleOp queue = buildInputQueue(design, network.getLoc(), inBits, gaps);
    SmallVector<Value> beats = instantiate(wires, queue, instanceName(queue), {inValid, inData});
    inValid = beats[0];
    inData = beats[1];
    advance = beats[2];
  }

  void endModule() {
    rtl::Wires wires(builder, network.getLoc());
    SmallVector<Value> parts;
    Value beat;
    for (Value value : network.getOutputs().getValues()) {
      auto type = cast<flow::StreamType>(value.getType());
      for (Value lane : unpack(wires, streams[value].data, type.getLanes()))
        parts.push_back(wires.resize(lane, outLaneBits, type.isSigned()));
      beat = streams[value].beat;
    }
    Value data = wires.join(parts);
    if (advance)
      beat = wires.both(beat, advance); // a beat that waits is none
    builder.create<rtl::OutputOp>(network.getLoc(), ValueRange{beat, data});
  }

  rtl::Wires wiresAt(Operation *op) { return rtl::Wires(builder, op->getLoc(), advance); }

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
    for (int64_t lane = 0; lane < op.getType().getLanes(); ++lane, inputsDone += inLaneBits)
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
    Value data = instantiate(wires, module, instanceName(module), operands, advance).front();
    Value beat = wires.later(streams[op->getOperand(0)].beat, *op.getLatency(), 0);
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
        instantiate(wires, module, instanceName(module), {in.beat, in.data}, always);
    return {results[1], results[0]};
  }

  Stream wireDelay(flow::DelayOp op) {
    if (network.pauses())
      return wireRaster(op, buildDelay(op, design, rasterOfOperand(op)));
    rtl::Wires wires = wiresAt(op);
    Stream in = streams[op.getInput()];
    return {wires.later(in.data, op.getLatency()), wires.later(in.beat, op.getLatency(), 0)};
  }

  /// A module's name without the design's.
  StringRef instanceName(rtl::RTLModuleOp module) {
    StringRef name = module.getSymName();
    name.consume_front(design.getSymName());
    name.consume_front("_");
    return name;
  }

  flow::NetworkOp network;
  rtl::DesignOp design;
  OpBuilder builder;
  rtl::RTLModuleOp top;
  Value inValid, inData, advance;
  unsigned inLaneBits = 0, outLaneBits = 0;
  unsigned inputsDone = 0; ///< bits
  llvm::DenseMap<Value, Stream> streams;
};

struct WireNetwork : impl::WireNetworkBase<WireNetwork> {
  using WireNetworkBase::WireNetworkBase;

  void runOnOperation() override {
    for (auto network : getOperation().getOps<flow::NetworkOp>()) {
      auto design = getOperation().lookupSymbol<rtl::DesignOp>(network.getName());
      NetworkWirer(network, design).run();
    }
  }
};

} // namespace
} // namespace nnc::dataflow
