//===- GraphBuilder.h - Writes the body of an rtl.module ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/RTLOps.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace nnc::hls {

/// A port of a module or what an instance has there.
template <typename T>
using Named = std::pair<llvm::StringRef, T>;

/// Makes one module at the end of a design and fills it from the top. Registers may be read before
/// it is known what they take.
class GraphBuilder {
public:
  /// Ports are names and widths.
  GraphBuilder(rtl::DesignOp design, llvm::StringRef name, llvm::ArrayRef<Named<unsigned>> inputs,
               llvm::ArrayRef<Named<unsigned>> outputs);

  rtl::RTLModuleOp getModule() const { return module; }
  /// The next input, in the order of the ports.
  mlir::Value input() { return module.getBody().getArgument(nextInput++); }

  mlir::Value constant(uint64_t value, unsigned width);
  mlir::Value bitAnd(mlir::Value a, mlir::Value b, llvm::StringRef name = "");
  mlir::Value bitOr(mlir::Value a, mlir::Value b, llvm::StringRef name = "");
  mlir::Value bitXor(mlir::Value a, mlir::Value b, llvm::StringRef name = "");
  mlir::Value invert(mlir::Value a);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value mux(mlir::Value condition, mlir::Value onTrue, mlir::Value onFalse);
  mlir::Value equals(mlir::Value a, uint64_t value, llvm::StringRef name = "");
  mlir::Value differs(mlir::Value a, uint64_t value, llvm::StringRef name = "");
  /// The low bits, or zeros above.
  mlir::Value resized(mlir::Value a, unsigned width);
  /// 1, or -1 where `down` is set.
  mlir::Value step(mlir::Value down, unsigned width);

  /// A register that is 0 after a reset; drive() says what it takes.
  mlir::Value reg(unsigned width, llvm::StringRef name);
  void drive(mlir::Value reg, mlir::Value next, mlir::Value enable = {});

  /// From 0 to a last value and again. One that has nothing to count is no register.
  struct Counter {
    mlir::Value value, isFirst, isLast;
  };
  Counter counter(uint64_t count, llvm::StringRef name);
  /// What makes the counter go on.
  void advance(const Counter &counter, mlir::Value enable);

  /// The outputs of an instance of `target`, whose inputs are given by name.
  llvm::SmallVector<mlir::Value> instance(llvm::StringRef name, mlir::Operation *target,
                                          llvm::ArrayRef<Named<mlir::Value>> inputs);
  void output(mlir::ValueRange values);

private:
  template <typename Op, typename... Args>
  mlir::Value make(llvm::StringRef name, Args &&...args);

  mlir::ImplicitLocOpBuilder b;
  rtl::RTLModuleOp module;
  unsigned nextInput = 0;
};

} // namespace nnc::hls
