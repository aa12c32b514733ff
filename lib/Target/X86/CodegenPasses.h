//===- CodegenPasses.h - Our passes in LLVM's code generation -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

namespace llvm {
class FunctionPass;
class MachineFunctionPass;
} // namespace llvm

namespace nnc::x86 {

/// Before instruction selection: selects of single floats become masks.
llvm::FunctionPass *createMaskFloatSelects();

/// Before instruction selection, where there are mask registers: no load is
/// put under the mask of a select.
llvm::FunctionPass *createKeepLoadsWhole();

/// Before the printer: constants are moved into whole 32-bit registers.
llvm::MachineFunctionPass *createWidenConstantMoves();

} // namespace nnc::x86
