//===- IntegerFunction.h - Floats as functions of integers -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A byte has 256 values, two bytes have 65536 pairs of them, and so many values has a
// word: what floats make of few bits, element by element, can be looked at in full.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

#include <string>
#include <vector>

namespace nnc::quantization {

/// A tensor of integers, and what stands for 0 where it is dequantized.
struct IntegerSource {
  mlir::Value tensor;
  int64_t zeroPoint = 0;
};

/// The integers that an `nn.quantize` gives, as a function of tensors of integers, element by
/// element. All else that they depend on are constants of one number each.
class IntegerFunction {
public:
  enum class Types {
    Bytes,  ///< all of just 8 bits; a source that is a table of bytes is read through
    Narrow, ///< sources of up to 8 bits, as they are read; a result of up to 16
    Words,  ///< all of up to 16 bits: too many to look at, unless one knows better
  };

  /// `runTime` holds the values of the network that are no constants.
  IntegerFunction(nn::QuantizeOp result, const llvm::DenseSet<mlir::Value> &runTime,
                  Types types = Types::Bytes);

  /// Why it is no such function, a sentence without its end; empty if it is.
  llvm::StringRef obstacle() const { return why; }

  /// In the order in which a reader meets them who starts at the quantize and reads the operands of
  /// each op from left to right, each with its own operands first.
  llvm::ArrayRef<IntegerSource> sources() const { return found; }

  /// Its ops in order, the quantize last.
  llvm::ArrayRef<mlir::Operation *> operations() const { return ops; }

  /// Whether an op has another shape than the result: then elements are no function of elements.
  bool changesShape() const;

  /// The result, by the interpreter, for each combination of the values of all sources, from the
  /// least to the greatest, that of the last source running fastest; empty where an op has no
  /// value.
  std::vector<int64_t> evaluate() const;

private:
  bool isTaken(mlir::Value integers, bool isResult) const;
  std::string obstacleIn(mlir::Operation *op, mlir::Value operand) const;
  void readThroughTables();
  void orderSources();

  nn::QuantizeOp result;
  const llvm::DenseSet<mlir::Value> &runTime;
  Types types;
  std::string why;
  llvm::SetVector<mlir::Operation *>
      seen;                               ///< all ops of the function, tables that it reads through
  llvm::SetVector<mlir::Value> reads;     ///< the integers that these read from outside
  llvm::SmallVector<IntegerSource> found; ///< the same in sources()' order
  llvm::SmallVector<mlir::Operation *> ops; ///< `seen` in the block's order
};

} // namespace nnc::quantization
