//===- Results.h - What becomes of sums before they are stored ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "FloatScales.h"
#include "LinearTail.h"
#include "Thresholds.h"

namespace nnc::sequencer {

/// Follows what is done with sums, op after op, as far as one pass of the requantizer does it.
class Results {
public:
  /// What comes behind `linear`, whose factors are positive.
  explicit Results(LinearTail linear);

  /// Takes in `first`, if given, and the ops behind, as long as each is the only reader. Fails,
  /// with an error at the op, where one has no integer form.
  mlir::LogicalResult follow(mlir::Operation *first = nullptr);

  /// All channels by one scale.
  void scaleBy(const Scale &scale, Interval range);
  /// What takes the place of results (Layer::table).
  void lookUp(std::vector<int64_t> entries);

  mlir::Value value() const { return last; } ///< the last one that was taken in
  llvm::ArrayRef<mlir::Operation *> ops() const { return taken; } ///< `linear`'s too
  int64_t dimension() const { return dim; }                       ///< whose indices are channels
  /// With scales of their own; 1: all alike.
  int64_t channels() const { return static_cast<int64_t>(scales.size()); }
  /// Scales, ties, bounds and table of `layer`.
  void moveTo(Layer &layer);

private:
  mlir::LogicalResult takeRequantization(mlir::Operation *op);
  bool takeScales(llvm::ArrayRef<FloatScale> wanted, llvm::ArrayRef<int64_t> affine);
  mlir::LogicalResult countResults(std::vector<FloatScale> wanted, mlir::Operation *op);
  mlir::LogicalResult takeThresholds(mlir::Operation *op);
  void takeSteps(llvm::ArrayRef<std::vector<int64_t>> steps, int64_t first);
  mlir::LogicalResult takeCast(mlir::Operation *op);
  int64_t reachedAt(size_t channel, int64_t value) const;
  void clampTo(Interval bounds);
  void takeTable(llvm::ArrayRef<int32_t> entries);
  Interval unbounded() const;
  Interval reached() const; ///< of all results

  mlir::Value last;
  std::vector<mlir::Operation *> taken;
  int64_t dim; ///< of channels
  std::vector<Scale> scales;
  std::vector<Staircase> counted; ///< in place of scales, where results are counted
  Interval range;
  std::vector<int64_t> table;
  bool isScaled = false;  ///< or clamped
  bool isStepped = false; ///< by more than a constant
};

} // namespace nnc::sequencer
