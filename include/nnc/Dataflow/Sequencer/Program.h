//===- Program.h - What a sequencer does, layer after layer -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sequencer is one small machine: P multiply lanes, weights in a ROM,
// activations in a RAM, one requantizer. Its program is no code but a table:
// each layer is a nest of loops whose addresses are affine, and a few constants.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Support/Ties.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace nnc::sequencer {

/// All integers from `least` to `most`.
struct Interval {
  int64_t least = 0, most = 0;

  Interval hull(Interval other) const {
    return {std::min(least, other.least), std::max(most, other.most)};
  }
  bool contains(Interval other) const { return least <= other.least && other.most <= most; }
  /// Bits of the narrowest signed number that holds them.
  unsigned signedWidth() const;
  /// The same, without a sign where none is below 0; at least 1: the width
  /// of a port, a register, a word.
  unsigned width() const { return least < 0 ? signedWidth() : std::max(signedWidth() - 1, 1u); }
  bool operator==(const Interval &other) const = default;
};

/// One loop. A step moves the place that is read: its address, and its row and column, which tell
/// padding from the tensor.
struct Loop {
  int64_t count = 1;
  int64_t address = 0, row = 0, column = 0;
};

/// The loops of a layer, innermost first. The taps of one block of results; then blocks of output
/// channels, as many at a time as there are lanes, and groups of channels; then pixels.
enum LoopLevel : unsigned { firstTap = 0, firstChannel = 3, firstPixel = 5, loopLevels = 9 };

/// What a lane makes of its taps.
enum class Accumulation {
  Sum,
  /// Coefficients wider than weights come in digits, the highest first. The innermost loop runs
  /// over operands; where it begins anew, the sum moves up by a digit.
  Digits,
  Greatest,
};

/// A result from a sum: (sum * multiplier + offset) / 2^shift, rounded down, or to the nearest
/// integer. What is as near to a half as `tieBits` bits behind the point can tell counts as one; 0:
/// what is exactly one.
struct Scale {
  int64_t multiplier = 1, offset = 0;
  unsigned shift = 0;
  Interval sums; ///< that occur
  Ties ties = Ties::Down;
  unsigned tieBits = 0;
  /// Where ties are: of results whose bits 5 to 7 are i in bit i. Elsewhere what is near to a half
  /// is none. 0 is for scales that round down.
  uint8_t tieRegions = 0xff;

  static unsigned region(int64_t result) { return result >> 5 & 7; }
  /// What is added before the shift, so that only ties have to be mended behind it: halves go up to
  /// even numbers and must be led down from odd ones; with ties to odd numbers they go down and
  /// must be led up.
  int64_t rounding() const;
  int64_t resultOf(int64_t sum) const;
  /// Of all sums; results rise with them.
  Interval results() const { return {resultOf(sums.least), resultOf(sums.most)}; }
};

/// How often a layer's words of a table are read again.
enum class Repeat {
  Always,   ///< one word for all
  PerBlock, ///< the words of one block serve all blocks
  PerPixel, ///< those of all output channels serve all pixels
};

struct Layer {
  std::vector<std::string> nodes; ///< ONNX nodes it stands for

  // What is read.
  std::array<Loop, loopLevels> loops;
  int64_t start = 0, startRow = 0, startColumn = 0; ///< the first tap
  int64_t rows = 1, columns = 1;                    ///< taps outside read `padding`
  bool isPadded = false;
  int64_t padding = 0;

  // What is computed.
  Accumulation accumulation = Accumulation::Sum;
  unsigned lanes = 1, lastLanes = 1; ///< in use, and in the last block of a group
  std::vector<int64_t> weights;      ///< in order of use, the lanes of a tap side by side
  Repeat weightRepeat = Repeat::PerPixel;
  Interval sums;             ///< partial ones, of all lanes
  std::vector<Scale> scales; ///< of each output channel, or one for all; `counted` times
  Interval range;            ///< results are clamped to it, and reach its ends
  /// Results that are counted: so many scales of each channel, whose results are 0 or -1;
  /// a sum's result is `countFrom`, and one more for each 0. None: not counted.
  unsigned counted = 0;
  int64_t countFrom = 0;
  /// Empty, or what takes the place of results: 256 entries, by the lowest 8 bits of results, or a
  /// multiple of 256 by results, which are not negative.
  std::vector<int64_t> table;

  // Where results go.
  bool toOutput = false;
  int64_t base = 0; ///< the address of the first one; others follow
  int64_t skip = 0; ///< addresses that are left out behind each pixel

  Interval results() const {
    if (table.empty())
      return range;
    auto [least, most] = std::minmax_element(table.begin(), table.end());
    return {*least, *most};
  }
  int64_t count(unsigned from, unsigned to) const {
    int64_t product = 1;
    for (unsigned level = from; level < to; ++level)
      product *= loops[level].count;
    return product;
  }
  int64_t taps() const { return count(firstTap, firstChannel); }
  int64_t blocks() const { return count(firstChannel, firstPixel); } ///< of one pixel
  int64_t pixels() const { return count(firstPixel, loopLevels); }
  /// Scales that each sum goes through, one after another.
  unsigned scalesPerSum() const { return std::max(1u, counted); }
  bool scalesAlike() const { return scales.size() == scalesPerSum(); } ///< in all channels
};

/// What becomes of the results that would leave, if the network ends with something that no layer
/// does. As many as `size` that come one after another are taken together.
struct Head {
  enum class Kind { None, ArgMax, Softmax } kind = Kind::None;
  int64_t size = 1, groups = 1;
  Interval elements; ///< that come
  Interval range;    ///< of results

  bool last = false; ///< ArgMax: of equal elements the last one counts

  // Softmax: exponential * 2^shift / (factor * sum of exponentials) + zeroPoint, halves to even.
  std::vector<int64_t> exponentials; ///< by distance from the greatest element
  int64_t factor = 1, shift = 0, zeroPoint = 0;

  /// Softmax: an element is looked at three times, to find the greatest, the sum and the quotient,
  /// each time for as many clocks as the bits of the quotient take.
  static constexpr int64_t passes = 3;
  int64_t phases() const { return shift + 4; }
};

/// A graph input or output, as one of the streams' tensors, which stand in the graph's order.
struct PortTensor {
  std::vector<uint32_t> order; ///< the tensor's element, row-major, that comes as element i
  Interval range;              ///< of an input's elements
};

struct Program {
  std::string name;
  unsigned lanes = 1;
  std::vector<Layer> layers;
  Head head;

  // Activations: one element in a word.
  int64_t depth = 2;
  Interval elements; ///< all that are stored

  // Streams: an element in a beat. Inputs are stored one after another from address 0 on.
  std::vector<PortTensor> inputs, outputs;
  int64_t inputBeats = 0, outputBeats = 0;
  Interval inputRange, outputRange; ///< of the types on the bus

  unsigned digitBits = 0; ///< of Accumulation::Digits
};

} // namespace nnc::sequencer
