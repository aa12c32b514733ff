//===- AnchoredGroup.h - One heavy op and what follows it ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Kernels/KernelEmitter.h"
#include "nnc/Kernels/KernelFamily.h"

#include "llvm/ADT/DenseMap.h"

#include <array>
#include <map>
#include <optional>

namespace nnc {

/// A group that is one heavy op, the anchor, and elementwise ops on its result:
/// each result element of the group belongs to one result element of the anchor.
struct AnchoredGroup {
  mlir::Block *body = nullptr;
  mlir::Operation *anchor = nullptr;
  llvm::SmallVector<mlir::Operation *> rest; ///< what follows, in order

  /// None if `body` is no such group, or holds what kernels cannot compute.
  /// The anchor's operands are arguments of the body; their types are the family's to check.
  static std::optional<AnchoredGroup> match(mlir::Block &body);

  mlir::RankedTensorType type() const;
  /// The argument that is operand `i` of the anchor.
  mlir::BlockArgument operand(unsigned i) const;
  bool usedByRest(mlir::BlockArgument argument) const;
  /// Is what follows so long that it belongs in a loop, not in each lane of a tile?
  bool isLong() const;
  /// Are the anchor's operands and result f32?
  bool isFloat() const;

  /// May `argument` stand where result 0 will? See Candidate::mayAlias.
  bool mayAlias(mlir::BlockArgument argument) const;
  /// Can dimensions `outer` and `inner` be walked as one, all of `inner` for each of `outer`,
  /// in all that the rest of `kernel`, this group, reads and writes?
  bool collapsible(plan::KernelOp kernel, int64_t outer, int64_t inner) const;

  /// A candidate with the needs that the rest has when `unitDim` of the result
  /// is walked by vectors, for the family to complete.
  Candidate candidate(int64_t unitDim) const;
};

/// A family whose kernels are anchored groups.
class AnchoredFamily : public KernelFamily {
public:
  bool mayAlias(plan::KernelOp kernel, unsigned operand) const override;
};

/// Is `value` known at compile time, be it through a transpose?
bool isConstantOperand(mlir::Value value);

/// Finishes accumulators: evaluates what follows the anchor and stores the
/// group's results. Positions are a moving origin, an index of the result, and
/// constant distances from it.
class Epilogue {
public:
  Epilogue(const AnchoredGroup &group, plan::KernelOp kernel, mlir::ValueRange pointers,
           int64_t unitDim, KernelEmitter &emitter);

  /// The origin; one index per result dimension.
  void moveTo(mlir::ArrayRef<mlir::Value> index);
  /// The first `active` lanes of `accumulator` (a scalar counts as one), which stand along
  /// unitDim from `delta` on.
  struct Part {
    mlir::Value accumulator;
    llvm::SmallVector<int64_t> delta;
    int64_t active;
  };
  /// Finishes all parts, four registers at a time where that is cheaper.
  void finish(llvm::ArrayRef<Part> parts);

  /// The accumulator as such in the place of result 0, and back.
  void park(mlir::Value accumulator, mlir::ArrayRef<int64_t> delta, int64_t active);
  mlir::Value unpark(mlir::Type type, mlir::ArrayRef<int64_t> delta, int64_t active);

  /// +0 into the halos of all results.
  void fillHalos();

private:
  /// How a tensor is reached by the index of the result.
  struct Tensor {
    mlir::Value base, origin;
    mlir::Type element;
    llvm::SmallVector<int64_t> strides;
    int64_t offset(mlir::ArrayRef<int64_t> delta) const;
  };
  Tensor tensor(mlir::Value base, mlir::RankedTensorType type, plan::LayoutAttr layout) const;
  mlir::Value load(unsigned argument, mlir::Type accumulator, mlir::ArrayRef<int64_t> delta,
                   int64_t active);
  mlir::Value constant(mlir::Operation *op, mlir::Type accumulator);
  void finishTogether(llvm::ArrayRef<Part> parts);
  bool isOneRun(const Tensor &t, llvm::ArrayRef<Part> parts) const;
  void store(const Tensor &t, mlir::Value v, llvm::ArrayRef<Part> parts);

  const AnchoredGroup &group;
  plan::KernelOp kernel;
  mlir::ValueRange pointers;
  int64_t unitDim;
  KernelEmitter &e;
  llvm::DenseMap<unsigned, Tensor> operands; ///< by argument
  llvm::SmallVector<Tensor> results;
  /// What this tile has loaded: per-channel operands serve all its rows.
  std::map<std::array<int64_t, 4>, mlir::Value>
      loaded; ///< by argument, distance, lanes, active ones
};

} // namespace nnc
