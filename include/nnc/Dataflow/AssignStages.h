//===- AssignStages.h - Pipelines from adder graphs -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Dataflow/AdderGraph.h"

namespace nnc::dataflow {

/// A bit that is made in stage s and read in stage t passes t - s registers. Inputs come in stage
/// 0, and all outputs leave in the last one.
struct Pipeline {
  unsigned stages = 1;
  unsigned stageDepth = 0;       ///< carry chains on the longest way within a stage
  std::vector<unsigned> stageOf; ///< by node
  unsigned registerBits = 0;     ///< between stages; none in front of the first or after the last
};

/// As few stages as there can be with `maxDepth` chains (at least one) after each other in each,
/// and then as few chains in a stage as these stages need.
Pipeline assignStages(const AdderGraph &graph, unsigned maxDepth);

} // namespace nnc::dataflow
