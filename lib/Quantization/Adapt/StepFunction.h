//===- StepFunction.h - What becomes of a sum, channel by channel ------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "../EvaluateChain.h"
#include "../ValueRanges.h"

#include "llvm/ADT/DenseSet.h"

#include <optional>
#include <vector>

namespace nnc::quantization {

/// A result of integers as a function of one tensor of integers, element by element: what is
/// computed in between, in floats mostly, uses nothing else but constants, one number for each
/// channel or for all.
class StepFunction {
public:
  /// `runTime` holds the values of the network that are no constants.
  StepFunction(mlir::Operation *result, const llvm::DenseSet<mlir::Value> &runTime);

  /// Why it is no such function, a sentence without its end; empty if it is.
  llvm::StringRef obstacle() const { return why; }
  /// Whether that is that there are several tensors: of two, others may know more.
  bool readsSeveral() const { return isOfSeveral; }

  mlir::Value source() const { return from; }
  /// The dimension along which constants vary; -1: none.
  int64_t dimension() const { return channel; }
  int64_t channels() const;

  /// The results for samples x channels integers, by samples, then channels; none where an op has
  /// no value. By the interpreter.
  std::optional<std::vector<int64_t>> evaluate(llvm::ArrayRef<int64_t> values,
                                               int64_t samples) const;
  /// Are all floats between finite, for an integer of each channel?
  bool isFinite(llvm::ArrayRef<int64_t> values) const;

  /// By its ops: does the result never fall, or never rise, as a channel's integer rises over those
  /// that it reaches? 1, -1, or 0: the ops do not tell. Rounding keeps order, so that this holds of
  /// floats as they are, if they are finite.
  std::vector<int> directions(llvm::ArrayRef<IntegerRange> reached) const;

private:
  /// evaluate() as a tensor, samples in front; null where an op has no value. `visit` sees what
  /// each op gives.
  interpreter::Tensor
  resultAt(llvm::ArrayRef<int64_t> values, int64_t samples,
           llvm::function_ref<void(const interpreter::Tensor &)> visit = nullptr) const;
  void visit(mlir::Operation *op);
  void checkConstant(mlir::Operation *op, mlir::Value operand);
  int direction(mlir::Operation *op, int64_t c, IntegerRange reached, int before) const;
  bool isRising(nn::RescaleOp op, int64_t c, IntegerRange reached) const;

  mlir::Operation *result;
  const llvm::DenseSet<mlir::Value> &runTime;
  std::string why;
  bool isOfSeveral = false;
  mlir::Value from;
  int64_t channel = -1;
  llvm::SmallVector<mlir::Operation *> ops; ///< in order, `result` last
  Tensors constants;                        ///< that they read
};

/// Where a channel's result becomes `level` or more.
struct Steps {
  bool falls = false; ///< it does so as the integer falls
  int64_t least = 0;  ///< result below all steps
  /// For least + 1, least + 2, …; of a falling one those of the negated integer.
  std::vector<int64_t> positions;
};

/// The steps of each channel over the integers that it reaches; none where a result neither rises
/// nor falls, or takes more than `mostLevels` levels, which `why` tells.
std::optional<std::vector<Steps>> findSteps(const StepFunction &function,
                                            llvm::ArrayRef<IntegerRange> reached,
                                            int64_t mostLevels, std::string &why);

} // namespace nnc::quantization
