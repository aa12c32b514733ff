//===- CodegenPasses.h - Our passes in LLVM's code generation -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Support/TargetModel.h"

namespace llvm {
class FunctionPass;
class MachineFunctionPass;
} // namespace llvm

namespace nnc::x86 {

/// Before instruction selection: selects of single floats become masks.
llvm::FunctionPass *createMaskFloatSelects();

/// Before instruction selection: no load takes its address from a select, nor,
/// where there are mask registers, its bytes; and no vector is taken apart
/// because one lane is wanted.
llvm::FunctionPass *createHoldValues(const TargetModel &target);

/// Before the printer: constants are moved into whole 32-bit registers.
llvm::MachineFunctionPass *createWidenConstantMoves();

} // namespace nnc::x86
