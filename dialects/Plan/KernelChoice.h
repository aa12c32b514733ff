//===- KernelChoice.h - What Schedule asks of kernel families ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"
#include "dialects/Plan/PlanOps.h"

#include <string>
#include <vector>

namespace nnc {

/// What a candidate asks of the layout of one operand or result.
struct LayoutNeed {
  /// Logical dimension whose elements must stand side by side (stride 1);
  /// -1: any strides will do.
  int64_t unitDim = -1;
  /// Halo around an operand, per logical dimension; empty: none.
  llvm::SmallVector<int64_t> low, high;
  int64_t fill = 0; ///< what the halo holds (floats: +0)
  /// The layout that an operand known at compile time is packed in; null: row-major.
  plan::LayoutAttr packed;
  /// A run-time operand must be row-major without gaps (memory order = logical order).
  bool rowMajor = false;
};

/// One way to compute a group.
struct Candidate {
  std::string algorithm;     ///< names the family and variant that generates it
  mlir::DictionaryAttr tile; ///< its parameters, as far as they do not depend on layouts
  llvm::SmallVector<LayoutNeed> operands, results;
  double cycles = 0; ///< estimated, for one call
  /// operand i may share bytes with result 0 if both have the same layout:
  /// every element of it is read before that element of the result is written.
  llvm::SmallVector<bool> mayAlias;
};

/// The kernel families as Schedule sees them; Pipeline hands an implementation in.
class KernelChooser {
public:
  virtual ~KernelChooser() = default;
  /// All ways to compute `group`, cheapest first; none if no family can.
  virtual std::vector<Candidate> candidates(nn::FusedOp group) const = 0;
  /// All parameters of `kernel`, whose layouts are decided: what its code will be made from.
  virtual mlir::DictionaryAttr completeTile(plan::KernelOp kernel) const = 0;
  /// Candidate::mayAlias of the algorithm that `kernel` names.
  virtual bool mayAlias(plan::KernelOp kernel, unsigned operand) const = 0;
};

} // namespace nnc
