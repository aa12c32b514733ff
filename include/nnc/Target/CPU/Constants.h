//===- Constants.h - The read-only bytes of a network --------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Plan/PlanOps.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Error.h"

namespace nnc {

/// Where each constant of a program stands in its one read-only section.
/// Equal constants share their bytes.
struct ConstantSection {
  static constexpr int64_t alignment = 64;
  llvm::SmallVector<plan::ConstantOp> order;          ///< those that own bytes, by offset
  llvm::DenseMap<mlir::Operation *, int64_t> offsets; ///< every plan.constant
  int64_t bytes = 0;                                  ///< a multiple of `alignment`
};

ConstantSection layoutConstants(plan::ProgramOp program);

/// Packs the constants one by one, by offset, and hands their bytes with their
/// offset in the section to `write`, with zeros up to where the next one begins.
llvm::Error packConstants(const ConstantSection &section,
                          llvm::function_ref<llvm::Error(int64_t, llvm::ArrayRef<char>)> write);

} // namespace nnc
