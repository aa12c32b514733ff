//===- StepProofs.h - What was proved goes from ops to steps --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

namespace nnc::schedule {

/// Takes off the ops of `group` what was proved of their integers, as attributes of the step that
/// runs it. A kernel is shared by steps whose weights differ, and with them what holds of sums.
mlir::NamedAttrList takeProofs(nn::FusedOp group);

} // namespace nnc::schedule
