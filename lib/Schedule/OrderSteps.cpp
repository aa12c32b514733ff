//===- OrderSteps.cpp - When each group runs ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Footprint.h"
#include "nnc/Schedule/Passes.h"

#include "llvm/ADT/DenseSet.h"

using namespace mlir;

namespace nnc {
#define GEN_PASS_DEF_ORDERSTEPS
#include "nnc/Schedule/Passes.h.inc"

using namespace schedule;

namespace {

using Steps = SmallVector<nn::FusedOp>;

/// Greedy list scheduling: of all steps whose operands exist, run the one after
/// which least memory is live; the file's order decides between equals.
class GreedyOrder {
public:
  explicit GreedyOrder(func::FuncOp func) : placement(func) {
    for (auto [i, group] : llvm::enumerate(placement.steps()))
      number[group] = i;
    size_t count = placement.steps().size();
    buffersOf.resize(count);
    waitsFor.assign(count, 0);
    followers.resize(count);
    uses.assign(placement.buffers().size(), 0);
    for (size_t i = 0; i < count; ++i) {
      nn::FusedOp group = placement.steps()[i];
      llvm::SmallDenseSet<int64_t> touched;
      llvm::SmallDenseSet<size_t> before;
      for (auto [j, operand] : llvm::enumerate(group.getInputs())) {
        touched.insert(placement.operandPlace(group, j).buffer);
        collectProducers(operand, before);
      }
      for (OpResult result : group.getResults())
        touched.insert(placement.resultPlace(result).buffer);
      buffersOf[i].assign(touched.begin(), touched.end());
      for (int64_t buffer : touched)
        ++uses[buffer];
      waitsFor[i] = before.size();
      for (size_t producer : before)
        followers[producer].push_back(i);
    }
  }

  Steps run() {
    Steps order;
    std::vector<bool> live(placement.buffers().size(), false);
    std::vector<size_t> ready;
    for (size_t i = 0; i < waitsFor.size(); ++i)
      if (waitsFor[i] == 0)
        ready.push_back(i);
    while (!ready.empty()) {
      auto best = std::min_element(ready.begin(), ready.end(), [&](size_t a, size_t b) {
        return std::pair(growth(a, live), a) < std::pair(growth(b, live), b);
      });
      size_t step = *best;
      ready.erase(best);
      order.push_back(placement.steps()[step]);
      for (int64_t buffer : buffersOf[step])
        live[buffer] = --uses[buffer] > 0;
      for (size_t follower : followers[step])
        if (--waitsFor[follower] == 0)
          ready.push_back(follower);
    }
    return order;
  }

private:
  /// Bytes live after `step` minus those live before.
  int64_t growth(size_t step, const std::vector<bool> &live) {
    int64_t bytes = 0;
    for (int64_t index : buffersOf[step]) {
      const Buffer &buffer = placement.buffers()[index];
      if (buffer.kind != Buffer::Slot)
        continue;
      if (!live[index] && uses[index] > 1)
        bytes += buffer.bytes;
      if (live[index] && uses[index] == 1)
        bytes -= buffer.bytes;
    }
    return bytes;
  }

  /// Steps that write what `value` shows, through views and concats.
  void collectProducers(Value value, llvm::SmallDenseSet<size_t> &steps) {
    Operation *op = value.getDefiningOp();
    if (!op)
      return;
    if (auto group = dyn_cast<nn::FusedOp>(op)) {
      steps.insert(number.lookup(group));
      return;
    }
    for (Value operand : op->getOperands())
      collectProducers(operand, steps);
  }

  Placement placement;
  llvm::DenseMap<Operation *, size_t> number;
  std::vector<SmallVector<int64_t>> buffersOf;
  std::vector<size_t> waitsFor;
  std::vector<SmallVector<size_t>> followers;
  std::vector<int64_t> uses; ///< steps yet to come that touch a buffer
};

/// Puts groups into this order; constants and movers come as soon as their operands exist.
void reorder(func::FuncOp func, ArrayRef<nn::FusedOp> order) {
  Operation *terminator = func.getBody().front().getTerminator();
  llvm::DenseSet<Operation *> moved;
  auto place = [&](auto &&self, Operation *op) -> void {
    if (!op || !moved.insert(op).second)
      return;
    for (Value operand : op->getOperands())
      self(self, operand.getDefiningOp());
    op->moveBefore(terminator);
  };
  for (nn::FusedOp group : order)
    place(place, group);
  for (Value value : terminator->getOperands())
    place(place, value.getDefiningOp());
}

struct OrderSteps : impl::OrderStepsBase<OrderSteps> {
  void runOnOperation() override {
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      Steps original = llvm::to_vector(func.getOps<nn::FusedOp>());
      int64_t before = footprint(func).arena;
      Steps greedy = GreedyOrder(func).run();
      if (greedy == original)
        continue;
      reorder(func, greedy);
      if (footprint(func).arena >= before)
        reorder(func, original);
    }
  }
};

} // namespace
} // namespace nnc
