//===- Axis.h - A core behind AXI4-Stream --------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/RTL/RTLOps.h"
#include "nnc/Target/HLS/Core.h"

namespace nnc::hls {

/// Bits of TDATA: a beat of the core in whole bytes.
inline unsigned axisWidth(const Bus &bus) { return (bus.width() + 7) / 8 * 8; }

/// Clocks from a beat that enters NAME_axis to its first result there, with a consumer that waits:
/// a result is written into the memory, read from it, and there.
inline unsigned axisLatency(const Core &core) { return core.latency + 2; }

/// Frames that NAME_axis lets in before results have left. A result leaves axisLatency() after its
/// frame entered, the last one of the frame less than interval() later (the next frame's is behind
/// it), and a clock after that the next frame may take its place. So many frames keep the core
/// busy.
unsigned axisFrames(const Core &core);

/// Adds the module NAME_axis and what it contains to `design`, which holds NAME with the ports of a
/// core. Failure: it holds no such module, or its frames are too large for a memory of results or
/// for TDATA; reported.
mlir::LogicalResult addAxis(rtl::DesignOp design, const Core &core);

} // namespace nnc::hls
