//===- FloatMath.h - Arithmetic on f32 scalars and vectors ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Kernels/KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace nnc {

/// 1.5 * 2^23, where the last bit of a float counts 1: a sum with it is rounded to an integer,
/// ties to even, which stands in its low bits.
inline constexpr float roundingMagic = 0x1.8p23f;

/// Short names for the ops that the functions of docs/NumericSpec.md are made
/// of. All values have one type, f32 or a vector of it; integers the i32 twin.
class FloatMath {
public:
  FloatMath(KernelEmitter &emitter, mlir::Type type);

  mlir::Value number(double value) { return emitter.splat(type, value); }
  mlir::Value integer(int64_t value) { return emitter.splat(bits, static_cast<double>(value)); }

  mlir::Value add(mlir::Value a, mlir::Value c);
  mlir::Value sub(mlir::Value a, mlir::Value c);
  mlir::Value mul(mlir::Value a, mlir::Value c);
  mlir::Value div(mlir::Value a, mlir::Value c);
  mlir::Value squareRoot(mlir::Value a);
  mlir::Value fma(mlir::Value a, mlir::Value c, mlir::Value d);
  mlir::Value fma(mlir::Value a, mlir::Value c, double d) { return fma(a, c, number(d)); }
  mlir::Value negate(mlir::Value a);
  mlir::Value absolute(mlir::Value a);
  mlir::Value copySign(mlir::Value magnitude, mlir::Value sign);
  /// Comparison that is false for NaN, except `une`.
  mlir::Value compare(mlir::arith::CmpFPredicate predicate, mlir::Value a, mlir::Value c);
  mlir::Value less(mlir::Value a, mlir::Value c) {
    return compare(mlir::arith::CmpFPredicate::OLT, a, c);
  }
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value c);
  mlir::Value toBits(mlir::Value a);
  mlir::Value fromBits(mlir::Value a);
  /// p = fma(p, x, c) for each coefficient c.
  mlir::Value horner(mlir::Value p, mlir::Value x, std::initializer_list<double> coefficients);

  /// |x| < bound becomes +0, NaN passes. Joins with a ReLU or floor before it.
  mlir::Value floor(mlir::Value x, double bound);
  /// The floor of every arithmetic result.
  mlir::Value floorResult(mlir::Value x) { return floor(x, 0x1p-125); }
  /// 0 > x ? +0 : x. Joins with a floor before it.
  mlir::Value relu(mlir::Value x);

  mlir::Value exponential(mlir::Value x);
  mlir::Value logarithm(mlir::Value x);
  mlir::Value sigmoid(mlir::Value x);
  mlir::Value hyperbolicTangent(mlir::Value x);
  mlir::Value errorFunction(mlir::Value x);
  mlir::Value power(mlir::Value x, mlir::Value y);

  mlir::Type floatType() const { return type; }
  mlir::Type bitsType() const { return bits; }
  mlir::ImplicitLocOpBuilder &builder() { return emitter.builder(); }

private:
  KernelEmitter &emitter;
  mlir::Type type, bits;
};

} // namespace nnc
