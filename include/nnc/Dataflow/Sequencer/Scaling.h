//===- Scaling.h - The one requantizer of a sequencer -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Dataflow/Sequencer/Program.h"

namespace nnc::sequencer {

/// One word of the requantizer's ROM.
struct ScaleWord {
  int64_t multiplier = 1, offset = 0;
  unsigned shift = 0;     ///< its place among `Scaling::shifts`
  uint8_t tieRegions = 0; ///< 0: what is rounded down
  bool operator==(const ScaleWord &other) const = default;
};

/// What all layers' scales have in common, so that hardware is built for no more.
struct Scaling {
  std::vector<std::vector<ScaleWord>> words; ///< by layer
  std::vector<unsigned> shifts;              ///< that occur, ascending
  std::vector<int> layerShift;               ///< by layer: the one of all its channels, or -1
  std::vector<Ties> layerTies;               ///< by layer: where those go that there are
  std::vector<unsigned> layerTieBits;
  /// Bits of a word that say where ties are: 8, or 1 where all regions are alike, or 0 where all
  /// words of a layer are.
  unsigned tieRegionBits = 0;
  unsigned multiplierBits = 0;        ///< 0: all multipliers are one, nothing is multiplied
  unsigned digitBits = 0;             ///< of the multiplier that are multiplied in a clock
  Interval values;                    ///< what is shifted
  Interval results;                   ///< shifted, before bounds
  std::vector<Interval> layerResults; ///< the same by layer

  unsigned phases() const { return digitBits ? (multiplierBits + digitBits - 1) / digitBits : 1; }
};

/// Scales in lowest terms, and then with as few different shifts as the widest multiplier allows.
/// All of the multiplier is multiplied in one clock.
Scaling scaling(const Program &program);

/// The same with a multiplier that takes as many clocks as cost no more than 1/64 of the time.
Scaling balancedScaling(const Program &program);

} // namespace nnc::sequencer
