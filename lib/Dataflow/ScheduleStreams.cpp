//===- ScheduleStreams.cpp - When beats are there --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Timing.h"
#include "nnc/Dataflow/Passes.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace nnc::dataflow {
#define GEN_PASS_DEF_SCHEDULESTREAMS
#include "nnc/Dataflow/Passes.h.inc"

namespace {

/// The clocks in which the beats of a frame come, from the first on.
SmallVector<int64_t> beatTimes(const Raster &raster) {
  SmallVector<int64_t> times;
  for (int64_t row = 0; row < raster.rows; ++row)
    for (int64_t column = 0; column < raster.columns; ++column)
      times.push_back(row * raster.rowPitch + column * raster.columnPitch);
  return times;
}

/// How many beats come within `clocks` clocks at most, with a frame each `interval` clocks.
int64_t beatsWithin(int64_t clocks, const Raster &raster, int64_t interval) {
  SmallVector<int64_t> times = beatTimes(raster);
  auto at = [&](size_t beat) {
    return int64_t(beat / times.size()) * interval + times[beat % times.size()];
  };
  size_t most = 0;
  for (size_t first = 0, end = 0; first < times.size(); ++first) {
    while (at(end) < at(first) + clocks)
      ++end;
    most = std::max(most, end - first);
  }
  return most;
}

class Scheduler {
public:
  explicit Scheduler(flow::NetworkOp network) : network(network) {}

  LogicalResult run() {
    interval = findInterval();
    for (Operation &op : llvm::make_early_inc_range(network.getBlock()))
      if (failed(schedule(&op)))
        return failure();
    auto results = network.getOutputs().getValues();
    network.setLatency(results.empty() ? 0 : timingOf(results.front()).start);
    network.setInterval(interval);
    network.setSettle(settle);
    return success();
  }

private:
  LogicalResult schedule(Operation *op) {
    if (failed(align(op)))
      return failure();
    FailureOr<Timing> timing = llvm::TypeSwitch<Operation *, FailureOr<Timing>>(op)
                                   .Case([&](flow::InputOp op) { return ofInput(op); })
                                   .Case([&](flow::WindowOp op) { return ofWindow(op); })
                                   .Case([&](flow::ReduceOp op) { return ofWhole(op, 1); })
                                   .Case([&](flow::CollectOp op) { return ofWhole(op, 0); })
                                   .Default([&](Operation *op) { return later(op); });
    if (failed(timing))
      return failure();
    if (op->getNumResults())
      set(op, *timing);
    return success();
  }

  /// A frame takes the clocks of its last row and column too, also where strides leave no beats
  /// there: then the next one meets all rasters as this one did.
  int64_t findInterval() {
    int64_t longest = 1;
    llvm::DenseMap<Value, Timing> timings; // without starts
    for (Operation &op : network.getBlock().without_terminator()) {
      Timing timing = op.getNumOperands() ? timings[op.getOperand(0)] : Timing();
      if (auto input = dyn_cast<flow::InputOp>(op))
        timing = ofInput(input);
      auto type = cast<flow::StreamType>(op.getResult(0).getType());
      timing.pitches.truncate(type.getRaster().size());
      if (auto window = dyn_cast<flow::WindowOp>(op))
        for (auto [pitch, stride] : llvm::zip_equal(timing.pitches, window.getStrides()))
          pitch *= stride;
      Raster raster = rasterOf(type, timing);
      longest = std::max(longest, raster.rows * raster.rowPitch);
      timings[op.getResult(0)] = timing;
    }
    return longest;
  }

  void set(Operation *op, const Timing &timing) {
    SmallVector<int64_t> all{timing.start};
    llvm::append_range(all, timing.pitches);
    op->setAttr("schedule", DenseI64ArrayAttr::get(op->getContext(), all));
  }

  Timing ofInput(flow::InputOp op) {
    Timing timing;
    int64_t pitch = 1;
    for (int64_t size : llvm::reverse(op.getType().getRaster())) {
      timing.pitches.insert(timing.pitches.begin(), pitch);
      pitch *= size;
    }
    return timing;
  }

