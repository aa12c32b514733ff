//===- LayoutAssigner.h - Layouts of one network --------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Layouts.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseSet.h"

namespace nnc::schedule {

/// Choices that cost or save memory; the caller tries them.
struct LayoutOptions {
  /// Concats, counted in file order, whose inputs are copied although their
  /// producers could write into them: a joint buffer lives from its first part on.
  llvm::SmallDenseSet<unsigned> separate;
  /// Elements after each innermost run whose length is a multiple of 1 KiB, so
  /// that rows do not compete for one set of the cache.
  int64_t pitchPad = 16;
  /// Give a result the halo of an operand it could overwrite, so that it does.
  bool shareHalos = false;
};

/// Chooses candidates and layouts for one function and rewrites it so that
/// every mover left is a view. The phases run in the order of their
/// declaration; each value's order is settled before any stride exists.
class LayoutAssigner {
public:
  LayoutAssigner(mlir::func::FuncOp func, const KernelChooser &chooser, LayoutOptions options)
      : func(func), chooser(chooser), options(options), builder(func.getContext()) {}

  /// Reports and fails if no kernel family can compute a group.
  mlir::LogicalResult run();

private:
  struct Vote {
    Order order;
    double weight; ///< elements that would have to be copied otherwise
  };

  // Preparation (LayoutAssigner.cpp)
  void dropEmptyTensors();
  mlir::LogicalResult wrapLoneOps();
  mlir::LogicalResult choose(nn::FusedOp group);

  // Orders (LayoutOrders.cpp)
  mlir::LogicalResult voteBackward();
  void decideOrder(mlir::OpResult result);
  void voteForOperands(nn::FusedOp group);
  void decideJointOrder(nn::ConcatOp concat);
  mlir::FailureOr<bool> joinConcat(nn::ConcatOp concat, bool mayBeSeparate = true);
  mlir::LogicalResult joinPieces(nn::ConcatOp concat);
  mlir::LogicalResult settleForward();
  Order orderLikeOperands(mlir::OpResult result) const;
  plan::LayoutAttr layoutWithoutHalo(mlir::Value value) const;

  // Strides and uses (LayoutAssigner.cpp)
  void demandHalos();
  void shareHalos();
  bool canPad(mlir::Value buffer) const;
  bool needsDense(mlir::Value value) const;
  bool viewsHold(mlir::Value value, const View &view) const;
  void placeRoots();
  mlir::LogicalResult fixOperands(nn::FusedOp group);
  mlir::LogicalResult bindOutputs();
  llvm::LogicalResult attach();

  // Helpers
  mlir::FailureOr<nn::FusedOp> wrap(mlir::Operation *op);
  mlir::FailureOr<mlir::Value> copy(mlir::Value value, const Order &order, const Halo &halo,
                                    mlir::Location loc);
  mlir::FailureOr<mlir::Value> constantOperand(nn::FusedOp group, unsigned index, View view,
                                               nn::ConstantOp root);
  View viewOf(mlir::Value value) const;
  const LayoutNeed &resultNeed(mlir::OpResult result) const;

  mlir::func::FuncOp func;
  const KernelChooser &chooser;
  LayoutOptions options;
  mlir::OpBuilder builder;

  llvm::DenseMap<mlir::Operation *, unsigned> concatNumber;
  llvm::DenseMap<mlir::Operation *, Candidate> choices;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<Vote, 2>> votes;
  llvm::DenseMap<mlir::Value, Order> orders;
  llvm::DenseMap<mlir::Value, nn::ConcatOp> jointOf; ///< a part of a joint buffer -> the concat
  llvm::DenseMap<mlir::Value, Halo> halos;
  llvm::DenseMap<mlir::Value, plan::LayoutAttr> layouts; ///< of group results and concats
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<plan::LayoutAttr>> operandLayouts;
  llvm::DenseMap<mlir::Value, llvm::SmallVector<mlir::Value>> copies; ///< made so far, by source
};

/// The value a chain of view movers starts from.
mlir::Value rootOf(mlir::Value value);

/// The ops of a function as they stand now: a list to walk while they change.
llvm::SmallVector<mlir::Operation *> bodyOps(mlir::func::FuncOp func);

} // namespace nnc::schedule
