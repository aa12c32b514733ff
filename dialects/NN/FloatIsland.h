//===- FloatIsland.h - What is computed between integers ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/Operation.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringRef.h"

namespace nnc::nn {

/// On an `nn.quantize` that ends an island of two tensors of up to 8 bits, or one of up to 16: all
/// of its results, by the values of each from the least to the greatest.
inline constexpr llvm::StringLiteral tableAttr = "nn.table";

/// Ops between the integers that floats are made of and the one that makes integers of them again:
/// found from there, back to a border.
class FloatIsland {
public:
  /// Whether an operand of an op of the island comes from outside; inputs of the network do anyway.
  using Border = llvm::function_ref<bool(mlir::OpOperand &)>;

  enum class Order {
    NearestFirst,     ///< the operands of `end` from left to right, then what these read
    LastOperandFirst, ///< all of the last operand before the one on its left
  };

  /// What ends in `end`, which is part of it.
  FloatIsland(mlir::Operation *end, Border isOutside);
  /// What ends in an operand, whose owner is no part of it.
  FloatIsland(mlir::OpOperand &end, Border isOutside, Order order);

  /// In the order in which they are found, each once.
  const llvm::SetVector<mlir::Operation *> &ops() const { return found; }
  /// The operands of all of them, and that in which they end: what is inside, and what is not.
  llvm::ArrayRef<mlir::OpOperand *> reads() const { return operands; }

  /// The ops in the order of their block.
  llvm::SmallVector<mlir::Operation *> inBlockOrder() const;

private:
  void walk(llvm::ArrayRef<mlir::OpOperand *> first, Border isOutside, Order order);

  llvm::SetVector<mlir::Operation *> found;
  llvm::SmallVector<mlir::OpOperand *> operands;
};

} // namespace nnc::nn
