//===- Passes.h - Networks as sequencers --------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/RTLOps.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"

namespace nnc::sequencer {

/// As many as an activation is read for.
inline constexpr unsigned maxLanes = 1024;

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "nnc/Dataflow/Sequencer/Passes.h.inc"

} // namespace nnc::sequencer
