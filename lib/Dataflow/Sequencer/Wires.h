//===- Wires.h - Hardware in a few words --------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/RTLOps.h"

#include "mlir/IR/Builders.h"

namespace nnc::sequencer {

using mlir::ArrayRef;
using mlir::StringRef;
using mlir::Value;

/// Appends ops to a module of a design. Nothing is built of what is known: constants are folded
/// where that decides whether there is hardware at all.
class Wires {
public:
  explicit Wires(mlir::OpBuilder &builder) : b(builder) {}

  Value constant(int64_t value, unsigned width);
  Value zero() { return constant(0, 1); }
  Value one() { return constant(1, 1); }
  /// The value of a constant.
  static std::optional<int64_t> known(Value value);

  // Operators: operands are as wide as the result.
  Value add(Value x, Value y) { return binary<rtl::AddOp>(x, y); }
  Value sub(Value x, Value y) { return binary<rtl::SubOp>(x, y); }
  Value mul(Value x, Value y) { return binary<rtl::MulOp>(x, y); }
  Value different(Value x, Value y);
  Value both(Value x, Value y);
  Value either(Value x, Value y);
  Value inverse(Value x);
  Value any(Value x), all(Value x);
  Value mux(Value condition, Value yes, Value no);
  Value compare(rtl::Predicate predicate, Value x, Value y);
  Value equals(Value x, int64_t y) {
    return compare(rtl::Predicate::eq, x, constant(y, rtl::widthOf(x)));
  }
  /// One of `values`, all of one width.
  Value select(Value index, ArrayRef<Value> values);
  /// `values[index]`; indices past the end may give anything.
  Value table(Value index, ArrayRef<int64_t> values, unsigned width);

  // Wiring.
  Value bits(Value x, unsigned low, unsigned width);
  Value bit(Value x, unsigned place) { return bits(x, place, 1); }
  Value sign(Value x) { return bit(x, rtl::widthOf(x) - 1); }
  Value concat(ArrayRef<Value> highestFirst);
  Value shiftedLeft(Value x, unsigned by);
  /// With copies of the sign in front, or the lowest bits.
  Value toSigned(Value x, unsigned width);
  /// With zeros in front, or the lowest bits.
  Value toUnsigned(Value x, unsigned width);
  /// All zeros unless `condition`.
  Value gated(Value condition, Value x);

  // State. A register is declared first and driven once, later; one that is never driven holds
  // its reset value.
  Value reg(StringRef name, unsigned width, std::optional<int64_t> reset = {});
  void drive(Value reg, Value next, Value enable = {});
  /// `x` some clocks later. A bit that starts something has a reset.
  Value delayed(Value x, StringRef name, unsigned clocks = 1, bool hasReset = false);

  mlir::ValueRange instance(StringRef name, StringRef target, ArrayRef<StringRef> inputNames,
                            ArrayRef<Value> inputs, StringRef output, unsigned width);

  Value named(Value x, StringRef name);

private:
  template <typename Op>
  Value binary(Value x, Value y) {
    return b.create<Op>(loc(), x, y);
  }
  mlir::Location loc() { return b.getUnknownLoc(); }
  mlir::Type type(unsigned width) { return b.getIntegerType(width); }
  mlir::IntegerAttr number(int64_t value, unsigned width);

  mlir::OpBuilder &b;
};

} // namespace nnc::sequencer
