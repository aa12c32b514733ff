//===- RandomFrames.cpp - Frames by chance -----------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "RandomFrames.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace mlir;

namespace nnc {

RandomFrames::RandomFrames(const SiliconFacts &silicon) {
  const hls::Bus &bus = silicon.core.input;
  for (const hls::PortTensor &tensor : bus.tensors)
    ranges.insert(ranges.end(), tensor.order.size(), bus.rangeOf(tensor));
}

int64_t RandomFrames::uniform(hls::Range range) {
  uint64_t size = uint64_t(range.most - range.least) + 1;
  return range.least + int64_t(random() % size);
}

int64_t RandomFrames::pick(hls::Range range) {
  switch (random() % 8) {
  case 0:
    return random() % 2 ? range.least : range.most;
  case 1:
    return std::clamp<int64_t>(int64_t(random() % 3) - 1, range.least, range.most);
  default:
    return uniform(range);
  }
}

Frame RandomFrames::fresh(size_t number) {
  Frame frame;
  // Where the elements are, as parts of their ranges: in 1/256.
  constexpr int64_t parts = 256;
  int64_t first = 0, last = parts;
  if (number < 2)
    first = last = number == 0 ? 0 : parts;
  else if (number % 2 == 1)
    std::tie(first, last) = std::minmax<int64_t>({uniform({0, parts}), uniform({0, parts})});
  for (auto [least, most] : ranges) {
    int64_t size = most - least;
    hls::Range part{least + size * first / parts, least + size * last / parts};
    frame.push_back(pick(part));
  }
  return frame;
}

Frame RandomFrames::varied(Frame frame) {
  for (int changes = 1 << random() % 3; changes > 0; --changes) {
    size_t at = random() % frame.size();
    auto [least, most] = rangeOf(at);
    int64_t step = 1 + int64_t(random() % 4);
    frame[at] = random() % 4 == 0
                    ? pick(at)
                    : std::clamp(frame[at] + (random() % 2 ? step : -step), least, most);
  }
  return frame;
}

} // namespace nnc
