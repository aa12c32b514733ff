//===- AdderOperands.cpp - In which order addends are written -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "AdderOperands.h"

#include "llvm/ADT/SmallPtrSet.h"

using namespace nnc::rtl;
using mlir::Operation;
using mlir::Value;

namespace nnc::hls {

/// Whether all bits come out of ports, registers, memories and adders as they are.
static bool isWires(Value value) {
  llvm::SmallVector<Value> open{value};
  llvm::SmallPtrSet<Operation *, 8> seen;
  while (!open.empty()) {
    Operation *op = open.pop_back_val().getDefiningOp();
    if (!op || isa<RegOp, InstanceOp, ConstantOp, AddOp, SubOp>(op) || !seen.insert(op).second)
      continue;
    if (!op->hasTrait<Wiring>())
      return false;
    llvm::append_range(open, op->getOperands());
  }
  return true;
}

std::pair<Value, Value> addendsOf(AddOp add) {
  Value lhs = add.getLhs(), rhs = add.getRhs();
  return !isWires(rhs) && isWires(lhs) ? std::pair(rhs, lhs) : std::pair(lhs, rhs);
}

} // namespace nnc::hls
