//===- Interpreter.h - The oracle: nn and plan evaluated on values -*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Written from docs/NumericSpec.md and from nothing else; no code is shared
// with what generates kernels.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Plan/PlanOps.h"
#include "nnc/Interpreter/Tensor.h"

#include "llvm/Support/Error.h"

#include <vector>

namespace nnc::interpreter {

/// The integer that `x`, which is no NaN, becomes, as a float.
float roundTo(nn::RoundingMode rounding, float x);

/// Called with each value of a network when it is known, constants included.
using Observer = llvm::function_ref<void(mlir::Value, const Tensor &)>;

/// The results of one nn op on its operands' values. Fails on element types
/// that NumericSpec does not define for the op, and on ops of other dialects.
llvm::Expected<std::vector<Tensor>> evaluateOp(mlir::Operation *op,
                                               llvm::ArrayRef<Tensor> operands);

/// The results of a kernel's body on its operands' values; layouts play no part.
llvm::Expected<std::vector<Tensor>> evaluateKernel(plan::KernelOp kernel,
                                                   llvm::ArrayRef<Tensor> operands);

/// The results of a network of nn ops, groups included, on its inputs.
/// Fails also if the number or the types of the inputs are not the network's.
llvm::Expected<std::vector<Tensor>>
evaluate(mlir::func::FuncOp network, llvm::ArrayRef<Tensor> inputs, Observer observer = nullptr);

/// Called after each step of a program with the tensors that it wrote.
using StepObserver = llvm::function_ref<void(plan::StepOp, llvm::ArrayRef<Tensor>)>;

/// The outputs of a program, its steps executed on the bytes of an arena whose
/// memory starts as noise: what a step reads through a wrong offset or layout,
/// or before it was written, changes the answer. Fails also if a step leaves
/// its buffers or writes to an input or a constant.
llvm::Expected<std::vector<Tensor>> evaluate(plan::ProgramOp program, llvm::ArrayRef<Tensor> inputs,
                                             StepObserver observer = nullptr);

} // namespace nnc::interpreter
