//===- Group.h - Choosing the members of a group --------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/NN/NNOps.h"

#include "llvm/ADT/SetVector.h"

#include <string>

namespace nnc::fusion {

/// Why an op may not join a group; empty: it may.
using Refusal = llvm::function_ref<std::string(mlir::Operation *)>;

/// The members of a group to be, in program order. All are in one block.
class Group {
public:
  /// What one kernel may hold. Beyond it the registers run out, and the time to
  /// compile a kernel grows faster than its ops.
  static constexpr size_t maxMembers = 64, maxOperands = 24;

  explicit Group(mlir::Operation *seed) { members.insert(seed); }

  /// Takes in the readers of the group, and theirs, that `refusal` lets in and
  /// that read nothing which depends on the group through an op outside. Ends
  /// where the group has one result, narrow integers rather than what its readers make of them,
  /// and notes why it ended.
  void growForward(Refusal refusal);

  /// Takes in the ops that compute operands of the group for it alone.
  void growBackward(Refusal refusal);

  /// Notes who reads the group's result without being in it, and why.
  void noteReaders(Refusal refusal);

  /// Moves the members into an `nn.fused` where the last of them stands.
  nn::FusedOp form();

  bool contains(mlir::Operation *op) const { return members.contains(op); }

private:
  /// Whether there is room for `op` and its operands.
  bool admits(mlir::Operation *op) const;
  /// Values computed outside and read inside.
  llvm::SetVector<mlir::Value> operands() const;
  /// Values computed inside and read outside.
  llvm::SmallVector<mlir::Value> results() const;
  void addReaders(Refusal refusal);
  void trimToOneResult();
  /// How many members at the end do nothing but widen integers for readers that can do so
  /// themselves: to the floats that they stand for, or, for reductions, to their differences from a
  /// zero point.
  size_t wideningTail() const;
  /// Leaves those out; whether there were any.
  bool trimWidening();

  llvm::SetVector<mlir::Operation *> members;
  llvm::SmallVector<std::string> notes;
};

/// Refuses all but the dequantization of an operand that stands under the result of `anchor`,
/// which itself reads what is in memory.
std::string refuseWidening(mlir::Operation *op, mlir::Operation *anchor);

/// Refuses what is not elementwise.
std::string refuseOther(mlir::Operation *op);

/// Refuses what is not elementwise on values of `anchor`'s type, with further
/// operands of its shape, per index of dimension `channel`, or of one element.
std::string refuseEpilogue(mlir::Operation *op, mlir::RankedTensorType anchor, int64_t channel);

} // namespace nnc::fusion
