//===- CoreJson.h - A core in NAME.json ----------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Target/HLS/Core.h"

#include "llvm/Support/JSON.h"

namespace nnc::hls {

/// Adds the fields of NAME.json that say what is on the bus, and when:
///   latency_cycles, ii_cycles   first beat to first result; frame to frame at the highest rate
///   in_bits, out_bits           of a beat
///   bus {in, out: {beats, lanes, lane_bits, signed, order}}
/// `order` has a list for each tensor: the element of the tensor, row-major, that is on the bus as
/// its first, second, ...; it is left out where all are in their own order.
void describeCore(const Core &core, llvm::json::OStream &out);

/// The core that a NAME.json describes, with its `inputs` and `outputs`. Error: a field is missing,
/// or fields contradict each other.
llvm::Expected<Core> readCore(const llvm::json::Object &manifest);

} // namespace nnc::hls
