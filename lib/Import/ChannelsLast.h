//===- ChannelsLast.h - Where operators have their channels -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/SmallVector.h"

#include <cstdint>

namespace nnc {

/// The permutation of a tensor of `rank`, 2 or more, that takes its channels from the last
/// dimension to dimension 1, where ONNX has them.
llvm::SmallVector<int64_t> toChannelsFirst(int64_t rank);
/// The inverse.
llvm::SmallVector<int64_t> toChannelsLast(int64_t rank);

} // namespace nnc
