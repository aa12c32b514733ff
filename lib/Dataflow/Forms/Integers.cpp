//===- Integers.cpp - Integers that are known of a network --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Dataflow/Integers.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace mlir;

namespace nnc::dataflow {

std::optional<std::vector<int64_t>> constantIntegers(Value value) {
  auto constant = value.getDefiningOp<nn::ConstantOp>();
  auto type = dyn_cast<IntegerType>(getElementTypeOrSelf(value));
  if (!constant || !type)
    return std::nullopt;
  std::vector<char> bytes = nn::elementBytes(constant.getValue());
  size_t size = nn::elementByteSize(type);
  std::vector<int64_t> integers;
  for (size_t at = 0; at < bytes.size(); at += size) {
    uint64_t bits = 0;
    std::memcpy(&bits, &bytes[at], size);
    integers.push_back(type.isUnsigned() ? static_cast<int64_t>(bits)
                                         : llvm::SignExtend64(bits, 8 * size));
  }
  return integers;
}

nn::IntegerRange rangeOf(Type element) {
  if (element.isInteger(1))
    return {0, 1};
  if (element.isUnsignedInteger(64))
    return {0, INT64_MAX};
  return nn::integerRange(element);
}

nn::IntegerRange boundsOf(nn::ClipOp clip) {
  bool isUnsigned = getElementTypeOrSelf(clip.getInput()).isUnsignedInteger();
  auto number = [&](TypedAttr bound) {
    const APInt &value = cast<IntegerAttr>(bound).getValue();
    return isUnsigned ? static_cast<int64_t>(value.getZExtValue()) : value.getSExtValue();
  };
  int64_t least = number(clip.getMin()), most = number(clip.getMax());
  return {std::min(least, most), most};
}

nn::IntegerRange rangeOfInput(Value input) {
  nn::IntegerRange all = rangeOf(getElementTypeOrSelf(input));
  auto clip = input.hasOneUse() ? dyn_cast<nn::ClipOp>(*input.user_begin()) : nn::ClipOp();
  if (!clip)
    return all;
  auto [least, most] = boundsOf(clip);
  return {std::clamp(least, all.least, all.most), std::clamp(most, all.least, all.most)};
}

static void collectIntegers(Value value, llvm::SetVector<Value> &found,
                            llvm::DenseSet<Operation *> &seen) {
  Operation *op = value.getDefiningOp();
  if (isa_and_nonnull<nn::ConstantOp>(op))
    return;
  if (isa<IntegerType>(getElementTypeOrSelf(value)))
    found.insert(value);
  else if (op && seen.insert(op).second)
    for (Value operand : op->getOperands())
      collectIntegers(operand, found, seen);
}

std::vector<Value> integersBehind(nn::QuantizeOp end) {
  llvm::SetVector<Value> found;
  llvm::DenseSet<Operation *> seen;
  for (Value operand : end->getOperands())
    collectIntegers(operand, found, seen);
  return {found.begin(), found.end()};
}

} // namespace nnc::dataflow
