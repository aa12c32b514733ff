//===- Layouts.cpp - Making layouts ---------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Layouts.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using nnc::plan::LayoutAttr;

namespace nnc::schedule {

//===----------------------------------------------------------------------===//
// Halo
//===----------------------------------------------------------------------===//

static bool anyPositive(ArrayRef<int64_t> list) {
  return llvm::any_of(list, [](int64_t n) { return n > 0; });
}

bool Halo::any() const { return anyPositive(low) || anyPositive(high); }

static SmallVector<int64_t> joinLists(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  SmallVector<int64_t> out(std::max(a.size(), b.size()), 0);
  for (auto [d, n] : llvm::enumerate(out))
    n = std::max(d < a.size() ? a[d] : 0, d < b.size() ? b[d] : 0);
  return out;
}

Halo Halo::of(LayoutAttr layout) {
  return {llvm::to_vector(layout.getLow()), llvm::to_vector(layout.getHigh()), layout.getFill()};
}

std::optional<Halo> Halo::join(const Halo &a, const Halo &b) {
  if (a.any() && b.any() && a.fill != b.fill)
    return std::nullopt;
  return Halo{joinLists(a.low, b.low), joinLists(a.high, b.high), a.any() ? a.fill : b.fill};
}

LayoutAttr Halo::around(MLIRContext *context, ArrayRef<int64_t> strides) const {
  return any() ? LayoutAttr::get(context, strides, low, high, fill)
               : LayoutAttr::get(context, strides);
}

bool Halo::covers(const Halo &need) const {
  auto atLeast = [](ArrayRef<int64_t> have, ArrayRef<int64_t> want) {
    for (auto [d, n] : llvm::enumerate(want))
      if (n > (d < have.size() ? have[d] : 0))
        return false;
    return true;
  };
  return !need.any() || (fill == need.fill && atLeast(low, need.low) && atLeast(high, need.high));
}

//===----------------------------------------------------------------------===//
// Orders
//===----------------------------------------------------------------------===//

ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

Order rowMajorOrder(int64_t rank) { return llvm::to_vector(llvm::seq<int64_t>(0, rank)); }

Order unitLastOrder(int64_t rank, int64_t unitDim) {
  Order order = rowMajorOrder(rank);
  if (unitDim >= 0) {
    order.erase(order.begin() + unitDim);
    order.push_back(unitDim);
  }
  return order;
}

bool sameOrder(ArrayRef<int64_t> shape, const Order &a, const Order &b) {
  auto wide = [&](int64_t d) { return shape[d] != 1; };
  return llvm::equal(llvm::make_filter_range(a, wide), llvm::make_filter_range(b, wide));
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

/// Dimensions of size one say nothing about an order until they get a halo; inside
/// of the last wide dimension they would then take its stride 1 away.
static Order wideLast(ArrayRef<int64_t> shape, Order order) {
  auto wide = [&](int64_t d) { return shape[d] != 1; };
  auto innermost = llvm::find_if(llvm::reverse(order), wide);
  if (innermost != order.rend())
    std::rotate(std::prev(innermost.base()), innermost.base(), order.end());
  return order;
}

LayoutAttr makeLayout(MLIRContext *context, ArrayRef<int64_t> shape, const Order &order,
                      const Halo &halo, int64_t pad) {
  SmallVector<int64_t> strides(shape.size());
  int64_t stride = 1;
  const Order outermostFirst = wideLast(shape, order);
  for (auto [i, d] : llvm::enumerate(llvm::reverse(outermostFirst))) {
    strides[d] = stride;
    int64_t extent = shape[d];
    if (halo.any())
      extent += halo.low[d] + halo.high[d];
    stride *= std::max<int64_t>(extent, 1);
    if (i == 0)
      stride += pad;
  }
  return halo.around(context, strides);
}

static int64_t blockOf(LayoutAttr layout, int64_t d) {
  return layout.isBlocked() ? layout.getBlocks()[d] : 1;
}

bool satisfies(LayoutAttr layout, ArrayRef<int64_t> shape, const LayoutNeed &need) {
  if (llvm::is_contained(shape, 0))
    return true;
  if (need.rowMajor && !LayoutAttr::get(layout.getContext(), layout.getStrides()).isRowMajor(shape))
    return false;
  if (need.unitDim >= 0 && shape[need.unitDim] != 1 && layout.getStrides()[need.unitDim] != 1)
    return false;
  return Halo::of(layout).covers(Halo::of(need));
}

LayoutAttr asNeeded(LayoutAttr layout, ArrayRef<int64_t> shape, const LayoutNeed &need) {
  SmallVector<int64_t> strides(layout.getStrides());
  if (need.unitDim >= 0 && shape[need.unitDim] == 1)
    strides[need.unitDim] = 1;
  return Halo::of(need).around(layout.getContext(), strides);
}

LayoutAttr asWritten(LayoutAttr layout, ArrayRef<int64_t> shape, const LayoutNeed &need) {
  SmallVector<int64_t> strides(layout.getStrides());
  if (need.unitDim >= 0 && shape[need.unitDim] == 1 && !layout.lowHalo(need.unitDim) &&
      !layout.highHalo(need.unitDim))
    strides[need.unitDim] = 1;
  return Halo::of(layout).around(layout.getContext(), strides);
}

std::pair<int64_t, int64_t> reach(LayoutAttr layout, ArrayRef<int64_t> shape) {
  int64_t first = 0, last = 0;
  auto include = [&](int64_t a, int64_t b) {
    first += std::min(a, b);
    last += std::max(a, b);
  };
  for (int64_t d = 0; d < layout.getRank(); ++d) {
    int64_t stride = layout.getStrides()[d], block = blockOf(layout, d);
    if (block > 1) {
      include(0, (shape[d] - 1) / block * stride);
      include(0, (block - 1) * layout.getBlockStrides()[d]);
    } else {
      include(-layout.lowHalo(d) * stride, (shape[d] - 1 + layout.highHalo(d)) * stride);
    }
  }
  return {first, last};
}

ElementsAttr gatherConstant(ElementsAttr value, const View &view, RankedTensorType type) {
  std::vector<char> bytes = nn::elementBytes(value);
  int64_t size = nn::elementByteSize(type.getElementType()), rank = type.getRank();
  std::vector<char> out(type.getNumElements() * size);
  SmallVector<int64_t> index(rank);
  for (int64_t flat = 0; flat < type.getNumElements(); ++flat) {
    int64_t at = view.offset + view.layout.elementOffset(index);
    std::memcpy(&out[flat * size], &bytes[at * size], size);
    for (int64_t d = rank; d-- > 0 && ++index[d] == type.getDimSize(d);)
      index[d] = 0;
  }
  return nn::makeElements(type, out);
}

} // namespace nnc::schedule
