//===- DoubleMath.h - What a core lacks for floats, by way of doubles ----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Kernels/KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace nnc {

/// f32 functions for cores without the instructions, or where those take a time that depends on
/// the data: the same bits from additions and multiplications of doubles. Operands and results
/// are of one type, f32 or a vector of it.
class DoubleMath {
public:
  DoubleMath(KernelEmitter &emitter, mlir::Type type);

  /// a * c + d, rounded once.
  mlir::Value fma(mlir::Value a, mlir::Value c, mlir::Value d);
  /// a / c, correctly rounded where it is at least 2^-126; what depends on `c` alone leaves loops.
  mlir::Value divide(mlir::Value a, mlir::Value c);
  /// Correctly rounded; NaN below 0.
  mlir::Value squareRoot(mlir::Value a);

private:
  mlir::Value reciprocal(mlir::Value c);
  mlir::Value widen(mlir::Value a);
  mlir::Value narrow(mlir::Value a);
  mlir::Value number(double value) { return emitter.splat(wide, value); }
  mlir::Value integer(int64_t value) { return emitter.splatInteger(bits, value); }
  mlir::Value add(mlir::Value a, mlir::Value c);
  mlir::Value sub(mlir::Value a, mlir::Value c);
  mlir::Value mul(mlir::Value a, mlir::Value c);
  mlir::Value toBits(mlir::Value a);
  mlir::Value fromBits(mlir::Value a);
  mlir::Value signOf(mlir::Value a);
  mlir::Value withSign(double magnitude, mlir::Value sign);
  mlir::Value compare(mlir::arith::CmpFPredicate predicate, mlir::Value a, double c);
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value c);

  KernelEmitter &emitter;
  mlir::ImplicitLocOpBuilder &b;
  bool isScalar;
  mlir::VectorType narrowType, wide, bits;
};

} // namespace nnc
