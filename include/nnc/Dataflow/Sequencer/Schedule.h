//===- Schedule.h - When a sequencer does what --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Taps are issued one a clock. A block's sums are complete three clocks after its last
// tap, and go through the requantizer one after another while the next block is on
// its way. The next layer starts as soon as it reads nothing that is not written
// yet. So there are few waits, and all of them are constants.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Dataflow/Sequencer/Scaling.h"

namespace nnc::sequencer {

/// Clocks from the one in which a block's last tap is issued.
struct Stages {
  bool holdsSums = true;  ///< in registers of their own while they are requantized
  unsigned captured = 3;  ///< until its sums are moved there (or used where they are)
  unsigned written = 0;   ///< until its first result is written
  unsigned perResult = 1; ///< between one result and the next
};

struct LayerTimes {
  int64_t start = 0; ///< the clock of its first tap; the frame's first tap is at 0
  int64_t stall = 0; ///< clocks without a tap behind each block but the last
  int64_t gap = 0;   ///< the same behind the last block
};

struct Schedule {
  Stages stages;
  std::vector<LayerTimes> layers;
  int64_t cycles = 0;      ///< from the frame's last beat to the last result
  int64_t firstResult = 0; ///< the same to the first
  int64_t headStart = 0;   ///< the same to what first comes to the head, or leaves without one
};

Schedule schedule(const Program &program, const Scaling &scaling);

/// The sum behind `cycles`, in words: "16*64 + 64*32 + 5".
std::string formula(const Program &program, const Schedule &schedule);

} // namespace nnc::sequencer
