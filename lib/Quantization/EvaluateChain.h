//===- EvaluateChain.h - Elementwise ops on many values at once ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"
#include "nnc/Interpreter/Tensor.h"

#include "llvm/ADT/DenseMap.h"

namespace nnc::quantization {

/// What values are known to be.
using Tensors = llvm::DenseMap<mlir::Value, interpreter::Tensor>;

/// The interpreter's result of the last of `ops`, which stand in order and are elementwise or
/// nn.threshold, on other tensors than the network's: `outside` has what they read and do not
/// compute, and each result has `shape`. Where that has more dimensions than the op's own, those
/// stand in front. `visit`, if given, sees each result. Null where an op has no value. However many
/// ops there are, what no later one reads is not kept.
interpreter::Tensor
evaluateChain(llvm::ArrayRef<mlir::Operation *> ops, Tensors outside, llvm::ArrayRef<int64_t> shape,
              llvm::function_ref<void(const interpreter::Tensor &)> visit = nullptr);

} // namespace nnc::quantization
