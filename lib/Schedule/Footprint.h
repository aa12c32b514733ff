//===- Footprint.h - How much memory a network takes ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "PackSlots.h"
#include "Placement.h"

namespace nnc::schedule {

/// What the buffers of `placement` ask of the arena; `requestOf[i]` is the
/// request of buffer i, -1 for those that live elsewhere.
std::vector<SlotRequest> slotRequests(Placement &placement, std::vector<int64_t> &requestOf);

struct Footprint {
  int64_t arena; ///< bytes
  int64_t halo;  ///< the most bytes of halo that are live at once
};

/// The arena if the groups of `func`, whose layouts are assigned, run in their order.
Footprint footprint(mlir::func::FuncOp func);

/// Where RecordLivenessPeak leaves its finding, if the network is not quantized.
inline constexpr llvm::StringLiteral livenessPeakAttr = "plan.liveness_peak";

/// The plain liveness peak of `func`, whose layouts may be assigned or not: the
/// largest sum of live tensors, inputs and outputs counted, nothing in place or
/// viewed, innermost dimensions rounded up to 16 elements and tensors to 64 bytes.
/// No plan may need more (halos apart).
int64_t livenessPeak(mlir::func::FuncOp func);

} // namespace nnc::schedule
