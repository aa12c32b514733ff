//===- Selection.h - Which floats become integers ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

namespace nnc::quantization {

/// Attribute of an op or a function's argument: the least and the greatest number that its
/// value should be able to be, as calibration found it.
inline constexpr llvm::StringLiteral rangeAttr = "nn.range";

/// Unit attribute of an op or a function's argument of floats: it is quantized whatever reads it.
inline constexpr llvm::StringLiteral integersAttr = "nn.integers";

/// A contraction or mean: what has an integer form between quantized operands and result, if a
/// bias is known when we compile.
bool hasIntegerForm(mlir::Operation *op);
/// The contractions among them, in the order of the network.
llvm::SmallVector<mlir::Operation *> contractionsOf(mlir::func::FuncOp network);

/// Which values of a float network are to be quantized, and which of them on one grid.
///
/// Operands and results of what hasIntegerForm() are, the result behind its ReLU or Clip; so is
/// what is moved from or to them, on the same grid; so are sums, differences and products of
/// activations that several ops read, not all of them element by element, as residual networks
/// keep them, and what has integersAttr. Everything else stays a float between its quantized
/// neighbours: rounding there would cost accuracy and save no memory.
class Selection {
public:
  explicit Selection(mlir::func::FuncOp network);

  /// In the order of the network, arguments first.
  llvm::ArrayRef<mlir::Value> values() const { return chosen; }
  bool contains(mlir::Value v) const { return isChosen.contains(v); }
  /// One of the values on the grid of `v`, the same for all of them.
  mlir::Value gridOf(mlir::Value v) const;
  /// Whether `v` does not depend on inputs.
  bool isConstant(mlir::Value v) const { return constants.contains(v); }
  /// Whether `v` only repeats elements of other values on its grid.
  bool isCopy(mlir::Value v) const;

private:
  bool isActivation(mlir::Value v) const;
  void choose(mlir::Value v) { isChosen.insert(v); }
  void chooseAround(mlir::Operation *op);
  void chooseStored(mlir::Operation *op);
  bool chooseMoved(mlir::Operation *op);
  void join(mlir::Operation *op);

  llvm::DenseSet<mlir::Value> constants, isChosen;
  llvm::DenseMap<mlir::Value, mlir::Value> parents; ///< towards the grid's representative
  llvm::SmallVector<mlir::Value> chosen;
};

} // namespace nnc::quantization
