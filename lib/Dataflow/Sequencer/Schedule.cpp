//===- Schedule.cpp - When a sequencer does what ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/Sequencer/Schedule.h"
#include "Walk.h"

#include "llvm/ADT/STLExtras.h"

namespace nnc::sequencer {

namespace {

/// Sums stay where they are if they are read before the next tap's sum comes, a clock later.
Stages stagesOf(const Program &program, const Scaling &scaling) {
  Stages stages;
  bool multiplies = scaling.multiplierBits > 0;
  stages.perResult = scaling.phases();
  bool counts = llvm::any_of(program.layers, [](const Layer &l) { return l.counted > 0; });
  stages.holdsSums = program.lanes > 1 || multiplies || counts;
  stages.written = stages.captured + 1;       // the sum and its offset, then shift and clamp
  stages.written += stages.holdsSums ? 1 : 0; // moved
  stages.written += multiplies ? stages.perResult : 0;
  if (llvm::any_of(program.layers, [](const Layer &layer) { return !layer.table.empty(); }))
    ++stages.written;
  return stages;
}

class Scheduler {
public:
  Scheduler(const Program &program, const Stages &stages)
      : program(program), stages(stages), writtenAt(program.depth, -1) {}

  Schedule run() {
    Schedule result;
    result.stages = stages;
    int64_t clock = 0;
    for (const Layer &layer : program.layers) {
      LayerTimes times;
      times.stall = std::max<int64_t>(0, drain(layer, layer.lanes) - layer.taps());
      times.start = clock + wait(layer, clock);
      if (!result.layers.empty())
        result.layers.back().gap = times.start - clock;
      clock = times.start + (layer.taps() + times.stall) * layer.blocks() * layer.pixels() -
              times.stall;
      write(layer, times);
      result.layers.push_back(times);
    }
    leave(result);
    result.cycles = lastWrite + 1;
    return result;
  }

private:
  /// Clocks that the requantizer needs for some results.
  int64_t drain(const Layer &layer, int64_t results) const {
    return results * layer.scalesPerSum() * stages.perResult;
  }

  /// Clocks to wait from `clock` on: the sums before must have moved on, and what is read must
  /// have been written.
  int64_t wait(const Layer &layer, int64_t clock) const {
    int64_t wait = std::max<int64_t>(0, freeAt - (clock + layer.taps() - 1 + stages.captured));
    int64_t pending = lastWrite - clock + 1;
    TapWalk walk(layer);
    for (int64_t tap = 0; tap < pending && !walk.done(); ++tap, walk.step())
      if (!walk.isPadding() && writtenAt[walk.address()] >= 0)
        wait = std::max(wait, writtenAt[walk.address()] + 1 - (clock + tap));
    return wait;
  }

  /// Only the last writes can be late: those of the blocks that the drain of sums may still hold.
  void write(const Layer &layer, const LayerTimes &times) {
    int64_t period = layer.taps() + times.stall, blocks = layer.blocks() * layer.pixels();
    int64_t groupBlocks = layer.loops[firstChannel].count, address = layer.base;
    int64_t firstTapEnd = times.start + layer.taps() - 1;
    // A sum's result is there with its last scale.
    int64_t written = stages.written + drain(layer, 1) - stages.perResult;
    for (int64_t block = 0; block < blocks; ++block) {
      bool isLast = (block + 1) % groupBlocks == 0;
      int64_t lanes = isLast ? layer.lastLanes : layer.lanes;
      int64_t lastTap = firstTapEnd + block * period;
      for (int64_t lane = 0; lane < lanes; ++lane) {
        lastWrite = lastTap + written + drain(layer, lane);
        if (!layer.toOutput)
          writtenAt[address++] = lastWrite;
        else
          sent.push_back(lastWrite);
      }
      freeAt = lastTap + stages.captured + drain(layer, lanes);
      if ((block + 1) % layer.blocks() == 0)
        address += layer.skip;
    }
  }

  /// When the results leave that have gone through the head.
  void leave(Schedule &result) {
    const Head &head = program.head;
    int64_t first = sent.front();
    result.headStart = first + 1;
    if (head.kind == Head::Kind::ArgMax) {
      first = sent[head.size - 1] + 1;
      lastWrite = sent.back() + 1;
    } else if (head.kind == Head::Kind::Softmax) {
      // It begins when all elements are there.
      int64_t pass = head.size * head.phases(), begin = sent.back() + 1;
      first = begin + (Head::passes - 1) * pass + head.phases();
      lastWrite = begin + head.groups * Head::passes * pass;
    }
    result.firstResult = first + 1;
  }

  const Program &program;
  Stages stages;
  std::vector<int64_t> sent;      ///< when each result leaves the last layer
  std::vector<int64_t> writtenAt; ///< by address
  int64_t lastWrite = -1, freeAt = 0;
};

} // namespace

Schedule schedule(const Program &program, const Scaling &scaling) {
  return Scheduler(program, stagesOf(program, scaling)).run();
}

std::string formula(const Program &program, const Schedule &schedule) {
  std::string text;
  auto append = [&](const std::string &term) { text += (text.empty() ? "" : " + ") + term; };
  int64_t rest = schedule.cycles;
  for (auto [layer, times] : llvm::zip_equal(program.layers, schedule.layers)) {
    int64_t blocks = layer.blocks() * layer.pixels(), period = layer.taps() + times.stall;
    append((blocks == 1 ? "" : std::to_string(blocks) + "*") + std::to_string(period));
    rest -= blocks * period;
  }
  if (const Head &head = program.head; head.kind == Head::Kind::Softmax) {
    int64_t elements = head.groups * head.size * Head::passes;
    append(std::to_string(elements) + "*" + std::to_string(head.phases()));
    rest -= elements * head.phases();
  }
  // Less than nothing where the last layer's blocks overlap what is behind them.
  return text + (rest < 0 ? " - " : " + ") + std::to_string(std::abs(rest));
}

} // namespace nnc::sequencer
