//===- LaneModules.h - Engines that take each beat for itself --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Flow/FlowOps.h"

namespace nnc::dataflow {

/// How modules are built.
struct ModuleOptions {
  std::optional<unsigned> pipeline; ///< carry chains between registers; none: no registers
  bool pauses = false;              ///< registers wait for `advance`
};

/// A module that was built, and by how many clocks its result is behind its operand.
struct LaneModule {
  rtl::RTLModuleOp module;
  unsigned latency = 0;
};

/// The module of an engine in `design`. Fails, with a diagnostic at the op, if sums are too wide.
mlir::FailureOr<LaneModule> buildMatrix(flow::MatrixOp op, rtl::DesignOp design,
                                        const ModuleOptions &options);
mlir::FailureOr<LaneModule> buildMax(flow::MaxOp op, rtl::DesignOp design,
                                     const ModuleOptions &options);
mlir::FailureOr<LaneModule> buildArgMax(flow::ArgMaxOp op, rtl::DesignOp design,
                                        const ModuleOptions &options); // RowModules.cpp
mlir::FailureOr<LaneModule> buildSoftmax(flow::SoftmaxOp op, rtl::DesignOp design,
                                         const ModuleOptions &options);
mlir::FailureOr<LaneModule> buildTable(flow::TableOp op, rtl::DesignOp design,
                                       const ModuleOptions &options);
mlir::FailureOr<LaneModule> buildMultiply(flow::MultiplyOp op, rtl::DesignOp design,
                                          const ModuleOptions &options);

} // namespace nnc::dataflow
