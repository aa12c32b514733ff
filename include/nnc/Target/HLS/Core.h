//===- Core.h - What the core of a network promises ----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nnc::hls {

/// The ends of what some integers can be.
struct Range {
  int64_t least, most;
};

/// A graph input or output as it is on the bus.
struct PortTensor {
  std::string name, cName; ///< in the model, in C
  std::string dtype;       ///< of the model's tensor, in numpy's spelling
  std::vector<int64_t> shape;
  /// What an integer q on the bus stands for: (q - zeroPoint) * scale. Without a scale the integers
  /// are the tensor.
  std::optional<double> scale;
  int64_t zeroPoint = 0;
  nn::RoundingMode rounding = nn::RoundingMode::HalfEven; ///< of floats to these integers
  /// The ONNX nodes between what leaves and the model's output.
  std::vector<std::string> leftToCaller;
  /// Of its integers on the way in, where a lane holds more: the core relies on it.
  std::optional<Range> range;
  /// The element of the tensor, row-major, that is on the bus as element `i` of the frame.
  std::vector<uint32_t> order;

  /// Whether elements come as they are numbered.
  bool isRowMajor() const {
    for (size_t i = 0; i < order.size(); ++i)
      if (order[i] != i)
        return false;
    return true;
  }
};

/// One side of a core. A frame is `beats` beats of `lanes` elements of `laneBits` bits each, the
/// first element in the lowest bits; its elements are numbered beat by beat.
struct Bus {
  unsigned beats = 1, lanes = 1, laneBits = 8;
  bool isSigned = false;
  std::vector<PortTensor> tensors; ///< one after another in the frame

  unsigned width() const { return lanes * laneBits; }
  /// The ends of what a lane holds.
  int64_t least() const { return isSigned ? INT64_MIN >> (64 - laneBits) : 0; }
  int64_t most() const { return isSigned ? ~least() : INT64_MAX >> (63 - std::min(laneBits, 63u)); }
  Range rangeOf(const PortTensor &tensor) const {
    return tensor.range.value_or(Range{least(), most()});
  }
};

/// The module NAME with the ports `clk rst in_valid in_data out_valid out_data`.
///
/// It takes a beat in each clock in which `in_valid` is set, and asks for nothing: between beats of
/// a frame there may be pauses of any length, between the last beat of a frame and the first of the
/// next at least `pause` clocks without one. `out_valid` marks the beats of the result, which
/// cannot be held back. Without pauses in the frame its first result comes `latency` clocks after
/// its first beat (0: within the same clock), whatever the data are.
struct Core {
  std::string name;
  Bus input, output;
  unsigned latency = 0;
  unsigned pause = 0;

  /// Clocks from a frame to the next at the highest rate.
  unsigned interval() const { return input.beats + pause; }
};

} // namespace nnc::hls
