//===- Wires.h - Short ways to write rtl ops -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/RTLOps.h"

#include "mlir/IR/Builders.h"

#include <optional>

namespace nnc::rtl {

/// A port of a module, or what an instance has there.
template <typename T>
using Named = std::pair<llvm::StringRef, T>;

/// Builds rtl ops at one place. Numbers are two's complement in as many bits as stated; operands of
/// operators are as wide as the result. Nothing is built of what is known: constants fold.
class Wires {
public:
  /// Registers move only where `enable`, if given, is set.
  Wires(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value enable = {})
      : b(builder), loc(loc), enable(enable) {}

  mlir::OpBuilder &builder() { return b; }
  mlir::Location location() const { return loc; }

  mlir::Value constant(int64_t value, unsigned width);
  mlir::Value zero(unsigned width = 1) { return constant(0, width); }
  mlir::Value one() { return constant(1, 1); }
  /// The value of a constant, its highest bit being the sign.
  static std::optional<int64_t> known(mlir::Value value);

  // Operators.
  mlir::Value add(mlir::Value x, mlir::Value y) { return make<AddOp>(x, y); }
  mlir::Value sub(mlir::Value x, mlir::Value y) { return make<SubOp>(x, y); }
  mlir::Value mul(mlir::Value x, mlir::Value y) { return make<MulOp>(x, y); }
  mlir::Value both(mlir::Value x, mlir::Value y) { return make<AndOp>(x, y); }
  mlir::Value either(mlir::Value x, mlir::Value y) { return make<OrOp>(x, y); }
  mlir::Value differ(mlir::Value x, mlir::Value y) { return make<XorOp>(x, y); }
  mlir::Value invert(mlir::Value x) { return make<NotOp>(x); }
  mlir::Value all(mlir::Value x) { return reduce(ReduceKind::And, x); }
  mlir::Value any(mlir::Value x) { return reduce(ReduceKind::Or, x); }
  mlir::Value mux(mlir::Value condition, mlir::Value onTrue, mlir::Value onFalse);
  mlir::Value compare(Predicate predicate, mlir::Value x, mlir::Value y);
  /// Whether `value`, unsigned, is this number; false for what it cannot be.
  mlir::Value equals(mlir::Value value, int64_t number);
  /// One of `values`, all of one width.
  mlir::Value select(mlir::Value index, llvm::ArrayRef<mlir::Value> values);
  /// `values[index]`; indices past the end may give anything.
  mlir::Value table(mlir::Value index, llvm::ArrayRef<int64_t> values, unsigned width);

  // Wiring.
  mlir::Value extract(mlir::Value value, unsigned low, unsigned width);
  mlir::Value bit(mlir::Value value, unsigned index) { return extract(value, index, 1); }
  mlir::Value highest(mlir::Value value) { return bit(value, widthOf(value) - 1); }
  /// Parts side by side, the first one lowest; null ones are left out.
  mlir::Value join(llvm::ArrayRef<mlir::Value> lowFirst);
  /// With copies of the sign, or zeros, in front; or the lowest bits.
  mlir::Value toSigned(mlir::Value value, unsigned width) { return resize(value, width, true); }
  mlir::Value toUnsigned(mlir::Value value, unsigned width) { return resize(value, width, false); }
  mlir::Value resize(mlir::Value value, unsigned width, bool isSigned);
  /// With `by` zeros below.
  mlir::Value shiftedLeft(mlir::Value value, unsigned by);
  /// All zeros unless `condition`.
  mlir::Value gated(mlir::Value condition, mlir::Value value);

  // State. Without a reset value a register holds anything before its first.
  mlir::Value reg(mlir::Value next, std::optional<int64_t> resetTo = {});
  /// `value` some clocks later; a constant is the same at any time.
  mlir::Value later(mlir::Value value, unsigned clocks = 1, std::optional<int64_t> resetTo = {});
  /// A register that may be read before it is known what it takes. drive() says that, once.
  mlir::Value declare(llvm::StringRef name, unsigned width, std::optional<int64_t> resetTo = {});
  /// It takes `next` where `when`, if given, and the enable hold.
  void drive(mlir::Value declared, mlir::Value next, mlir::Value when = {});
  /// What was declared is no register but this.
  void replace(mlir::Value declared, mlir::Value value);
  /// `when` and the enable, whichever there are.
  mlir::Value enabled(mlir::Value when);

  /// The outputs of an instance of the module or memory `target`, whose inputs are given by name.
  llvm::SmallVector<mlir::Value> instance(llvm::StringRef name, mlir::Operation *target,
                                          llvm::ArrayRef<Named<mlir::Value>> inputs);

  /// Says what to call a value in Verilog that has no name yet and is no wiring.
  mlir::Value named(mlir::Value value, const llvm::Twine &name);
  /// A line above what is built and driven from here on.
  void comment(llvm::StringRef text);

private:
  template <typename Op, typename... Args>
  mlir::Value make(Args &&...args) {
    return b.createOrFold<Op>(loc, std::forward<Args>(args)...);
  }
  mlir::Value reduce(ReduceKind kind, mlir::Value value);
  mlir::IntegerAttr number(int64_t value, unsigned width);

  mlir::OpBuilder &b;
  mlir::Location loc;
  mlir::Value enable;
};

/// A number from 0 to `count - 1`, over and over. What counts nothing is no register.
class Counter {
public:
  Counter(Wires &wires, llvm::StringRef name, int64_t count);

  mlir::Value now, isFirst, isLast;

  /// Counts where `step` is set, and begins anew where `restart` is. To be called once.
  void run(mlir::Value step, mlir::Value restart = {});

private:
  Wires &wires;
};

/// An rtl.module under construction, at the end of a design.
class ModuleBuilder {
public:
  /// `inputs` are names and widths. With an `enable`, the name of one more input, the module's
  /// registers move only where that is set.
  ModuleBuilder(DesignOp design, mlir::Location loc, llvm::StringRef name,
                llvm::ArrayRef<Named<unsigned>> inputs, llvm::StringRef enable = "");

  Wires &wires() { return *builtWires; }
  mlir::Value input(unsigned index) { return module.getBlock().getArgument(index); }
  RTLModuleOp finish(llvm::ArrayRef<Named<mlir::Value>> outputs);

private:
  RTLModuleOp module;
  mlir::OpBuilder builder;
  std::optional<Wires> builtWires;
};

} // namespace nnc::rtl
