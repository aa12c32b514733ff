//===- TableCover.h - Gates as lookup tables --------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "BitNetwork.h"

namespace nnc::hls {

/// Covers what is live of `network` with tables of up to six inputs, and of seven and eight by two
/// and four of them, as technology mappers do: the deepest paths as flat as possible, or by
/// `spareDepth` tables deeper than that, all else as small. Calls `visit` with the number of tables
/// that each chosen gate takes.
void coverWithTables(const BitNetwork &network, unsigned spareDepth,
                     llvm::function_ref<void(const Gate &, unsigned tables)> visit);

} // namespace nnc::hls
