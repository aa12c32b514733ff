//===- InputQueue.h - Frames that come too early ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/Wires.h"

namespace nnc::dataflow {

/// When frames may follow each other, in clocks without a beat behind the last one of a frame.
struct FrameGaps {
  int64_t beats = 1;  ///< of a frame
  int64_t next = 0;   ///< exactly as many, or
  int64_t settle = 0; ///< at least as many
};

/// A module with the ports `in_valid, in_data -> beat, x, advance`: the beats of frames, with the
/// gaps that engines want. What comes while they are not ready waits in a memory; what comes in
/// time passes within its clock. `advance` is not set where a beat of a frame is missing.
rtl::RTLModuleOp buildInputQueue(rtl::DesignOp design, mlir::Location loc, unsigned width,
                                 const FrameGaps &gaps);

} // namespace nnc::dataflow
