//===- TileReader.h - The parameters that a plan states for a kernel ------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Plan/KernelChoice.h"
#include "dialects/Plan/PlanOps.h"

namespace nnc {

/// Columns of one packed block.
constexpr llvm::StringLiteral tileBlock = "block";
constexpr int64_t mostColumns = 4096;

/// Reads what `tile` of a kernel states. A plan may have been edited: what is missing, out of
/// range or means nothing to the family is reported at the kernel, the first of it.
class TileReader {
public:
  explicit TileReader(plan::KernelOp kernel) : kernel(kernel) {}

  /// The number called `name`, from 1 to `most`; 1 if it was refused.
  int64_t number(llvm::StringRef name, int64_t most);
  /// Is the parameter `name`, which has no value, there?
  bool flag(llvm::StringRef name);
  /// Fails if anything was refused, or is left that nobody read.
  llvm::LogicalResult finish();

private:
  plan::KernelOp kernel;
  llvm::SmallVector<llvm::StringRef> known;
  bool isGood = true;
};

/// Does the algorithm read weights that were packed for it?
inline bool isPacked(plan::KernelOp kernel) { return kernel.getAlgorithm().ends_with(".packed"); }
/// Fails, and says so, unless `operand` of `kernel` is packed as its tile and the machine need it.
llvm::LogicalResult checkPacking(plan::KernelOp kernel, mlir::BlockArgument operand,
                                 plan::LayoutAttr needed);
/// Fails, and says so, unless what `needed` reads and writes as neighbours stands side by side.
llvm::LogicalResult checkNeighbours(plan::KernelOp kernel, const Candidate &needed);

} // namespace nnc
