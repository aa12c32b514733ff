//===- RowWalk.h - Strided operands, row by row ----------------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Support/LLVM.h"

#include <array>

namespace nnc::interpreter {

/// Row-major strides of `shape`, in elements.
inline llvm::SmallVector<int64_t> rowMajorStrides(llvm::ArrayRef<int64_t> shape) {
  llvm::SmallVector<int64_t> strides(shape.size(), 1);
  for (size_t d = shape.size(); d-- > 1;)
    strides[d - 1] = strides[d] * shape[d];
  return strides;
}

/// Strides that read an operand of shape `from` under the shape `to` it is broadcast to.
inline llvm::SmallVector<int64_t> broadcastStrides(llvm::ArrayRef<int64_t> from,
                                                   llvm::ArrayRef<int64_t> to) {
  llvm::SmallVector<int64_t> strides = rowMajorStrides(from);
  for (size_t d = 0; d < from.size(); ++d)
    if (from[d] == 1)
      strides[d] = 0;
  strides.insert(strides.begin(), to.size() - from.size(), 0);
  return strides;
}

/// Visits the elements of a shape in row-major order, with the positions of
/// N operands that step through it with strides of their own.
template <size_t N>
class RowWalk {
public:
  using Strides = std::array<llvm::SmallVector<int64_t>, N>;

  RowWalk(llvm::ArrayRef<int64_t> shape, const Strides &strides) {
    for (size_t d = 0; d < shape.size(); ++d)
      if (shape[d] != 1)
        append(shape[d], strides, d);
    if (sizes.empty()) {
      sizes.push_back(1);
      for (auto &s : steps)
        s.push_back(0);
    }
  }

  /// fn(first, positions, count, steps): `count` elements from row-major
  /// number `first` on; operand i's stand at positions[i] + j * steps[i].
  template <typename Fn>
  void forEachRow(Fn fn) const {
    size_t last = sizes.size() - 1;
    int64_t total = 1;
    std::array<int64_t, N> positions{}, rowSteps;
    for (int64_t size : sizes)
      total *= size;
    for (size_t i = 0; i < N; ++i)
      rowSteps[i] = steps[i][last];
    llvm::SmallVector<int64_t> index(last, 0);
    for (int64_t first = 0; first < total; first += sizes[last]) {
      fn(first, positions, sizes[last], rowSteps);
      for (size_t d = last; d-- > 0;) {
        for (size_t i = 0; i < N; ++i)
          positions[i] += steps[i][d];
        if (++index[d] < sizes[d])
          break;
        index[d] = 0;
        for (size_t i = 0; i < N; ++i)
          positions[i] -= steps[i][d] * sizes[d];
      }
    }
  }

private:
  /// Adds dimension d, joined with the one before where every operand allows it.
  void append(int64_t size, const Strides &strides, size_t d) {
    bool join = !sizes.empty() && size != 0;
    for (size_t i = 0; i < N && join; ++i)
      join = steps[i].back() == strides[i][d] * size;
    if (join)
      sizes.back() *= size;
    else
      sizes.push_back(size);
    for (size_t i = 0; i < N; ++i) {
      if (join)
        steps[i].back() = strides[i][d];
      else
        steps[i].push_back(strides[i][d]);
    }
  }

  llvm::SmallVector<int64_t> sizes;
  Strides steps;
};

/// Calls fn(index) for every index of `shape`, row-major.
template <typename Fn>
void forEachIndex(llvm::ArrayRef<int64_t> shape, Fn fn) {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  llvm::SmallVector<int64_t> index(shape.size(), 0);
  for (int64_t i = 0; i < count; ++i) {
    fn(llvm::ArrayRef<int64_t>(index));
    for (size_t d = shape.size(); d-- > 0 && ++index[d] == shape[d];)
      index[d] = 0;
  }
}

} // namespace nnc::interpreter
