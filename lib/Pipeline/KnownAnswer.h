//===- KnownAnswer.h - What NAME_selftest compares with ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Emission.h"

namespace nnc {

/// A known answer that NAME_selftest can check with the arena alone: the
/// constants serve as inputs, outputs go where the plan leaves bytes free. None
/// where the network is too large for the interpreter to answer at once, has
/// inputs that must be valid (bool) or larger than its constants, leaves no
/// room, or answers with NaN, whose bits are not specified.
llvm::Expected<std::optional<KnownAnswer>> findKnownAnswer(const Emission &emission);

} // namespace nnc
