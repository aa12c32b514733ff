//===- ExactIsland.h - Islands in which no float is rounded --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "../IntegerFunction.h"
#include "../ValueRanges.h"
#include "FindBilinear.h"

namespace nnc::quantization {

/// The form of an island, `function`, that ends in `end` and is made of sums, differences and
/// products of two tensors, if no float of it is rounded before it is quantized: scales are
/// integers times powers of two, that of the result a power of two, and 24 bits hold every value.
/// Then it is one polynomial of the stored integers, which takes no search. None: something is
/// rounded, or has no such polynomial, as `why` tells.
std::optional<Bilinear> findExactForm(nn::QuantizeOp end, const IntegerFunction &function,
                                      const ValueRanges &ranges, std::string &why);

} // namespace nnc::quantization
