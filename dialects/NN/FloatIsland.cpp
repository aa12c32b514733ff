//===- FloatIsland.cpp - What is computed between integers ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/NN/FloatIsland.h"

#include "llvm/ADT/STLExtras.h"

#include <deque>

using namespace mlir;

namespace nnc::nn {

static SmallVector<OpOperand *> operandsOf(Operation *op) {
  return llvm::to_vector(llvm::make_pointer_range(op->getOpOperands()));
}

FloatIsland::FloatIsland(Operation *end, Border isOutside) {
  found.insert(end);
  walk(operandsOf(end), isOutside, Order::NearestFirst);
}

FloatIsland::FloatIsland(OpOperand &end, Border isOutside, Order order) {
  walk({&end}, isOutside, order);
}

void FloatIsland::walk(ArrayRef<OpOperand *> first, Border isOutside, Order order) {
  std::deque<OpOperand *> pending(first.begin(), first.end());
  while (!pending.empty()) {
    OpOperand *read = order == Order::NearestFirst ? pending.front() : pending.back();
    order == Order::NearestFirst ? pending.pop_front() : pending.pop_back();
    operands.push_back(read);
    Operation *op = read->get().getDefiningOp();
    if (op && !isOutside(*read) && found.insert(op))
      llvm::append_range(pending, operandsOf(op));
  }
}

SmallVector<Operation *> FloatIsland::inBlockOrder() const {
  SmallVector<Operation *> ops = llvm::to_vector(found);
  llvm::sort(ops, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
  return ops;
}

} // namespace nnc::nn
