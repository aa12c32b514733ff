//===- PackSlots.h - Offsets in the arena ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace nnc::schedule {

/// A rectangle in time and bytes: live in steps [first, last].
struct SlotRequest {
  int64_t bytes, first, last;
};

struct Packing {
  std::vector<int64_t> offsets; ///< one per request
  int64_t bytes = 0;            ///< of the whole arena
};

/// Slot offsets are multiples of this, and so is the arena's alignment.
inline constexpr int64_t slotAlignment = 64;

/// The largest sum of live bytes over the steps: no packing can do with less.
int64_t liveBytes(llvm::ArrayRef<SlotRequest> requests);

/// Offsets so that slots that are live together do not overlap. Deterministic.
Packing packSlots(llvm::ArrayRef<SlotRequest> requests);

} // namespace nnc::schedule
