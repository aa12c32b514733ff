//===- IntegerMath.h - Arithmetic on integers in kernels ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Kernels/KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace nnc {

/// Short names for arithmetic on integers of one type.
class IntegerMath {
public:
  IntegerMath(KernelEmitter &e, mlir::Type type) : e(e), b(e.builder()), type(type) {}

  mlir::Value number(int64_t n) { return e.splatInteger(type, n); }
  mlir::Value add(mlir::Value a, mlir::Value c) { return b.create<mlir::arith::AddIOp>(a, c); }
  mlir::Value sub(mlir::Value a, mlir::Value c) { return b.create<mlir::arith::SubIOp>(a, c); }
  mlir::Value mul(mlir::Value a, mlir::Value c) { return b.create<mlir::arith::MulIOp>(a, c); }
  mlir::Value bitAnd(mlir::Value a, mlir::Value c) { return b.create<mlir::arith::AndIOp>(a, c); }
  mlir::Value bitOr(mlir::Value a, mlir::Value c) { return b.create<mlir::arith::OrIOp>(a, c); }
  mlir::Value bitXor(mlir::Value a, mlir::Value c) { return b.create<mlir::arith::XOrIOp>(a, c); }
  mlir::Value shl(mlir::Value a, mlir::Value c) { return b.create<mlir::arith::ShLIOp>(a, c); }
  mlir::Value shr(mlir::Value a, mlir::Value c) { return b.create<mlir::arith::ShRUIOp>(a, c); }
  mlir::Value sar(mlir::Value a, mlir::Value c) { return b.create<mlir::arith::ShRSIOp>(a, c); }
  mlir::Value max(mlir::Value a, mlir::Value c) { return b.create<mlir::arith::MaxSIOp>(a, c); }
  mlir::Value min(mlir::Value a, mlir::Value c) { return b.create<mlir::arith::MinSIOp>(a, c); }
  /// What of `range` is nearest to `a`.
  mlir::Value within(mlir::Value a, std::pair<int64_t, int64_t> range) {
    return min(max(a, number(range.first)), number(range.second));
  }
  /// All bits where a > c, else none.
  mlir::Value greater(mlir::Value a, mlir::Value c) {
    return b.create<mlir::arith::ExtSIOp>(
        type, b.create<mlir::arith::CmpIOp>(mlir::arith::CmpIPredicate::sgt, a, c));
  }

private:
  KernelEmitter &e;
  mlir::ImplicitLocOpBuilder &b;
  mlir::Type type;
};

/// Lanes of i32 taken as i64: the even ones, and the odd ones, whose products with one another
/// one instruction finds. A scalar, or a vector with an odd number of lanes, is widened as a whole.
class WideLanes {
public:
  WideLanes(KernelEmitter &e, mlir::Type narrow) : e(e), b(e.builder()), narrow(narrow) {
    auto vector = mlir::dyn_cast<mlir::VectorType>(narrow);
    isSplit = vector && vector.getNumElements() % 2 == 0;
    wide = isSplit ? mlir::VectorType::get(vector.getNumElements() / 2, b.getI64Type())
                   : sameLanes(narrow, b.getI64Type());
  }

  mlir::Type type() const { return wide; }
  unsigned parts() const { return isSplit ? 2 : 1; }

  /// Part `i` of `v`, its lanes extended.
  mlir::Value part(mlir::Value v, unsigned i, bool isSigned) {
    if (!isSplit)
      return isSigned ? b.create<mlir::arith::ExtSIOp>(wide, v).getResult()
                      : b.create<mlir::arith::ExtUIOp>(wide, v).getResult();
    IntegerMath m(e, wide);
    mlir::Value bits = b.create<mlir::vector::BitCastOp>(wide, v), half = m.number(32);
    if (i == 0 && !isSigned)
      return m.bitAnd(bits, m.number(UINT32_MAX));
    if (i == 0)
      bits = m.shl(bits, half);
    return isSigned ? m.sar(bits, half) : m.shr(bits, half);
  }

  /// The low words of all parts in their old places.
  mlir::Value low(llvm::ArrayRef<mlir::Value> values) { return collect(values, 0, 0); }
  /// Words 31 bits up: of the odd lanes they stand in their places once doubled.
  mlir::Value above31(llvm::ArrayRef<mlir::Value> values) {
    IntegerMath m(e, wide);
    mlir::Value even = m.shr(values[0], m.number(31));
    return collect({even, isSplit ? m.shl(values[1], m.number(1)) : even}, 0, 1);
  }

private:
  /// The even lanes' words `even`, the odd ones' words `odd`.
  mlir::Value collect(llvm::ArrayRef<mlir::Value> values, int64_t even, int64_t odd) {
    if (!isSplit)
      return b.create<mlir::arith::TruncIOp>(narrow, values[0]);
    llvm::SmallVector<int64_t> order;
    int64_t lanes = mlir::cast<mlir::VectorType>(narrow).getNumElements();
    for (int64_t i = 0; i < lanes; i += 2)
      llvm::append_range(order, llvm::ArrayRef<int64_t>{i + even, lanes + i + odd});
    return b.create<mlir::vector::ShuffleOp>(b.create<mlir::vector::BitCastOp>(narrow, values[0]),
                                             b.create<mlir::vector::BitCastOp>(narrow, values[1]),
                                             order);
  }

  KernelEmitter &e;
  mlir::ImplicitLocOpBuilder &b;
  mlir::Type narrow, wide;
  bool isSplit;
};

} // namespace nnc
