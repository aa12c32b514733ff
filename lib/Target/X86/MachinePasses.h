//===- MachinePasses.h - What runs between LLVM's passes and the printer -------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

namespace llvm {
class MachineFunctionPass;
}

namespace nnc::x86 {

/// Constants are moved into whole 32-bit registers.
llvm::MachineFunctionPass *createWidenConstantMoves();

} // namespace nnc::x86
