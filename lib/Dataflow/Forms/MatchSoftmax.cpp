//===- MatchSoftmax.cpp - Softmaxes of integers in a network -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/MatchSoftmax.h"
#include "nnc/Dataflow/Integers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace nnc::dataflow {

namespace {

/// The one integer of a constant.
std::optional<int64_t> constantInteger(Value value) {
  auto integers = constantIntegers(value);
  return integers && integers->size() == 1 ? std::optional(integers->front()) : std::nullopt;
}

/// Follows the operands of nn.proportion to the bytes.
class Matcher {
public:
  std::optional<Softmax> match(nn::ProportionOp end) {
    auto lookup = defining<nn::LookupOp>(end.getInput());
    auto distance = lookup ? defining<nn::SubOp>(lookup.getInput()) : nn::SubOp();
    auto greatest = distance ? defining<nn::ReduceMaxOp>(distance.getLhs()) : nn::ReduceMaxOp();
    if (!greatest || greatest.getInput() != distance.getRhs() || !matchSum(end.getSum(), lookup) ||
        found.axes != greatest.getAxes() || end.getDivision() != nn::Division::HalfEven)
      return std::nullopt;
    found.input = greatest.getInput();
    auto cast = found.input.getDefiningOp<nn::CastOp>();
    auto zero = constantInteger(end.getZeroPoint());
    found.shift = static_cast<int64_t>(end.getShift());
    found.exponentials.assign(lookup.getTable().begin(), lookup.getTable().end());
    if (!zero || !cast || !isByte(cast.getInput()) || !isInRange(end))
      return std::nullopt;
    found.zeroPoint = *zero;
    found.ops.push_back(end);
    for (Operation *op : found.ops)
      for (Operation *user : op->getUsers())
        if (op != end && !llvm::is_contained(found.ops, user))
          return std::nullopt;
    return std::move(found);
  }

private:
  template <typename Op>
  Op defining(Value value) {
    auto op = value.getDefiningOp<Op>();
    if (op && !llvm::is_contained(found.ops, op.getOperation()))
      found.ops.push_back(op);
    return op;
  }

  static bool isByte(Value value) {
    auto type = dyn_cast<IntegerType>(getElementTypeOrSelf(value));
    return type && type.getWidth() <= 8;
  }

  /// The sum of what `lookup` gives, times the factor.
  bool matchSum(Value sum, nn::LookupOp lookup) {
    if (auto mul = defining<nn::MulOp>(sum)) {
      auto factor = constantInteger(mul.getRhs());
      if (!factor)
        return false;
      found.factor = *factor;
      sum = mul.getLhs();
    }
    auto total = defining<nn::ReduceSumOp>(sum);
    auto wide = total ? defining<nn::CastOp>(total.getInput()) : nn::CastOp();
    if (!wide || wide.getInput() != lookup.getResult() || !total.getKeepdims())
      return false;
    found.axes.assign(total.getAxes().begin(), total.getAxes().end());
    return true;
  }

  /// Nothing that nn.proportion takes is outside of its ranges: one exponential is the greatest's.
  bool isInRange(nn::ProportionOp end) {
    int64_t elements = 1, least = *llvm::min_element(found.exponentials),
            most = *llvm::max_element(found.exponentials), greatest, sum;
    for (int64_t axis : found.axes)
      elements *= cast<RankedTensorType>(found.input.getType()).getDimSize(axis);
    return least >= 0 && most <= end.inputRange().second && found.factor > 0 &&
           !llvm::MulOverflow(found.factor, found.exponentials[0], greatest) &&
           greatest >= end.sumRange().first && !llvm::MulOverflow(most, elements, sum) &&
           !llvm::MulOverflow(sum, found.factor, sum) && sum <= end.sumRange().second;
  }

  Softmax found;
};

} // namespace

std::optional<Softmax> matchSoftmax(nn::ProportionOp end) { return Matcher().match(end); }

std::vector<Place> placesAlong(ArrayRef<int64_t> shape, ArrayRef<int64_t> axes) {
  std::vector<Place> places;
  SmallVector<int64_t> at(shape.size(), 0);
  for (int64_t element = 0, count = ShapedType::getNumElements(shape); element < count; ++element) {
    Place place{0, 0};
    for (auto [dim, size] : llvm::enumerate(shape)) {
      int64_t &number =
          llvm::is_contained(axes, static_cast<int64_t>(dim)) ? place.index : place.group;
      number = number * size + at[dim];
    }
    places.push_back(place);
    for (size_t dim = shape.size(); dim-- > 0 && ++at[dim] == shape[dim];)
      at[dim] = 0;
  }
  return places;
}

} // namespace nnc::dataflow
