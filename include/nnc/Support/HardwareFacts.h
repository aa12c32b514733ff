//===- HardwareFacts.h - What is said about a network in hardware ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nnc {

/// Cells of a chip, as predicted.
struct AreaFacts {
  int64_t lut = 0, ff = 0, bram = 0, dsp = 0;
};

/// Something that works on a frame. Clocks are counted from the frame's first beat.
struct EngineFacts {
  std::string layer;           ///< ONNX nodes
  std::string what;            ///< "matrix 64 x 16"
  int64_t first = 0, last = 0; ///< clocks of its first operand and its last result
  int64_t firstResult = 0;     ///< the clock of that
  int64_t busy = 1;            ///< clocks from a frame's first operand to behind its last one
};

/// A box of the block diagram.
struct BlockFacts {
  std::string name, text;
  std::vector<unsigned> from; ///< boxes that it reads, by number
};

/// ONNX nodes that share hardware, or hardware that is no node's.
struct LayerFacts {
  std::string name;
  AreaFacts area;
  std::vector<EngineFacts> engines; ///< none: it is busy all the time
};

struct HardwareFacts {
  std::string style;
  std::string formula;       ///< a sequencer's cycles, in words
  std::string busIn, busOut; ///< "16 beats of 1 x 8 bits"
  int64_t latency = 0, interval = 0;
  int64_t macs = 0; ///< multiply-accumulates of a frame
  AreaFacts area;
  std::vector<BlockFacts> blocks;
  std::vector<EngineFacts> engines; ///< in the order of the network
  std::vector<LayerFacts> layers;
};

} // namespace nnc
