//===- BuildProgram.cpp - Networks of integers as programs --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/Sequencer/BuildProgram.h"
#include "FindHead.h"
#include "LayerBuilder.h"
#include "MemoryPlan.h"
#include "dialects/NN/FloatIsland.h"
#include "dialects/RTL/RTLOps.h"

#include "llvm/ADT/STLExtras.h"

#include <numeric>

using namespace mlir;

namespace nnc::sequencer {

namespace {

class ProgramBuilder {
public:
  ProgramBuilder(func::FuncOp network, StringRef name, unsigned lanes)
      : network(network), layers(lanes), head(findHead(network)) {
    program.name = name;
  }

  FailureOr<Program> run() {
    addInputs();
    findIslands();
    layers.done.insert(head.ops.begin(), head.ops.end());
    for (Operation &op : network.front())
      if (!isa<nn::ConstantOp, func::ReturnOp>(op) && !layers.done.contains(&op))
        add(&op);
    if (!isFailed)
      addOutputs();
    if (isFailed)
      return failure();
    place();
    finishLayers();
    if (failed(checkSize()))
      return failure();
    collectRanges();
    return std::move(program);
  }

private:
  static bool isOnBus(Value value) {
    auto type = dyn_cast<IntegerType>(typeOf(value).getElementType());
    return type && type.getWidth() <= 32 && type.getWidth() > 1 &&
           typeOf(value).getNumElements() > 0 && !isTooLarge(value);
  }

  void addInputs() {
    for (BlockArgument argument : network.getArguments()) {
      Value value = argument;
      if (!isOnBus(value)) {
        isFailed = true;
        mlir::emitError(argument.getLoc())
            << "input " << argument.getArgNumber() << " is no tensor of integers, or too large";
        failedValues.insert(value);
        continue;
      }
      auto [least, most] = dataflow::rangeOfInput(value);
      Interval range{least, most};
      layers.addInput(value, range);
      int64_t elements = typeOf(value).getNumElements();
      PortTensor port{std::vector<uint32_t>(elements), range};
      std::iota(port.order.begin(), port.order.end(), 0);
      program.inputs.push_back(std::move(port));
      program.inputBeats += elements;
      program.inputRange = program.inputRange.hull(range);
    }
  }

  /// Floats on the way from integers to integers: the op that ends them has their form, or knows
  /// why not.
  void findIslands() {
    network.walk([&](Operation *op) {
      if (!op->hasAttr(nn::bilinearAttr) && !op->hasAttr(nn::obstacleAttr))
        return;
      nn::FloatIsland island(op, [](OpOperand &read) {
        return isa<IntegerType>(typeOf(read.get()).getElementType()) ||
               read.get().getDefiningOp<nn::ConstantOp>();
      });
      for (Operation *between : island.ops())
        if (between != op)
          layers.done.insert(between);
    });
  }

  /// Memories of more words are no hardware.
  LogicalResult checkSize() {
    int64_t words = 0;
    for (const Layer &layer : program.layers)
      words += layer.weights.size() / layer.lanes;
    if (std::max(words, program.depth) <= rtl::maxMemoryDepth)
      return success();
    return network.emitError("its weights take ")
           << words << " words and its activations " << program.depth << "; a memory has at most "
           << rtl::maxMemoryDepth;
  }

  static bool isTooLarge(Value value) {
    return typeOf(value).getNumElements() > rtl::maxMemoryDepth;
  }

  void add(Operation *op) {
    auto isComputed = [](Value v) { return !v.getDefiningOp<nn::ConstantOp>(); };
    for (Value operand : llvm::make_filter_range(op->getOperands(), isComputed))
      if (failedValues.contains(operand)) {
        failedValues.insert(op->getResults().begin(), op->getResults().end());
        return; // the reason has been told
      }
    if (llvm::any_of(op->getResults(), isTooLarge)) {
      isFailed = true;
      failedValues.insert(op->getResults().begin(), op->getResults().end());
      op->emitError("its result has more elements than a memory has words, ")
          << rtl::maxMemoryDepth;
      return;
    }
    LogicalResult result =
        llvm::all_of(op->getOperands(), [&](Value v) { return !isComputed(v) || isKnown(v, op); })
            ? layers.add(op)
            : op->emitError("a sequencer has no layer for '") << op->getName() << "' of floats";
    if (succeeded(result))
      return;
    isFailed = true;
    failedValues.insert(op->getResults().begin(), op->getResults().end());
  }

  /// Floats have no view; the op that ends them says what is wrong.
  bool isKnown(Value value, Operation *reader) {
    return layers.views.contains(value) ||
           (value.getDefiningOp() &&
            (isa<nn::QuantizeOp>(reader) || reader->hasAttr(nn::obstacleAttr)));
  }