  /// Each beat for itself.
  Timing later(Operation *op) {
    if (op->getNumOperands() == 0)
      return {};
    Timing timing = timingOf(op->getOperand(0));
    if (auto latency = op->getAttrOfType<IntegerAttr>("latency"))
      timing.start += latency.getInt();
    return timing;
  }

  /// One beat behind the last.
  template <typename Op>
  Timing ofWhole(Op op, int64_t registers) {
    Timing timing = timingOf(op.getInput());
    int64_t latency = rasterOf(op.getInput().getType(), timing).span() + registers;
    op.setLatency(latency);
    return {timing.start + latency, {}};
  }

  FailureOr<Timing> ofWindow(flow::WindowOp op) {
    Timing timing = timingOf(op.getInput());
    Raster raster = rasterOf(op.getInput().getType(), timing);
    unsigned rank = op.rank();
    Timing result = timing;
    int64_t wait = 0;
    for (unsigned dim = 0; dim < rank; ++dim) {
      int64_t ahead = op.reachInside(dim) - 1 - op.getPads()[dim];
      if (ahead < 0)
        return op.emitError() << "-style=unrolled: padding of " << op.getPads()[dim]
                              << " is more than the window reaches; -style=sequencer takes it";
      wait += ahead * timing.pitches[dim];
      result.pitches[dim] *= op.getStrides()[dim];
    }
    int64_t columns = (op.getType().getRaster().back() - 1) * op.getStrides().back() +
                      op.reachInside(rank - 1) - op.getPads()[rank - 1];
    bool dense = raster.rowPitch == raster.columns * raster.columnPitch;
    Raster positions = rasterOf(op.getType(), result);
    if (rank == 2 && (positions.columns - 1) * positions.columnPitch >= raster.rowPitch)
      return op.emitError() << "-style=unrolled: padding makes rows of " << positions.columns
                            << " results, which take longer than a row of " << raster.columns
                            << " elements; -style=sequencer takes any padding";
    if (raster.rowPitch % raster.columnPitch ||
        (!dense && columns * raster.columnPitch > raster.rowPitch))
      return op.emitError() << "-style=unrolled: beats come too close for the padding between "
                               "rows; -style=sequencer takes one after another";
    op.setLatency(wait + 1);
    result.start += wait + 1;
    settle = std::max(settle, wait + rasterOf(op.getType(), result).span() + 1 - network.beats());
    return result;
  }

  /// Operands come together: who is early waits.
  LogicalResult align(Operation *op) {
    if (op->getNumOperands() < 2)
      return success();
    int64_t latest = 0;
    for (Value operand : op->getOperands())
      latest = std::max(latest, timingOf(operand).start);
    Timing expected = timingOf(op->getOperand(0));
    for (OpOperand &operand : op->getOpOperands()) {
      Timing timing = timingOf(operand.get());
      if (timing.pitches != expected.pitches)
        return op->emitError("-style=unrolled: operands come at different rates; -style=sequencer "
                             "takes them from a memory");
      if (timing.start != latest)
        operand.set(delay(operand.get(), latest - timing.start));
    }
    return success();
  }

  Value delay(Value stream, int64_t clocks) {
    flow::DelayOp &known = delays[{stream, clocks}];
    if (known)
      return known;
    OpBuilder builder(stream.getContext());
    builder.setInsertionPointAfterValue(stream);
    Timing timing = timingOf(stream);
    auto type = cast<flow::StreamType>(stream.getType());
    int64_t depth = beatsWithin(clocks, rasterOf(type, timing), interval);
    known = builder.create<flow::DelayOp>(stream.getLoc(), type, stream, clocks, depth,
                                          DenseI64ArrayAttr());
    timing.start += clocks;
    set(known, timing);
    return known;
  }

  flow::NetworkOp network;
  int64_t interval = 1; ///< clocks from a frame to the next at least
  int64_t settle = 0;   ///< clocks behind a frame's last beat for what its padding takes
  llvm::DenseMap<std::pair<Value, int64_t>, flow::DelayOp> delays;
};

struct ScheduleStreams : impl::ScheduleStreamsBase<ScheduleStreams> {
  void runOnOperation() override {
    for (auto network : getOperation().getOps<flow::NetworkOp>())
      if (failed(Scheduler(network).run()))
        return signalPassFailure();
  }
};

} // namespace
} // namespace nnc::dataflow
