//===- Passes.h - From integer networks to wires ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Flow/FlowOps.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"

namespace nnc::dataflow {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "nnc/Dataflow/Passes.h.inc"

} // namespace nnc::dataflow
