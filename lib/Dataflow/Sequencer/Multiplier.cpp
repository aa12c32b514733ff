//===- Multiplier.cpp - Multipliers of carry chains ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Multiplier.h"

using nnc::rtl::widthOf;

namespace nnc::sequencer {

/// As a difference, of which synthesis lets the carry multiplexers take the first operand and has
/// the logic of the second share the tables of the sum. In a sum it may be the other way round,
/// which is a table more for each bit.
Value addWithCarry(rtl::Wires &w, Value x, Value y, Value carry) {
  if (rtl::Wires::known(carry) == 0)
    return w.add(x, y);
  Value sum = w.sub(w.join({carry, x}), w.join({w.one(), w.invert(y)}));
  return w.extract(sum, 1, widthOf(x));
}

namespace {

/// x times a digit of y, less one where the digit is negative.
struct Row {
  Value bits, isNegative;
};

Row rowOf(rtl::Wires &w, Value x, Value high, Value middle, Value low) {
  unsigned width = widthOf(x) + 1;
  Value isOne = w.differ(middle, low);
  Value isTwo = w.either(w.both(high, w.invert(w.either(middle, low))),
                         w.both(w.invert(high), w.both(middle, low)));
  Value magnitude =
      w.either(w.gated(isOne, w.toSigned(x, width)), w.gated(isTwo, w.shiftedLeft(x, 1)));
  Value turned = w.differ(magnitude, w.gated(high, w.constant(-1, width)));
  return {turned, high};
}

Product boothProduct(rtl::Wires &w, Value x, Value y) {
  auto cells = [](unsigned rows, unsigned other) { return (rows + 1) / 2 * (other + 2); };
  if (cells(widthOf(x), widthOf(y)) < cells(widthOf(y), widthOf(x)))
    std::swap(x, y);
  unsigned width = widthOf(x) + widthOf(y), rowWidth = widthOf(x) + 2;
  Value digits = w.toSigned(y, (widthOf(y) + 1) / 2 * 2), low = w.zero();
  Product product;
  Value sum;
  llvm::SmallVector<Value> done; // lowest bits first
  for (unsigned place = 0; place < widthOf(digits); place += 2) {
    Row row = rowOf(w, x, w.bit(digits, place + 1), w.bit(digits, place), low);
    low = w.bit(digits, place + 1);
    Value bits = w.toSigned(row.bits, rowWidth);
    if (!sum) {
      sum = bits;
      product.carry = row.isNegative;
      continue;
    }
    done.push_back(w.extract(sum, 0, 2));
    Value rest = w.toSigned(w.extract(sum, 2, rowWidth - 2), rowWidth);
    sum = addWithCarry(w, rest, bits, row.isNegative);
  }
  done.push_back(sum);
  product.value = w.toSigned(w.join(done), width);
  return product;
}

} // namespace

Product multiply(rtl::Wires &w, Value x, Value y, bool hasBlocks) {
  if (!hasBlocks)
    return boothProduct(w, x, y);
  unsigned width = widthOf(x) + widthOf(y);
  return {w.mul(w.toSigned(x, width), w.toSigned(y, width)), w.zero()};
}

} // namespace nnc::sequencer
