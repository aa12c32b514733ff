//===- BuildDesign.h - A program as hardware ----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/RTLOps.h"
#include "nnc/Dataflow/Sequencer/Schedule.h"
#include "nnc/Target/HLS/Core.h"

#include "mlir/IR/Builders.h"

namespace nnc::sequencer {

struct DesignOptions {
  /// Lanes multiply by `*`, for synthesis to find multiplier blocks; else by adders.
  bool multiplierBlocks = false;
};

/// The design, at the builder's place: its top module is called as the program is, its memories
/// `_weights`, `_scales`, `_activations` and `_tables`, those of a softmax `_softmax_elements` and
/// `_exponentials`.
rtl::DesignOp buildDesign(mlir::OpBuilder &builder, const Program &program, const Scaling &scaling,
                          const Schedule &schedule, const DesignOptions &options);

/// What the design promises; names, types and scales of the tensors are for the caller to add.
hls::Core coreOf(const Program &program, const Schedule &schedule);

} // namespace nnc::sequencer
