//===- KernelTable.h - Equal kernels are one symbol -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Plan/PlanOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringMap.h"

namespace nnc::schedule {

/// The `plan.kernel`s of a module, made on demand from groups that carry the
/// attributes of AssignLayouts.
class KernelTable {
public:
  explicit KernelTable(mlir::ModuleOp module) : module(module), symbols(module) {}

  /// The kernel of `group`, whose body moves there if it is the first of its kind.
  mlir::FlatSymbolRefAttr symbolFor(nn::FusedOp group);

private:
  mlir::ModuleOp module;
  mlir::SymbolTable symbols;
  llvm::StringMap<mlir::FlatSymbolRefAttr> known; ///< by printed body and attributes
  mlir::Operation *last = nullptr;
};

} // namespace nnc::schedule
