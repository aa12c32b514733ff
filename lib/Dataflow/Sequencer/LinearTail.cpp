//===- LinearTail.cpp - Constants added to sums, and multiplied ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LinearTail.h"

#include "llvm/ADT/STLExtras.h"

#include <utility>

using namespace mlir;

namespace nnc::sequencer {

int64_t channelDimension(Value value) {
  ArrayRef<int64_t> shape = typeOf(value).getShape();
  auto rank = static_cast<int64_t>(shape.size());
  Operation *op = value.getDefiningOp();
  if (isa_and_nonnull<nn::ReduceSumOp, nn::ReduceMaxOp>(op))
    return llvm::find_if(shape, [](int64_t size) { return size > 1; }) - shape.begin();
  return isa_and_nonnull<nn::MatMulOp>(op) || rank < 3 ? rank - 1 : 1;
}

bool variesAlong(Value constant, ArrayRef<int64_t> shape, int64_t dim) {
  ArrayRef<int64_t> own = typeOf(constant).getShape();
  int64_t missing = static_cast<int64_t>(shape.size()) - static_cast<int64_t>(own.size());
  for (auto [d, size] : llvm::enumerate(own))
    if (size != 1 && static_cast<int64_t>(d) + missing != dim)
      return false;
  return true;
}

std::optional<std::vector<int64_t>> constantsAlong(Value constant, ArrayRef<int64_t> shape,
                                                   int64_t dim) {
  if (!variesAlong(constant, shape, dim))
    return std::nullopt;
  return constantIntegers(constant);
}

LinearTail::LinearTail(Value value, std::vector<Interval> sums, ArrayRef<int64_t> bias, int64_t dim)
    : value(value), dim(dim), sums(std::move(sums)), factors(this->sums.size(), 1),
      offsets(this->sums.size(), 0) {
  widenTo(bias.size());
  for (auto [channel, offset] : llvm::enumerate(offsets))
    offset = bias.empty() ? 0 : bias[bias.size() == 1 ? 0 : channel];
}

bool LinearTail::takes(Operation *op) {
  return isa<nn::MulOp, nn::AddOp, nn::SubOp, nn::CastOp>(op) &&
         isa<IntegerType>(typeOf(op->getResult(0)).getElementType());
}

void LinearTail::widenTo(size_t channels) {
  if (sums.size() != 1 || channels <= 1)
    return;
  sums.resize(channels, sums[0]);
  factors.resize(channels, factors[0]);
  offsets.resize(channels, offsets[0]);
}

LogicalResult LinearTail::follow(Operation *first) {
  while (first || value.hasOneUse()) {
    Operation *op = first ? std::exchange(first, nullptr) : *value.user_begin();
    if (!takes(op))
      return success();
    if (failed(take(op)) || failed(checkRange(op)))
      return failure();
    ops.push_back(op);
    value = op->getResult(0);
  }
  return success();
}

LogicalResult LinearTail::take(Operation *op) {
  if (isa<nn::CastOp>(op))
    return success();
  bool isLeft = op->getOperand(0) == value;
  auto constants =
      constantsAlong(op->getOperand(isLeft ? 1 : 0), typeOf(op->getResult(0)).getShape(), dim);
  if (!constants || typeOf(op->getResult(0)).getShape() != typeOf(value).getShape())
    return op->emitError("a sequencer has no layer for '")
           << op->getName() << "' other than with a constant, or one for each channel";
  widenTo(constants->size());
  for (auto [channel, factor, offset] : llvm::enumerate(factors, offsets)) {
    int64_t constant = (*constants)[constants->size() == 1 ? 0 : channel];
    if (isa<nn::MulOp>(op)) {
      factor *= constant;
      offset *= constant;
    } else if (isa<nn::AddOp>(op)) {
      offset += constant;
    } else if (isLeft) {
      offset -= constant;
    } else {
      factor = -factor;
      offset = constant - offset;
    }
  }
  return success();
}

LogicalResult LinearTail::checkRange(Operation *op) const {
  Interval type = rangeOf(typeOf(op->getResult(0)).getElementType());
  // Beyond that nothing is multiplied any more: products of bounds stay within 64 bits.
  constexpr int64_t most = INT32_MAX;
  for (auto [channel, sum] : llvm::enumerate(sums)) {
    if (std::abs(factors[channel]) > most || std::abs(offsets[channel]) > most)
      return op->emitError("its numbers may not fit into 32 bits");
    int64_t a = sum.least * factors[channel] + offsets[channel],
            b = sum.most * factors[channel] + offsets[channel];
    if (!type.contains({std::min(a, b), std::max(a, b)}))
      return op->emitError("its results may wrap in channel ") << channel;
  }
  return success();
}

} // namespace nnc::sequencer
