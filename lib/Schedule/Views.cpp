//===- Views.cpp - Movers that move nothing -------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Layouts.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using nnc::plan::LayoutAttr;

namespace nnc::schedule {

bool isViewMover(Operation *op) {
  return isa<nn::TransposeOp, nn::SliceOp, nn::BroadcastOp, nn::ReshapeOp>(op);
}

namespace {

/// Dimensions of a reshape that hold the same elements before and after; those
/// of size one belong to no group.
struct ReshapeGroup {
  SmallVector<int64_t> before, after;
};

SmallVector<ReshapeGroup> reshapeGroups(ArrayRef<int64_t> before, ArrayRef<int64_t> after) {
  auto wide = [](ArrayRef<int64_t> shape) {
    SmallVector<int64_t> dims;
    for (auto [d, size] : llvm::enumerate(shape))
      if (size != 1)
        dims.push_back(d);
    return dims;
  };
  SmallVector<int64_t> dimsBefore = wide(before), dimsAfter = wide(after);
  SmallVector<ReshapeGroup> groups;
  for (size_t b = 0, a = 0; b < dimsBefore.size();) {
    ReshapeGroup &group = groups.emplace_back();
    int64_t countBefore = 1, countAfter = 1;
    do {
      if (countBefore <= countAfter) {
        group.before.push_back(dimsBefore[b]);
        countBefore *= before[dimsBefore[b++]];
      } else {
        group.after.push_back(dimsAfter[a]);
        countAfter *= after[dimsAfter[a++]];
      }
    } while (countBefore != countAfter);
  }
  return groups;
}

/// Elements of all dimensions in `group` but the outermost, the only one that can have a halo
/// where they are one.
int64_t innerSize(ArrayRef<int64_t> group, ArrayRef<int64_t> shape) {
  int64_t product = 1;
  for (int64_t d : group.drop_front())
    product *= shape[d];
  return product;
}

/// What is left of `source`'s halo around the strides of a view of it.
LayoutAttr layoutOf(const View &source, ArrayRef<int64_t> strides, ArrayRef<int64_t> low,
                    ArrayRef<int64_t> high) {
  Halo halo{llvm::to_vector(low), llvm::to_vector(high), source.layout.getFill()};
  return halo.around(source.layout.getContext(), strides);
}

std::optional<View> through(nn::TransposeOp op, const View &source) {
  SmallVector<int64_t> strides, low, high;
  for (int64_t d : op.getPermutation()) {
    strides.push_back(source.layout.getStrides()[d]);
    low.push_back(source.layout.lowHalo(d));
    high.push_back(source.layout.highHalo(d));
  }
  return View{source.offset, layoutOf(source, strides, low, high)};
}

std::optional<View> through(nn::SliceOp op, const View &source) {
  ArrayRef<int64_t> before = shapeOf(op.getInput()), after = shapeOf(op.getResult());
  SmallVector<int64_t> strides, low, high;
  int64_t offset = source.offset;
  for (size_t d = 0; d < before.size(); ++d) {
    int64_t stride = source.layout.getStrides()[d];
    offset += op.getStarts()[d] * stride;
    strides.push_back(op.getSteps()[d] * stride);
    low.push_back(before[d] == after[d] ? source.layout.lowHalo(d) : 0);
    high.push_back(before[d] == after[d] ? source.layout.highHalo(d) : 0);
    if (op.getSteps()[d] != 1)
      low.back() = high.back() = 0;
  }
  return View{offset, layoutOf(source, strides, low, high)};
}

std::optional<View> through(nn::BroadcastOp op, const View &source) {
  ArrayRef<int64_t> before = shapeOf(op.getInput()), after = shapeOf(op.getResult());
  size_t lead = after.size() - before.size();
  SmallVector<int64_t> strides(after.size(), 0), low(after.size(), 0), high(after.size(), 0);
  for (size_t d = 0; d < before.size(); ++d)
    if (before[d] == after[d + lead]) {
      strides[d + lead] = source.layout.getStrides()[d];
      low[d + lead] = source.layout.lowHalo(d);
      high[d + lead] = source.layout.highHalo(d);
    }
  return View{source.offset, layoutOf(source, strides, low, high)};
}

std::optional<View> through(nn::ReshapeOp op, const View &source) {
  ArrayRef<int64_t> before = shapeOf(op.getInput()), after = shapeOf(op.getResult());
  if (llvm::is_contained(before, 0))
    return View{source.offset, LayoutAttr::rowMajor(op.getContext(), after)};
  SmallVector<int64_t> strides(after.size(), 0), low(after.size(), 0), high(after.size(), 0);
  for (const ReshapeGroup &group : reshapeGroups(before, after)) {
    ArrayRef<int64_t> old = source.layout.getStrides();
    for (auto [outer, inner] :
         llvm::zip(ArrayRef(group.before).drop_back(), ArrayRef(group.before).drop_front()))
      if (old[outer] != old[inner] * before[inner])
        return std::nullopt;
    int64_t stride = old[group.before.back()];
    for (int64_t d : llvm::reverse(group.after)) {
      strides[d] = stride;
      stride *= after[d];
    }
    if (group.after.size() == 1) {
      int64_t inner = innerSize(group.before, before);
      low[group.after[0]] = inner * source.layout.lowHalo(group.before[0]);
      high[group.after[0]] = inner * source.layout.highHalo(group.before[0]);
    }
  }
  // New dimensions of size one: as if they belonged to what is inside of them.
  for (int64_t d = after.size() - 1; d >= 0; --d)
    if (after[d] == 1)
      strides[d] = d + 1 < static_cast<int64_t>(after.size()) ? strides[d + 1] * after[d + 1] : 1;
  return View{source.offset, layoutOf(source, strides, low, high)};
}

} // namespace

std::optional<View> viewThrough(Operation *mover, const View &source) {
  return llvm::TypeSwitch<Operation *, std::optional<View>>(mover)
      .Case<nn::TransposeOp, nn::SliceOp, nn::BroadcastOp, nn::ReshapeOp>(
          [&](auto op) { return through(op, source); })
      .Default([](Operation *) { return std::nullopt; });
}

Order orderBehind(Operation *mover, const Order &order) {
  Value input = mover->getOperand(0);
  int64_t rank = shapeOf(input).size();
  Order behind;
  if (auto transpose = dyn_cast<nn::TransposeOp>(mover)) {
    for (int64_t d : order)
      behind.push_back(transpose.getPermutation()[d]);
    return behind;
  }
  if (isa<nn::SliceOp>(mover))
    return order;
  if (isa<nn::BroadcastOp>(mover)) {
    int64_t lead = order.size() - rank;
    for (int64_t d : order)
      if (d >= lead)
        behind.push_back(d - lead);
    return behind;
  }
  // A reshape keeps groups of dimensions together, each in row-major order.
  ArrayRef<int64_t> before = shapeOf(input), after = shapeOf(mover->getResult(0));
  SmallVector<ReshapeGroup> groups = reshapeGroups(before, after);
  Order wide;
  llvm::copy_if(order, std::back_inserter(wide), [&](int64_t d) { return after[d] != 1; });
  for (size_t i = 0; i < wide.size();) {
    auto group = llvm::find_if(groups, [&](auto &g) { return g.after.front() == wide[i]; });
    if (group == groups.end() ||
        ArrayRef<int64_t>(group->after) !=
            ArrayRef<int64_t>(wide).slice(i).take_front(group->after.size()))
      return rowMajorOrder(rank);
    llvm::append_range(behind, group->before);
    i += group->after.size();
  }
  Order ones;
  for (int64_t d = 0; d < rank; ++d)
    if (!llvm::is_contained(behind, d))
      ones.push_back(d);
  behind.insert(behind.begin(), ones.begin(), ones.end());
  return behind;
}

Order orderOf(LayoutAttr layout) {
  Order order = rowMajorOrder(layout.getRank());
  llvm::stable_sort(order, [&](int64_t a, int64_t b) {
    return std::abs(layout.getStrides()[a]) > std::abs(layout.getStrides()[b]);
  });
  return order;
}

std::optional<Halo> haloBehind(Operation *mover, const Halo &halo) {
  if (!halo.any())
    return Halo{};
  ArrayRef<int64_t> before = shapeOf(mover->getOperand(0)), after = shapeOf(mover->getResult(0));
  Halo behind{SmallVector<int64_t>(before.size(), 0), SmallVector<int64_t>(before.size(), 0),
              halo.fill};
  // Which dimension of the operand is this one of the result, all of it? Or the outermost of
  // several, whose others hold `inner` elements?
  SmallVector<int64_t> origin(after.size(), -1), inner(after.size(), 1);
  if (auto transpose = dyn_cast<nn::TransposeOp>(mover)) {
    origin.assign(transpose.getPermutation().begin(), transpose.getPermutation().end());
  } else if (auto slice = dyn_cast<nn::SliceOp>(mover)) {
    for (auto [d, to] : llvm::enumerate(origin))
      if (before[d] == after[d] && slice.getSteps()[d] == 1)
        to = d;
  } else if (isa<nn::BroadcastOp>(mover)) {
    size_t lead = after.size() - before.size();
    for (size_t d = 0; d < before.size(); ++d)
      if (before[d] == after[d + lead])
        origin[d + lead] = d;
  } else {
    for (const ReshapeGroup &group : reshapeGroups(before, after))
      if (group.after.size() == 1) {
        origin[group.after[0]] = group.before[0];
        inner[group.after[0]] = innerSize(group.before, before);
      }
  }
  for (size_t d = 0; d < after.size(); ++d)
    if (halo.low[d] || halo.high[d]) {
      if (origin[d] < 0)
        return std::nullopt;
      behind.low[origin[d]] = llvm::divideCeil(halo.low[d], inner[d]);
      behind.high[origin[d]] = llvm::divideCeil(halo.high[d], inner[d]);
    }
  return behind;
}

} // namespace nnc::schedule
