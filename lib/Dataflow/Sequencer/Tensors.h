//===- Tensors.h - Where elements stand ---------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"
#include "nnc/Dataflow/Integers.h"
#include "nnc/Dataflow/Sequencer/Program.h"

#include <optional>

namespace nnc::sequencer {

inline mlir::RankedTensorType typeOf(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType());
}

using dataflow::constantIntegers;
/// The numbers of a constant, row-major; none if it is no constant of float32.
std::optional<std::vector<float>> constantFloats(mlir::Value value);

/// All values of an integer type.
Interval rangeOf(mlir::Type element);
/// What a clip of integers leaves.
Interval boundsOf(nn::ClipOp clip);

/// Some activations in a row.
struct Buffer {
  int64_t size = 0;
  int written = -1; ///< by this layer; -1: inputs
  int lastRead = -1;
  int64_t base = 0; ///< its address, when all are known
};

/// A tensor in a buffer, in any order. What only moves elements is another order.
struct View {
  int buffer = -1;
  std::vector<int64_t> places; ///< by element, row-major
  std::vector<int64_t> shape;
  Interval range;
};

/// Row-major strides.
std::vector<int64_t> stridesOf(llvm::ArrayRef<int64_t> shape);

View reshaped(const View &view, llvm::ArrayRef<int64_t> shape);
/// The view of `shape` whose element at an index is `view`'s element at `from(index)`.
View moved(const View &view, llvm::ArrayRef<int64_t> shape,
           llvm::function_ref<int64_t(llvm::ArrayRef<int64_t>)> from);

/// By numpy's rule.
View broadcast(const View &view, llvm::ArrayRef<int64_t> shape);

/// N x C x spatial with one channel next to the other at a constant distance, and so on.
struct Image {
  int64_t channels = 1, rows = 1, columns = 1;
  int64_t start = 0, channelStride = 0, rowStride = 0, columnStride = 0;
};
/// The view as an image of one or two spatial dimensions; none if its batch is not one or its
/// places are not affine.
std::optional<Image> imageOf(const View &view);

/// The places of elements where all along `axis` stand next to each other, `pitch` from one index
/// of the other dimensions to the next: of an image that is (1), where its channels do.
std::vector<int64_t> placesAlong(llvm::ArrayRef<int64_t> shape, size_t axis, int64_t pitch);

/// Loops, innermost first, that visit `offsets`, the first of which is 0; none if there are more
/// than `most`.
std::optional<std::vector<Loop>> loopsThrough(std::vector<int64_t> offsets, size_t most);

/// All elements of a view one after another, by loops of channels and pixels.
struct Visit {
  std::array<Loop, loopLevels> loops;
  int64_t start = 0;
  std::vector<int64_t> places; ///< by element, counted as they are visited
};
/// In the order in which they stand; none if it takes too many loops, as below.
std::optional<Visit> visitAsTheyStand(const View &view);
/// In the order of placesAlong(); `byPixel`: what is along the axis by loops of channels alone.
std::optional<Visit> visitAlong(const View &view, size_t axis, bool byPixel);

/// One loop for two where they advance alike.
void mergeLoops(std::array<Loop, loopLevels> &loops, unsigned from, unsigned to);

} // namespace nnc::sequencer
