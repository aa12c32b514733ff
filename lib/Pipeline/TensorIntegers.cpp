//===- TensorIntegers.cpp - Tensors as lists of integers -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TensorIntegers.h"

#include <cstring>

using namespace mlir;

namespace nnc {

interpreter::Tensor tensorOf(RankedTensorType type, ArrayRef<int64_t> values) {
  interpreter::Tensor tensor(type);
  int64_t size = tensor.getElementSize();
  char *to = tensor.mutableBytes().data();
  for (int64_t value : values) {
    std::memcpy(to, &value, size); // little endian, as all of this compiler's hosts
    to += size;
  }
  return tensor;
}

std::vector<int64_t> integersOf(const interpreter::Tensor &tensor) {
  std::vector<int64_t> values;
  unsigned bits = 8 * unsigned(tensor.getElementSize());
  bool isUnsigned = tensor.getElementType().isUnsignedInteger();
  for (const char *at = tensor.bytes().begin(); at != tensor.bytes().end();
       at += tensor.getElementSize()) {
    uint64_t value = 0;
    std::memcpy(&value, at, tensor.getElementSize());
    value <<= 64 - bits;
    values.push_back(isUnsigned ? int64_t(value >> (64 - bits)) : int64_t(value) >> (64 - bits));
  }
  return values;
}

} // namespace nnc
