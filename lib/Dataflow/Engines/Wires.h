//===- Wires.h - Short ways to write rtl ops -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/RTLOps.h"

#include "mlir/IR/Builders.h"

namespace nnc::dataflow {

/// Builds rtl ops at one place. Numbers are two's complement in as many bits as stated.
class Wires {
public:
  Wires(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value enable = {})
      : builder(builder), loc(loc), enable(enable) {}

  mlir::OpBuilder &ops() { return builder; }
  mlir::Location location() const { return loc; }

  mlir::Value constant(int64_t value, unsigned width);
  mlir::Value zero(unsigned width) { return constant(0, width); }
  /// Parts side by side, the first one lowest; those without bits are left out.
  mlir::Value join(llvm::ArrayRef<mlir::Value> lowFirst);
  mlir::Value extract(mlir::Value value, unsigned low, unsigned width);
  mlir::Value bit(mlir::Value value, unsigned index) { return extract(value, index, 1); }
  mlir::Value highest(mlir::Value value) { return bit(value, rtl::widthOf(value) - 1); }
  /// To `width` bits, more or fewer, by copies of the sign or by zeros.
  mlir::Value resize(mlir::Value value, unsigned width, bool isSigned);

  mlir::Value add(mlir::Value a, mlir::Value b) { return make<rtl::AddOp>(a, b); }
  mlir::Value sub(mlir::Value a, mlir::Value b) { return make<rtl::SubOp>(a, b); }
  mlir::Value mul(mlir::Value a, mlir::Value b) { return make<rtl::MulOp>(a, b); }
  mlir::Value both(mlir::Value a, mlir::Value b) { return make<rtl::AndOp>(a, b); }
  mlir::Value either(mlir::Value a, mlir::Value b) { return make<rtl::OrOp>(a, b); }
  mlir::Value differ(mlir::Value a, mlir::Value b) { return make<rtl::XorOp>(a, b); }
  mlir::Value invert(mlir::Value a) { return make<rtl::NotOp>(a); }
  mlir::Value all(mlir::Value a) { return reduce(rtl::ReduceKind::And, a); }
  mlir::Value any(mlir::Value a) { return reduce(rtl::ReduceKind::Or, a); }
  mlir::Value mux(mlir::Value condition, mlir::Value onTrue, mlir::Value onFalse);
  mlir::Value compare(rtl::Predicate predicate, mlir::Value a, mlir::Value b);
  /// Whether `value`, unsigned, is this number; false for what it cannot be.
  mlir::Value equals(mlir::Value value, int64_t number);
  mlir::Value table(mlir::Value index, llvm::ArrayRef<int64_t> values, unsigned width);

  /// A register that moves with the module's enable, if it has one. Without a reset value it holds
  /// anything before its first.
  mlir::Value reg(mlir::Value next, std::optional<int64_t> resetTo = {});
  /// `count` registers after each other.
  mlir::Value later(mlir::Value value, unsigned count, std::optional<int64_t> resetTo = {});
  /// A register that may be read before it is known what it takes, which drive() says.
  rtl::RegOp declare(unsigned width, int64_t resetTo, llvm::StringRef name);
  /// It takes `next` where `when`, if given, and the enable hold.
  void drive(rtl::RegOp reg, mlir::Value next, mlir::Value when = {});
  /// `when` and the module's enable, whichever there are.
  mlir::Value enabled(mlir::Value when);

  /// Says what to call a value in Verilog.
  mlir::Value named(mlir::Value value, const llvm::Twine &name);

private:
  template <typename Op>
  mlir::Value make(mlir::Value a, mlir::Value b) {
    return builder.createOrFold<Op>(loc, a, b);
  }
  template <typename Op>
  mlir::Value make(mlir::Value a) {
    return builder.createOrFold<Op>(loc, a);
  }
  mlir::Value reduce(rtl::ReduceKind kind, mlir::Value a);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  mlir::Value enable;
};

} // namespace nnc::dataflow
