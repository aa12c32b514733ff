//===- Timing.h - When the beats of a stream are there ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Engines/Scan.h"
#include "dialects/Flow/FlowOps.h"

namespace nnc::dataflow {

/// The `schedule` of a stream, in clocks behind the frame's first input.
struct Timing {
  int64_t start = 0;
  llvm::SmallVector<int64_t, 2> pitches; ///< by dimension of the raster
};

/// Of a value whose op has been scheduled.
Timing timingOf(mlir::Value stream);

/// The stream's raster with its pitches.
Raster rasterOf(flow::StreamType type, const Timing &timing);

} // namespace nnc::dataflow
