//===- Views.h - Tensors as they are on streams ----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Flow/FlowOps.h"
#include "dialects/NN/NNSearchOps.h"
#include "nnc/Dataflow/Integers.h"

#include <optional>

namespace nnc::dataflow {

/// Elements of a tensor by their row-major number.
using Order = std::vector<uint32_t>;

/// Sums that are not brought to a narrower range yet: a flow.matrix in the making.
struct Sums {
  mlir::Value input; ///< stream
  int64_t outputs = 0;
  std::vector<int64_t> weights, constants;
  std::vector<int64_t> least, most;  ///< by output
  std::vector<flow::StepForm> forms; ///< by output, once there are some
  std::vector<std::vector<int64_t>> thresholds;
  int64_t thresholdsLeast = 0;
  mlir::Location loc;

  bool isNarrowed() const { return !forms.empty() || !thresholds.empty(); }
};

/// A tensor as the frames of a stream. Element i of a frame, by beats and then lanes, is element
/// order[i] of the tensor.
struct View {
  mlir::Value stream; ///< null while `sums` is not built
  std::optional<Sums> sums;
  llvm::SmallVector<int64_t, 2> raster;
  Order order;

  int64_t lanes() const {
    int64_t beats = 1;
    for (int64_t size : raster)
      beats *= size;
    return order.size() / beats;
  }
};

/// The order in which a tensor 1 x channels x rows x columns (or with fewer spatial dimensions)
/// comes pixel by pixel.
Order pixelOrder(llvm::ArrayRef<int64_t> shape);

/// Do the axes of a reduction leave one number of each channel?
bool isOverPixels(llvm::ArrayRef<int64_t> axes, llvm::ArrayRef<int64_t> shape);

/// For each element of a movement's result the number of the operand's element that it is. None:
/// it is no such op.
std::optional<Order> sourceOf(mlir::Operation *movement);

/// The order inverted: for each element its place in the frame.
Order placesOf(const Order &order);

inline llvm::ArrayRef<int64_t> shapeOf(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType()).getShape();
}
inline mlir::Type elementOf(mlir::Value value) { return mlir::getElementTypeOrSelf(value); }

} // namespace nnc::dataflow
