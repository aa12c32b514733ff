//===- Conditions.h - What a branch tells about the numbers ------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Decoder.h"
#include "State.h"

#include <optional>

namespace nnc::verify {

inline Condition opposite(Condition c) { return Condition(c ^ 1); }

/// Whether `condition` reads tainted flags.
bool isConditionTainted(const State &state, Condition condition);

/// The condition's truth, if the numbers decide it.
std::optional<bool> decide(const State &state, Condition condition);

/// Narrows counters and registers to where `condition` holds; false if it
/// holds nowhere.
bool assume(State &state, Condition condition);

/// The value of a register where `condition` holds.
Value narrowed(const State &state, Condition condition, const Value &value, uint8_t location);

/// The first iteration of `loop` in which `condition` surely holds.
std::optional<LastIteration> firstIterationWhere(const State &state, Condition condition,
                                                 uint16_t loop);

} // namespace nnc::verify
