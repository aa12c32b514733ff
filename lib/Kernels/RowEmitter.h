//===- RowEmitter.h - Code of a group with reductions --------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One pass over the row per reduction and one for the results. Either the
// lanes of a vector are neighbours in a row (the row is contiguous), or they
// are neighbouring rows (channels last, reduced over space). The order of
// every sum is that of docs/NumericSpec.md section 4: 32 partials, then halves.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "LoopNest.h"
#include "RowGroup.h"

namespace nnc {

/// One tensor as the passes over a row reach it.
struct RowAccess {
  mlir::Value value; ///< in the body: argument, or what the terminator yields
  mlir::Value base;
  mlir::Type element;
  llvm::SmallVector<int64_t> outer, inner; ///< strides
  std::optional<int64_t> innerStride;      ///< of the flattened row, if there is one
};

/// A place in a row: element `index` (counted in the row, an i64), and with
/// lanes along the row `active` neighbours of it.
struct RowPlace {
  mlir::Value index;
  int64_t active;
};

/// Writes one kernel.
class RowEmitter {
public:
  RowEmitter(plan::KernelOp kernel, mlir::ValueRange pointers, KernelEmitter &emitter,
             RowGroup group);
  void emit();

private:
  RowAccess makeAccess(mlir::Value value, mlir::Value base, plan::LayoutAttr layout);
  const RowAccess &leader() const;
  void chooseLanes();
  void emitRow(const Lane &row);

  // Values.
  mlir::Value offsetAt(unsigned number, mlir::Value index);
  mlir::Value load(unsigned number, const RowPlace &place);
  void store(mlir::Value value, unsigned number, const RowPlace &place);
  mlir::Value rowValue(mlir::Value v, const RowPlace &place,
                       llvm::DenseMap<mlir::Value, mlir::Value> &known);
  void evaluateFixed();

  // Passes.
  mlir::Value reduce(mlir::Operation *op);
  mlir::Value reduceAlongRow(mlir::Operation *op, int64_t elements);
  mlir::Value reduceAcrossRows(mlir::Operation *op, int64_t elements);
  void unrollPartials(mlir::Operation *op, int64_t elements, std::vector<mlir::Value> &sums);
  void loopPartials(mlir::Operation *op, int64_t elements, std::vector<mlir::Value> &sums);
  void storeResults();
  void chooseKept(mlir::Value root, llvm::ArrayRef<mlir::Value> later);
  mlir::Value readOperand(mlir::Operation *op, const RowPlace &place);

  // Arithmetic of reductions.
  mlir::Value neutral(mlir::Operation *op, mlir::Type type);
  mlir::Value combine(mlir::Operation *op, mlir::Value partial, mlir::Value x);
  mlir::Value halve(mlir::Operation *op, mlir::Value vector);

  KernelEmitter &emitter;
  plan::KernelOp kernel;
  RowGroup group;
  std::vector<RowAccess> accesses; ///< operands, then results
  unsigned operandCount;
  bool lanesAlongRow = true;

  // While one row (or one vector of rows) is emitted:
  const Lane *row = nullptr;
  LoopNest *nest = nullptr;
  llvm::DenseMap<mlir::Value, mlir::Value> fixed; ///< values that do not differ along the row
  mlir::Value kept;     ///< row value that stands in result 0 until the last pass
  mlir::Value nextKept; ///< row value to put there in the running pass
};

} // namespace nnc
