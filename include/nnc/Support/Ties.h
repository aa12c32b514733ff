//===- Ties.h - Where halves go -------------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>

namespace nnc {

/// Where halves go: down like all else; or, where all else goes to the nearest integer, to the one
/// that is even or odd. What is stored with an odd zero point is odd where it stands for an even
/// number. The values are those in attributes of nn and flow.
enum class Ties : int64_t { Down = 0, Even = 1, Odd = 2 };

} // namespace nnc
