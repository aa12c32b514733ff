//===- TapCounts.h - Elements that each average is of ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

namespace nnc::quantization {

/// For each result along spatial dimension `i`, the taps of its window that count; 1 where none
/// does, since the sum is 0 then, whatever it is divided by.
llvm::SmallVector<int64_t> tapCounts(nn::AveragePoolOp op, size_t i);

} // namespace nnc::quantization
