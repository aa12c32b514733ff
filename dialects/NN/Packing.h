//===- Packing.h - Elements below eight bits at the caller's border -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

namespace nnc::nn {

/// Whether the caller's tensor of `type` is one of bytes that hold several elements each.
bool isPacked(mlir::RankedTensorType type);

/// The tensor of `type` out of `bytes`, which hold it.
mlir::Value createUnpacked(mlir::OpBuilder &builder, mlir::Value bytes,
                           mlir::RankedTensorType type);
/// The bytes that hold `tensor`.
mlir::Value createPacked(mlir::OpBuilder &builder, mlir::Value tensor);

} // namespace nnc::nn
