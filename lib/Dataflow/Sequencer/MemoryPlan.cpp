//===- MemoryPlan.cpp - Where buffers stand -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "MemoryPlan.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

namespace nnc::sequencer {

/// One after another. Returns the end of the last one.
static int64_t placeInOrder(std::vector<Buffer> &buffers) {
  int64_t end = 0;
  for (Buffer &buffer : buffers) {
    buffer.base = end;
    end += buffer.size;
  }
  return end;
}

/// Each at the lowest place that is free as long as it lives.
static int64_t placeFirstFit(std::vector<Buffer> &buffers) {
  int64_t end = 0;
  for (size_t i = 0; i < buffers.size(); ++i) {
    Buffer &buffer = buffers[i];
    std::vector<const Buffer *> others;
    for (const Buffer &other : llvm::ArrayRef(buffers).take_front(i))
      if (buffer.written <= other.lastRead && other.written <= buffer.lastRead)
        others.push_back(&other);
    llvm::sort(others, [](auto *a, auto *b) { return a->base < b->base; });
    buffer.base = 0;
    for (const Buffer *other : others)
      if (other->base < buffer.base + buffer.size && buffer.base < other->base + other->size)
        buffer.base = other->base + other->size;
    end = std::max(end, buffer.base + buffer.size);
  }
  return end;
}

int64_t planMemory(std::vector<Buffer> &buffers) {
  int64_t packed = placeFirstFit(buffers);
  std::vector<Buffer> inOrder = buffers;
  int64_t end = placeInOrder(inOrder);
  if (llvm::PowerOf2Ceil(end) > llvm::PowerOf2Ceil(packed))
    return packed;
  buffers = std::move(inOrder);
  return end;
}

} // namespace nnc::sequencer
