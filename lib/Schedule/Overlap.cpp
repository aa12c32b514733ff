//===- Overlap.cpp - Do two tensors of a step share bytes? -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Overlap.h"

#include "Layouts.h"

#include "llvm/ADT/BitVector.h"

using namespace mlir;

namespace nnc::schedule {

ByteRange TensorPlace::range() const {
  auto [first, last] = reach(layout, type.getShape());
  int64_t size = nn::elementByteSize(type.getElementType());
  return {origin + first * size, origin + (last + 1) * size};
}

/// Calls fn(first byte, end) for runs of bytes that make up `place`, halo included. Dimensions
/// with a stride of 0 repeat their bytes and are walked once.
static void forEachRun(const TensorPlace &place, function_ref<void(int64_t, int64_t)> fn) {
  plan::LayoutAttr layout = place.layout;
  int64_t size = nn::elementByteSize(place.type.getElementType()), rank = layout.getRank();
  auto isPlain = [&](int64_t d) { return !layout.isBlocked() || layout.getBlocks()[d] == 1; };
  auto end = [&](int64_t d) { return place.type.getDimSize(d) + layout.highHalo(d); };
  int64_t unit = -1; // the dimension that runs lie along
  for (int64_t d = 0; d < rank; ++d)
    if (isPlain(d) && layout.getStrides()[d] == 1)
      unit = d;
  SmallVector<int64_t> index(rank, 0);
  auto visit = [&](auto &self, int64_t d) -> void {
    if (d == rank) {
      int64_t count = unit < 0 ? 1 : end(unit) - index[unit];
      int64_t first = place.origin + layout.elementOffset(index) * size;
      return fn(first, first + count * size);
    }
    index[d] = -layout.lowHalo(d);
    if (d == unit || (isPlain(d) && layout.getStrides()[d] == 0))
      return self(self, d + 1);
    for (; index[d] < end(d); ++index[d])
      self(self, d + 1);
  };
  visit(visit, 0);
}

bool overlap(const TensorPlace &a, const TensorPlace &b) {
  if (a.buffer != b.buffer || a.isEmpty() || b.isEmpty())
    return false;
  ByteRange ra = a.range(), rb = b.range();
  ByteRange both{std::max(ra.first, rb.first), std::min(ra.end, rb.end)};
  if (both.first >= both.end)
    return false;
  llvm::BitVector taken(both.end - both.first);
  auto within = [&](int64_t first, int64_t end) {
    return std::pair<int64_t, int64_t>(std::max(first, both.first) - both.first,
                                       std::min(end, both.end) - both.first);
  };
  forEachRun(a, [&](int64_t first, int64_t end) {
    if (auto [from, to] = within(first, end); from < to)
      taken.set(from, to);
  });
  bool found = false;
  forEachRun(b, [&](int64_t first, int64_t end) {
    if (auto [from, to] = within(first, end); !found && from < to)
      found = taken.find_first_in(from, to) >= 0;
  });
  return found;
}

bool coincide(const TensorPlace &a, const TensorPlace &b) {
  if (a.buffer != b.buffer || a.origin != b.origin || a.type != b.type || a.layout.isBlocked() ||
      b.layout.isBlocked())
    return false;
  for (int64_t d = 0; d < a.layout.getRank(); ++d)
    if (a.type.getDimSize(d) != 1 && a.layout.getStrides()[d] != b.layout.getStrides()[d])
      return false;
  return true;
}

} // namespace nnc::schedule
