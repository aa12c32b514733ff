//===- Packing.cpp - Elements below eight bits, and the bytes that hold them ---===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Movement.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace nnc {

/// Calls `body` with the first byte of each vector of packed bytes, and with how many of the
/// `count` elements are in it.
static void forEachBlock(KernelEmitter &e, int64_t count, int64_t perByte,
                         function_ref<void(Value byte, int64_t elements)> body) {
  int64_t block = e.lanes() * perByte, whole = count / block * e.lanes();
  e.loop(0, whole, e.lanes(), [&](Value byte) { body(byte, block); });
  if (count % block)
    body(e.constant(whole), count % block);
}

/// a[0], c[0], a[1], c[1], ...
static Value interleaved(KernelEmitter &e, Value a, Value c) {
  int64_t lanes = cast<VectorType>(a.getType()).getNumElements();
  SmallVector<int64_t> order;
  for (int64_t i = 0; i < lanes; ++i)
    order.append({i, lanes + i});
  return e.builder().create<vector::ShuffleOp>(a, c, order);
}

/// The elements `k`, `k` + `step`, ... of `v`.
static Value everyNth(KernelEmitter &e, Value v, int64_t k, int64_t step) {
  SmallVector<int64_t> order;
  for (int64_t i = k; i < cast<VectorType>(v.getType()).getNumElements(); i += step)
    order.push_back(i);
  return e.builder().create<vector::ShuffleOp>(v, v, order);
}

void generateUnpack(plan::KernelOp kernel, ValueRange pointers, KernelEmitter &e) {
  ImplicitLocOpBuilder &b = e.builder();
  RankedTensorType type = kernel.resultType(0);
  int64_t width = type.getElementTypeBitWidth(), perByte = 8 / width;
  bool isUnsigned = type.getElementType().isUnsignedInteger();
  forEachBlock(e, type.getNumElements(), perByte, [&](Value byte, int64_t elements) {
    Value packed = e.loadVector(pointers[0], b.getI8Type(), byte, e.lanes(),
                                llvm::divideCeil(elements, perByte));
    auto field = [&](int64_t k) -> Value { // up to the top of the byte, and down again
      Value top =
          b.create<arith::ShLIOp>(packed, e.splatInteger(packed.getType(), 8 - width * (k + 1)));
      Value shift = e.splatInteger(packed.getType(), 8 - width);
      return isUnsigned ? b.create<arith::ShRUIOp>(top, shift).getResult()
                        : b.create<arith::ShRSIOp>(top, shift).getResult();
    };
    Value row = perByte == 2 ? interleaved(e, field(0), field(1))
                             : interleaved(e, interleaved(e, field(0), field(2)),
                                           interleaved(e, field(1), field(3)));
    e.storeVector(row, pointers[1], e.mul(byte, perByte), elements);
  });
}

void generatePack(plan::KernelOp kernel, ValueRange pointers, KernelEmitter &e) {
  ImplicitLocOpBuilder &b = e.builder();
  RankedTensorType type = kernel.operandType(0);
  int64_t width = type.getElementTypeBitWidth(), perByte = 8 / width;
  forEachBlock(e, type.getNumElements(), perByte, [&](Value byte, int64_t elements) {
    Value row = e.loadVector(pointers[0], b.getI8Type(), e.mul(byte, perByte), e.lanes() * perByte,
                             elements);
    Value low = b.create<arith::AndIOp>(row, e.splatInteger(row.getType(), (1 << width) - 1));
    Value packed = everyNth(e, low, 0, perByte);
    for (int64_t k = 1; k < perByte; ++k) {
      Value field = everyNth(e, low, k, perByte);
      field = b.create<arith::ShLIOp>(field, e.splatInteger(field.getType(), k * width));
      packed = b.create<arith::OrIOp>(packed, field);
    }
    e.storeVector(packed, pointers[1], byte, llvm::divideCeil(elements, perByte));
  });
}

} // namespace nnc
