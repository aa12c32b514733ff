//===- ByteFunction.h - Floats as functions of bytes -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A byte has 256 values, and two bytes have 65536 pairs of them: what floats make of
// bytes, element by element, can be looked at in full.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

#include <string>
#include <vector>

namespace nnc::quantization {

/// The bytes that an `nn.quantize` gives, as a function of tensors of bytes, element by element.
/// All else that they hang on are constants of one number each.
class ByteFunction {
public:
  /// `runTime` holds the values of the network that are no constants.
  ByteFunction(nn::QuantizeOp result, const llvm::DenseSet<mlir::Value> &runTime);

  /// Why it is no such function, to stand behind a colon; empty if it is.
  llvm::StringRef obstacle() const { return why; }

  /// The tensors of bytes, in the order in which the network computes them.
  llvm::ArrayRef<mlir::Value> sources() const { return bytes; }

  /// Its ops in order, the quantize last.
  llvm::ArrayRef<mlir::Operation *> operations() const { return ops; }

  /// Whether a source is smaller than the result.
  bool broadcasts() const;

  /// The result, by the interpreter, for each combination of the values of all sources, from the
  /// least to the greatest, that of the last source running fastest.
  std::vector<int64_t> evaluate() const;

private:
  void visit(mlir::Operation *op);
  void read(mlir::Operation *op, mlir::Value operand);
  void addSource(mlir::Value v);
  void readThroughTables();

  nn::QuantizeOp result;
  const llvm::DenseSet<mlir::Value> &runTime;
  std::string why;
  llvm::SetVector<mlir::Operation *> seen;
  llvm::SmallVector<mlir::Value> bytes;
  llvm::SmallVector<mlir::Operation *> ops;
};

} // namespace nnc::quantization
