//===- Views.cpp - Tensors as they are on streams --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Views.h"

#include "llvm/ADT/TypeSwitch.h"

#include <numeric>

using namespace mlir;

namespace nnc::dataflow {

Order pixelOrder(ArrayRef<int64_t> shape) {
  int64_t channels = shape[1], pixels = 1;
  for (int64_t size : shape.drop_front(2))
    pixels *= size;
  Order order;
  for (int64_t pixel = 0; pixel < pixels; ++pixel)
    for (int64_t channel = 0; channel < channels; ++channel)
      order.push_back(channel * pixels + pixel);
  return order;
}

bool isOverPixels(ArrayRef<int64_t> axes, ArrayRef<int64_t> shape) {
  bool over = shape.size() >= 3 && axes.size() + 2 == shape.size();
  for (auto [dim, axis] : llvm::enumerate(axes))
    over &= axis == int64_t(dim) + 2;
  return over;
}

static SmallVector<int64_t> stridesOf(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (size_t dim = shape.size(); dim-- > 1;)
    strides[dim - 1] = strides[dim] * shape[dim];
  return strides;
}

/// Calls `visit` with each index of `shape`, row-major.
static void forEachIndex(ArrayRef<int64_t> shape,
                         llvm::function_ref<void(ArrayRef<int64_t>)> visit) {
  SmallVector<int64_t> index(shape.size(), 0);
  int64_t count = std::accumulate(shape.begin(), shape.end(), int64_t(1), std::multiplies<>());
  for (int64_t i = 0; i < count; ++i) {
    visit(index);
    for (size_t dim = shape.size(); dim-- > 0 && ++index[dim] == shape[dim];)
      index[dim] = 0;
  }
}

std::optional<Order> sourceOf(Operation *op) {
  Order source;
  if (isa<nn::ReshapeOp>(op)) {
    source.resize(cast<RankedTensorType>(op->getResult(0).getType()).getNumElements());
    std::iota(source.begin(), source.end(), 0);
    return source;
  }
  auto walk = [&](Value from, Value to, auto &&locate) {
    SmallVector<int64_t> strides = stridesOf(shapeOf(from));
    forEachIndex(shapeOf(to), [&](ArrayRef<int64_t> index) {
      int64_t place = 0;
      for (size_t dim = 0; dim < strides.size(); ++dim)
        place += strides[dim] * locate(index, dim);
      source.push_back(place);
    });
    return source;
  };
  return llvm::TypeSwitch<Operation *, std::optional<Order>>(op)
      .Case([&](nn::TransposeOp op) {
        SmallVector<int64_t> inverse(op.getPermutation().size());
        for (auto [to, from] : llvm::enumerate(op.getPermutation()))
          inverse[from] = to;
        return walk(op.getInput(), op.getResult(),
                    [&](ArrayRef<int64_t> index, size_t dim) { return index[inverse[dim]]; });
      })
      .Case([&](nn::SliceOp op) {
        return walk(op.getInput(), op.getResult(), [&](ArrayRef<int64_t> index, size_t dim) {
          return op.getStarts()[dim] + index[dim] * op.getSteps()[dim];
        });
      })
      .Default([](Operation *) { return std::nullopt; });
}

Order placesOf(const Order &order) {
  Order places(order.size());
  for (auto [place, element] : llvm::enumerate(order))
    places[element] = place;
  return places;
}

} // namespace nnc::dataflow
