//===- Walk.h - The places that a layer reads, in order -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Dataflow/Sequencer/Program.h"

namespace nnc::sequencer {

/// One of the numbers that a walk through the loops carries along.
using Coordinate = int64_t Loop::*;

/// What a step adds to a coordinate when the loop `level` advances and those inside begin anew;
/// at `loopLevels` none advances: the way back to the start.
inline int64_t stepOf(const Layer &layer, Coordinate coordinate, unsigned level) {
  int64_t step = level < loopLevels ? layer.loops[level].*coordinate : 0;
  for (unsigned inner = 0; inner < level; ++inner)
    step -= (layer.loops[inner].count - 1) * (layer.loops[inner].*coordinate);
  return step;
}

/// Walks through the taps of a layer as the machine does.
class TapWalk {
public:
  explicit TapWalk(const Layer &layer)
      : layer(layer), place{layer.start, layer.startRow, layer.startColumn} {}

  bool done() const { return isDone; }
  int64_t address() const { return place[0]; }
  bool isPadding() const {
    return layer.isPadded &&
           (place[1] < 0 || place[1] >= layer.rows || place[2] < 0 || place[2] >= layer.columns);
  }
  void step() {
    unsigned level = 0;
    while (level < loopLevels && ++index[level] == layer.loops[level].count)
      index[level++] = 0;
    isDone = level == loopLevels;
    place[0] += stepOf(layer, &Loop::address, level);
    place[1] += stepOf(layer, &Loop::row, level);
    place[2] += stepOf(layer, &Loop::column, level);
  }

private:
  const Layer &layer;
  std::array<int64_t, loopLevels> index{};
  std::array<int64_t, 3> place;
  bool isDone = false;
};

} // namespace nnc::sequencer
