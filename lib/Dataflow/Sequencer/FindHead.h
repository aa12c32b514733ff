//===- FindHead.h - What a network ends with --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Tensors.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include "llvm/ADT/SmallVector.h"

namespace nnc::sequencer {

/// The op that makes the network's one result, if it is none that layers do.
struct FoundHead {
  Head head; ///< but for the numbers of elements
  mlir::Value input;
  llvm::SmallVector<int64_t> axes; ///< of the input, along which elements are taken together
  llvm::SmallVector<mlir::Operation *> ops; ///< that are done with it

  /// How many elements are taken together, and how often, where the input's elements come in this
  /// order; which element of the result comes when. Empty: some that belong together do not come
  /// one after another.
  std::vector<uint32_t> arrange(llvm::ArrayRef<uint32_t> order);
};

FoundHead findHead(mlir::func::FuncOp network);

} // namespace nnc::sequencer
