//===- IntegerProofs.h - What was proved of integers, as facts -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/Plan/PlanOps.h"
#include "nnc/Support/NetworkFacts.h"

namespace nnc {

/// Fills `facts.sums`, `.requantization` and `.islands` from the attributes of `step`, which are
/// taken for proved only if `isProved`: this compilation has left them there itself.
void describeIntegers(plan::StepOp step, bool isProved, StepFacts &facts);

/// The promise that no sum wraps, in NAME.json.
llvm::json::Object overflowProof(const NetworkFacts &facts);

/// The promise that scaled sums have one exact result on every target, in NAME.json.
llvm::json::Object exactProof(const NetworkFacts &facts);

} // namespace nnc
