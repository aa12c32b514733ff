//===- GroupAttributes.h - What AssignLayouts notes on groups --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

namespace nnc::schedule {

// On each nn.fused, until PlanMemory makes a kernel and a step of it; see AssignLayouts.
inline constexpr llvm::StringLiteral algorithmAttr = "plan.algorithm", tileAttr = "plan.tile",
                                     operandsAttr = "plan.operands", resultsAttr = "plan.results",
                                     aliasAttr = "plan.alias";
/// On each nn.concat that is a joint buffer.
inline constexpr llvm::StringLiteral layoutAttr = "plan.layout";

} // namespace nnc::schedule
