//===- Placement.h - Which tensors share which buffer ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Layouts.h"

#include "llvm/ADT/MapVector.h"

namespace nnc::schedule {

/// A buffer that tensors live in.
struct Buffer {
  enum Kind { Input, Output, Slot, Constant } kind = Slot;
  int64_t index = 0;     ///< of the caller's input or output
  int64_t bytes = 0;     ///< of a slot
  int64_t haloBytes = 0; ///< how many of them are halo
  /// First step that writes it, last step that reads or writes it; -1: none.
  int64_t first = -1, last = -1;
  /// Set for constants.
  mlir::ElementsAttr value;
  plan::LayoutAttr layout;
  /// The buffer this one became a part of (in place), and where in it.
  int64_t mergedInto = -1, mergedAt = 0;
};

/// A tensor's origin in a buffer.
struct Place {
  int64_t buffer = -1;
  int64_t origin = 0; ///< bytes
  plan::LayoutAttr layout;
};

/// Buffers of a function whose layouts are assigned, their lifetimes in steps
/// of the current order, and where each tensor stands.
class Placement {
public:
  /// Needs the attributes that AssignLayouts leaves.
  explicit Placement(mlir::func::FuncOp func);

  /// Lets results stand where operands that die stood, see Candidate::mayAlias.
  void runInPlace();

  llvm::ArrayRef<nn::FusedOp> steps() const { return order; }
  llvm::MutableArrayRef<Buffer> buffers() { return all; }
  /// Where operand `index` of `group` stands, after merges.
  Place operandPlace(nn::FusedOp group, unsigned index) const;
  Place resultPlace(mlir::OpResult result) const;

private:
  int64_t addBuffer(Buffer::Kind kind);
  Place addSlot(mlir::Value value, plan::LayoutAttr layout);
  int64_t constantBuffer(mlir::ElementsAttr value, plan::LayoutAttr layout);
  void placeJoints(mlir::Block &body);
  void placeResults(mlir::Block &body);
  void placeOperands(nn::FusedOp group);
  void bindOutputs(mlir::Operation *terminator);
  void findLifetimes();
  bool mergeOperand(nn::FusedOp group, unsigned index, int64_t step);
  Place resolved(Place place) const;

  llvm::SmallVector<nn::FusedOp> order;
  std::vector<Buffer> all;
  llvm::DenseMap<mlir::Value, Place> places;
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<Place>> operands;
  llvm::MapVector<std::pair<mlir::Attribute, mlir::Attribute>, int64_t> constants;
};

} // namespace nnc::schedule
