//===- RasterModules.h - Engines over the raster as rtl modules ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Scan.h"
#include "dialects/Flow/FlowOps.h"

namespace nnc::dataflow {

/// Modules with the ports `beat, x, advance -> y_beat, y`: a beat of the operand stands on `x`
/// where `beat` is set, as one of the result does on `y`. `timing` is the operand's; all registers
/// wait for `advance`.
rtl::RTLModuleOp buildWindow(flow::WindowOp op, rtl::DesignOp design, const Raster &timing);
rtl::RTLModuleOp buildReduce(flow::ReduceOp op, rtl::DesignOp design);
rtl::RTLModuleOp buildCollect(flow::CollectOp op, rtl::DesignOp design);
rtl::RTLModuleOp buildDelay(flow::DelayOp op, rtl::DesignOp design, const Raster &timing);

} // namespace nnc::dataflow
