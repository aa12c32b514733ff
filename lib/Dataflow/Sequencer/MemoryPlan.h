//===- MemoryPlan.h - Where buffers stand -------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Tensors.h"

namespace nnc::sequencer {

/// Gives each buffer its base, inputs one after another from 0 on, and returns the words that all
/// need. Buffers that live at the same time do not share words. Where it takes no more address
/// bits, none do: results are then written one after another, all layers through, by a counter.
int64_t planMemory(std::vector<Buffer> &buffers);

} // namespace nnc::sequencer
