//===- Constants.h - Reading constants in rewrites ----------- -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Floors.h"

#include "dialects/NN/Contractions.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/SmallPtrSet.h"

#include <optional>
#include <vector>

namespace nnc::graph {

using nn::channelOf;

/// The elements of an f32 constant, without a copy where they are stored one by one.
class FloatView {
public:
  explicit FloatView(mlir::ElementsAttr value);
  llvm::ArrayRef<float> values() const { return elements; }

private:
  std::vector<char> expanded;
  llvm::ArrayRef<float> elements;
};

/// The f32 constant that `value` is, null if it is none.
nn::ConstantOp floatConstant(mlir::Value value);

/// The number that all elements of an f32 constant have; none for other values.
std::optional<float> splatValue(mlir::Value value);

/// One number per index of dimension `channel` of `shape`, if `value` is an
/// f32 constant that broadcasts to `shape` and varies along `channel` only.
std::optional<std::vector<float>> perChannel(mlir::Value value, llvm::ArrayRef<int64_t> shape,
                                             int64_t channel);

/// Operands of contractions of floats count as 0 below this magnitude (NumericSpec section 2).
inline constexpr float floorOfOperands = 1.0f / static_cast<float>(int64_t(1) << -contractionFloor);
/// Operand numbers of a contraction's weights and bias.
inline constexpr unsigned weightsOperand = 1, biasOperand = 2;

/// The contraction that an elementwise op reads, and what it reads besides; null: it reads none.
std::pair<mlir::Operation *, mlir::Value> contractionAndOther(mlir::Operation *binary);

/// Frees the blobs that were in use when the scope began and are not when it
/// ends; nothing else ever frees a blob.
class BlobScope {
public:
  explicit BlobScope(mlir::ModuleOp module);
  ~BlobScope();

private:
  using Entry = mlir::DialectResourceBlobManager::BlobEntry;
  llvm::SmallPtrSet<Entry *, 32> used() const;
  mlir::ModuleOp module;
  llvm::SmallPtrSet<Entry *, 32> before;
};

} // namespace nnc::graph
