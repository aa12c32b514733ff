//===- Passes.h - The interpreter as a pass --------------------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace nnc::interpreter {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "nnc/Interpreter/Passes.h.inc"

} // namespace nnc::interpreter
