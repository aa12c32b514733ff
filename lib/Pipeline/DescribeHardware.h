//===- DescribeHardware.h - Engines as facts for reports ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Flow/FlowOps.h"
#include "nnc/Dataflow/Sequencer/Schedule.h"
#include "nnc/Support/HardwareFacts.h"
#include "nnc/Target/HLS/Core.h"

namespace nnc {

/// The engines of a scheduled network as boxes, and when each works.
void describeEngines(flow::NetworkOp network, HardwareFacts &facts);

/// The parts of a sequencer as boxes, and when each layer and the head have their turn.
void describeMachine(const sequencer::Program &program, const sequencer::Schedule &schedule,
                     const hls::Core &core, HardwareFacts &facts);

} // namespace nnc
