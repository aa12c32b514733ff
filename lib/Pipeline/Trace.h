//===- Trace.h - All values of a network for a frame ------------------*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "nnc/Interpreter/Tensor.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/Support/Error.h"

#include <vector>

namespace nnc {

/// What the interpreter makes of a frame, and what would leave if something on the way were wrong.
class Trace {
public:
  explicit Trace(mlir::func::FuncOp network) : network(network) {}

  llvm::Expected<std::vector<interpreter::Tensor>> run(llvm::ArrayRef<interpreter::Tensor> inputs);
  const interpreter::Tensor &at(mlir::Value value) const { return values.find(value)->second; }

  /// Whether the network's results were others if `value` had one element that is `number`.
  llvm::Expected<bool> isSeen(mlir::Value value, size_t element, int64_t number);

  /// How often the network was evaluated, or a part of it.
  int64_t evaluated() const { return evaluations; }

private:
  mlir::func::FuncOp network;
  llvm::DenseMap<mlir::Value, interpreter::Tensor> values;
  int64_t evaluations = 0;
};

} // namespace nnc
