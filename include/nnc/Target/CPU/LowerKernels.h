//===- LowerKernels.h - Kernels as LLVM IR -------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Kernels/KernelFamily.h"

#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"

#include <memory>

namespace llvm {
class LLVMContext;
class Module;
} // namespace llvm

namespace nnc {

/// A module with one function for each plan.kernel of `plan` that a step runs,
/// in scf, arith, vector and LLVM pointer ops. Null: failed, and reported.
mlir::OwningOpRef<mlir::ModuleOp> generateKernels(mlir::ModuleOp plan,
                                                  const KernelRegistry &registry);

/// From what generateKernels returns to the LLVM dialect.
void buildLowerToLLVM(mlir::OpPassManager &passes, bool debugInfo);

/// The dialects that code generation needs, with their translations.
void loadCodeDialects(mlir::MLIRContext &context);

/// LLVM IR for `target` from the LLVM dialect. Null: failed, and reported.
std::unique_ptr<llvm::Module> translateKernels(mlir::ModuleOp code, const TargetModel &target,
                                               llvm::LLVMContext &context);

} // namespace nnc