  /// The one result of the last layer leaves as it is computed; others are sent from memory.
  void addOutputs() {
    auto results = network.front().getTerminator()->getOperands();
    for (auto [index, result] : llvm::enumerate(results)) {
      Value value = head.input ? head.input : result;
      if (!layers.views.contains(value) || !isOnBus(value)) {
        fail(index, "is no tensor of integers that a layer computes");
        continue;
      }
      PortTensor port{results.size() == 1 ? sendDirectly(value) : std::vector<uint32_t>(), {}};
      if (port.order.empty())
        port.order = layers.addOutput(
            value, head.axes.size() == 1 ? std::optional<size_t>(head.axes[0]) : std::nullopt);
      if (port.order.empty())
        fail(index, "stands in memory at uneven distances");
      if (head.input) {
        addHead(index, port, layers.views[value].range);
        return;
      }
      program.outputBeats += port.order.size();
      program.outputs.push_back(std::move(port));
      const View &view = layers.views[value];
      auto type = cast<IntegerType>(typeOf(value).getElementType());
      constexpr unsigned narrow = 16; // sums leave with no more bits than they have
      program.outputRange =
          program.outputRange.hull(type.getWidth() <= narrow ? rangeOf(type) : view.range);
    }
  }

  /// `port` has the order of the head's elements so far.
  void addHead(size_t index, PortTensor &port, Interval elements) {
    port.order = head.arrange(port.order);
    if (port.order.empty())
      return fail(index, "is made of elements that do not come one after another");
    program.head = std::move(head.head);
    program.head.elements = elements;
    if (!program.head.exponentials.empty())
      program.head.exponentials.resize(elements.most - elements.least + 1);
    program.outputBeats = static_cast<int64_t>(port.order.size());
    program.outputRange = program.head.range;
    program.outputs.push_back(std::move(port));
  }

  void fail(size_t index, StringRef why) {
    isFailed = true;
    network.front().getTerminator()->emitError("output ") << index << " " << why;
  }

  /// The order of the last layer's results, if they are the output and nothing else.
  std::vector<uint32_t> sendDirectly(Value value) {
    const View &view = layers.views[value];
    if (layers.layers.empty())
      return {};
    PendingLayer &last = layers.layers.back();
    const Buffer &buffer = layers.buffers[view.buffer];
    int index = static_cast<int>(layers.layers.size()) - 1;
    if (last.target != view.buffer || view.buffer + 1 != static_cast<int>(layers.buffers.size()) ||
        buffer.written != index || buffer.lastRead > index ||
        buffer.size != static_cast<int64_t>(view.places.size()))
      return {};
    std::vector<uint32_t> order(buffer.size, UINT32_MAX);
    for (auto [element, place] : llvm::enumerate(view.places))
      order[place] = element;
    if (llvm::is_contained(order, UINT32_MAX))
      return {};
    last.layer.toOutput = true;
    layers.buffers.pop_back(); // it stays empty
    last.target = -1;
    return order;
  }

  /// Addresses count from zero now.
  void place() {
    program.depth = std::max<int64_t>(2, planMemory(layers.buffers));
    for (PendingLayer &pending : layers.layers) {
      Layer &layer = pending.layer;
      int64_t base = layers.buffers[pending.source].base;
      layer.start += base;
      if (pending.second >= 0)
        layer.loops[firstTap].address += layers.buffers[pending.second].base - base;
      if (!layer.toOutput)
        layer.base += layers.buffers[pending.target].base;
    }
  }

  /// Coefficients of sums in digits as wide as weights, so that one kind of lane does for all.
  void finishLayers() {
    Interval weights{-8, 7};
    for (const PendingLayer &pending : layers.layers)
      for (int64_t weight : pending.layer.weights)
        weights = weights.hull({weight, weight});
    program.digitBits = weights.signedWidth() - 1;
    program.lanes = 1; // as many as any layer has a use for
    for (PendingLayer &pending : layers.layers) {
      program.lanes = std::max(program.lanes, pending.layer.lanes);
      if (pending.layer.accumulation == Accumulation::Digits)
        split(pending);
      program.layers.push_back(std::move(pending.layer));
    }
  }

  void split(PendingLayer &pending) {
    Layer &layer = pending.layer;
    unsigned width = 1, bits = program.digitBits;
    for (const auto &operand : pending.operands)
      width = std::max(width, Interval{0, operand.coefficient}.signedWidth());
    unsigned digits = llvm::divideCeil(std::max(width - 1, 1u), bits);
    layer.loops[firstTap + 1] = {digits, 0};
    layer.weights.clear();
    Interval sum;
    for (unsigned digit = digits; digit-- > 0;) {
      sum = {sum.least << bits, sum.most << bits};
      for (const auto &[x, coefficient] : pending.operands) {
        int64_t part = coefficient >> (digit * bits);
        if (digit + 1 < digits) // the highest one has the sign
          part &= (int64_t(1) << bits) - 1;
        layer.weights.push_back(part);
        sum = {sum.least + std::min({part * x.least, part * x.most, int64_t(0)}),
               sum.most + std::max({part * x.least, part * x.most, int64_t(0)})};
        layer.sums = layer.sums.hull(sum);
      }
    }
  }

  void collectRanges() {
    program.elements = program.inputRange;
    for (const Layer &layer : program.layers)
      if (!layer.toOutput)
        program.elements = program.elements.hull(layer.results());
  }

  func::FuncOp network;
  LayerBuilder layers;
  FoundHead head;
  Program program;
  llvm::DenseSet<Value> failedValues;
  bool isFailed = false;
};

} // namespace

FailureOr<Program> buildProgram(func::FuncOp network, StringRef name, unsigned lanes) {
  return ProgramBuilder(network, name, lanes).run();
}

} // namespace nnc::sequencer
