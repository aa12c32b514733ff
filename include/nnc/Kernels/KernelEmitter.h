//===- KernelEmitter.h - The vocabulary that kernels are written in ------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Plan/PlanOps.h"
#include "nnc/Support/TargetModel.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace nnc {

/// The type that holds elements of `element` in registers: unsigned integers are signless
/// there (ops know how to read them), those below eight bits take a byte.
mlir::Type registerType(mlir::Type element);

/// `type` with other elements, or the element for a scalar.
mlir::Type sameLanes(mlir::Type type, mlir::Type element);

/// Builds scf, arith, vector and LLVM pointer ops for one kernel function.
/// Offsets are i64 and count elements, vectors are one machine register of the
/// target unless `lanes` says otherwise. Partial vectors go through masks that
/// are known at compile time, so nothing outside of a tensor is touched.
class KernelEmitter {
public:
  KernelEmitter(mlir::OpBuilder &builder, mlir::Location loc, const TargetModel &target);

  mlir::ImplicitLocOpBuilder &builder() { return b; }
  const TargetModel &target() const { return model; }
  /// f32 elements of one register.
  int64_t lanes() const { return model.lanes(); }

  // Public integers (i64): loop counters and offsets.
  mlir::Value constant(int64_t value);
  mlir::Value add(mlir::Value a, mlir::Value c);
  mlir::Value add(mlir::Value a, int64_t c);
  mlir::Value mul(mlir::Value a, int64_t c);

  // Data values: a scalar type or a vector of it.
  mlir::Type vectorType(mlir::Type element, int64_t lanes);
  /// The same number in every lane of `type` (or as a scalar).
  mlir::Value splat(mlir::Type type, double value);
  mlir::Value splat(mlir::Type type, mlir::Value scalar);
  mlir::Value splatInteger(mlir::Type type, int64_t value);

  /// A call of an intrinsic, by LLVM's name.
  mlir::Value intrinsic(llvm::StringRef name, mlir::Type type, mlir::ValueRange operands);

  using LoopBody = llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value index,
                                                                     mlir::ValueRange carried)>;
  /// for (index = from; index < to; index += step), carrying values.
  mlir::ValueRange loop(mlir::Value from, mlir::Value to, int64_t step, mlir::ValueRange init,
                        LoopBody body);
  /// The same without carried values; a single trip is emitted in line.
  void loop(int64_t from, int64_t to, int64_t step, llvm::function_ref<void(mlir::Value)> body);

  // Memory: `base` points at element 0, `offset` is in elements of `element`.
  mlir::Value pointer(mlir::Value base, mlir::Type element, mlir::Value offset);
  /// The first `active` lanes of a vector of `lanes`; the others are +0.
  mlir::Value loadVector(mlir::Value base, mlir::Type element, mlir::Value offset, int64_t lanes,
                         int64_t active);
  mlir::Value loadScalar(mlir::Value base, mlir::Type element, mlir::Value offset);
  void storeVector(mlir::Value value, mlir::Value base, mlir::Value offset, int64_t active);
  void storeScalar(mlir::Value value, mlir::Value base, mlir::Value offset);

  /// What the layout of a result says into its halo.
  void fillHalo(mlir::Value base, mlir::RankedTensorType type, plan::LayoutAttr layout);

private:
  mlir::ImplicitLocOpBuilder b;
  const TargetModel &model;
};

/// The value of one elementwise nn op on scalars or vectors, exactly as
/// docs/NumericSpec.md defines it. bool is i1 in registers, one byte in memory.
/// `canEmitElementwise` says whether op and element types are known.
mlir::Value emitElementwise(mlir::Operation *op, mlir::ValueRange operands, KernelEmitter &emitter);
bool canEmitElementwise(mlir::Operation *op);

} // namespace nnc
