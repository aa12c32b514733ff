//===- MultiplyAccumulate.h - What one step of a contraction does ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Kernels/KernelEmitter.h"

namespace nnc {

/// Multiplies factors of two element types and adds the products to 32-bit accumulators,
/// one in each lane. Where the machine has an instruction for it, a lane takes a group of
/// neighbouring k at once; weights are then packed with the group innermost, or, in pairs, come
/// from two rows.
///
///   Fma    f32, one k
///   Quads  ui8 x i8, four k: one dot product of bytes (AVX-512 VNNI, AVX-VNNI)
///   Pairs  integers of up to 16 bits, two k: products of words, added in pairs (pmaddwd)
///   Single integers of up to 16 bits, one k, by the same instruction
///   Wide   i32, one k
///
/// All but Fma are exact: sums wrap, so neither grouping nor order changes a bit.
class MultiplyAccumulate {
public:
  enum class Form { Fma, Quads, Pairs, Single, Wide };

  /// Where the factors of a group stand: neighbours in k side by side in no operand, in lhs alone,
  /// rhs having a row for each k, or in both.
  enum class Neighbours { None, Lhs, Both };
  /// The best form for factors of these element types.
  static Form choose(mlir::Type lhs, mlir::Type rhs, const TargetModel &target,
                     Neighbours neighbours);
  /// Neighbouring k that one step takes.
  static int64_t groupOf(Form form) {
    return form == Form::Quads ? 4 : form == Form::Pairs ? 2 : 1;
  }

  MultiplyAccumulate(Form form, mlir::Type lhs, mlir::Type rhs, KernelEmitter &emitter);

  int64_t group() const { return groupOf(form); }
  /// The element type of accumulators: f32 or i32.
  mlir::Type accumulator() const;

  /// The group of rhs for each of `lanes` columns, from `offset` (in elements) on; columns from
  /// `active` on are not read.
  mlir::Value loadWeights(mlir::Value base, mlir::Value offset, int64_t lanes, int64_t active);
  /// The same of `taken` rows, one or two, `pitch` elements from the first to the second.
  mlir::Value loadRows(mlir::Value base, mlir::Value offset, int64_t pitch, int64_t taken,
                       int64_t lanes, int64_t active);
  /// The first `taken` of a group of lhs elements at `offset`, in each of `lanes` lanes; 0 for the
  /// rest.
  mlir::Value broadcast(mlir::Value base, mlir::Value offset, int64_t taken, int64_t lanes);
  /// Neighbouring lhs elements, one a lane: for forms without groups.
  mlir::Value loadVector(mlir::Value base, mlir::Value offset, int64_t lanes, int64_t active);
  /// sum + lhs * rhs in each lane; `lhs` from broadcast() or loadVector(), `rhs` from
  /// loadWeights().
  mlir::Value accumulate(mlir::Value lhs, mlir::Value rhs, mlir::Value sum);

private:
  mlir::Value widen(mlir::Value v, mlir::Type nnElement, unsigned bits);
  mlir::Value lhsLanes(mlir::Value v);
  mlir::Value asLanes(mlir::Value v, unsigned bits);

  Form form;
  mlir::Type lhs, rhs;
  KernelEmitter &e;
};

} // namespace nnc
