//===- OrderSteps.cpp - When each group runs ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Footprint.h"
#include "nnc/Schedule/Passes.h"

#include "llvm/ADT/DenseSet.h"

#include <limits>

using namespace mlir;

namespace nnc {
#define GEN_PASS_DEF_ORDERSTEPS
#include "nnc/Schedule/Passes.h.inc"

using namespace schedule;

namespace {

using Steps = SmallVector<nn::FusedOp>;

/// Greedy list scheduling by runs: from each step whose operands exist, a run goes on to the step
/// that it alone made ready, and ends where least memory is live. The run that leaves least is
/// taken; the file's order decides between equals. What a branch needs on its way does not count if
/// little is left of it: the hills and valleys of J. W. H. Liu, "An application of generalized tree
/// pebbling to sparse matrix factorization", 1987.
class GreedyOrder {
public:
  /// A run is of `longest` steps at most; 1 looks at nothing but the next step.
  GreedyOrder(func::FuncOp func, size_t longest) : longest(longest), placement(func) {
    for (auto [i, group] : llvm::enumerate(placement.steps()))
      number[group] = i;
    size_t count = placement.steps().size();
    buffersOf.resize(count);
    waitsFor.assign(count, 0);
    followers.resize(count);
    uses.assign(placement.buffers().size(), 0);
    done.assign(placement.buffers().size(), 0);
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
    std::vector<size_t> ready;
    for (size_t i = 0; i < waitsFor.size(); ++i)
      if (waitsFor[i] == 0)
        ready.push_back(i);
    while (!ready.empty()) {
      std::vector<Run> runs;
      for (size_t step : ready)
        runs.push_back(runFrom(step));
      auto best = std::min_element(runs.begin(), runs.end(), [](const Run &a, const Run &b) {
        return std::pair(a.growth, a.steps.front()) < std::pair(b.growth, b.steps.front());
      });
      for (size_t step : best->steps) {
        ready.erase(llvm::find(ready, step));
        llvm::append_range(ready, take(step));
        order.push_back(placement.steps()[step]);
      }
    }
    return order;
  }

private:
  struct Run {
    SmallVector<size_t> steps;
    int64_t growth; ///< bytes live after it minus those live before
  };

  Run runFrom(size_t step) {
    SmallVector<size_t> steps;
    Run best{{}, std::numeric_limits<int64_t>::max()};
    int64_t bytes = 0;
    for (SmallVector<size_t> next = {step}; next.size() == 1 && steps.size() < longest;) {
      steps.push_back(next.front());
      bytes += growth(steps.back());
      next = take(steps.back());
      if (bytes < best.growth)
        best = {steps, bytes};
    }
    for (size_t taken : llvm::reverse(steps))
      giveBack(taken);
    return best;
  }

  /// Runs `step`; returns the steps that it made ready.
  SmallVector<size_t> take(size_t step) {
    SmallVector<size_t> ready;
    for (int64_t buffer : buffersOf[step])
      ++done[buffer];
    for (size_t follower : followers[step])
      if (--waitsFor[follower] == 0)
        ready.push_back(follower);
    return ready;
  }

  void giveBack(size_t step) {
    for (int64_t buffer : buffersOf[step])
      --done[buffer];
    for (size_t follower : followers[step])
      ++waitsFor[follower];
  }

  /// Bytes live after `step` minus those live before.
  int64_t growth(size_t step) {
    int64_t bytes = 0;
    for (int64_t index : buffersOf[step]) {
      const Buffer &buffer = placement.buffers()[index];
      if (buffer.kind != Buffer::Slot)
        continue;
      if (done[index] == 0 && uses[index] > 1)
        bytes += buffer.bytes;
      if (done[index] > 0 && done[index] + 1 == uses[index])
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

  const size_t longest;
  Placement placement;
  llvm::DenseMap<Operation *, size_t> number;
  std::vector<SmallVector<int64_t>> buffersOf;
  std::vector<size_t> waitsFor;
  std::vector<SmallVector<size_t>> followers;
  std::vector<int64_t> uses; ///< steps that touch a buffer
  std::vector<int64_t> done; ///< how many of them were taken
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
      Steps best = llvm::to_vector(func.getOps<nn::FusedOp>());
      int64_t least = footprint(func).arena;
      // A greedy choice, so both are tried and the smaller arena is kept. The time grows with the
      // steps that are ready times the length of their runs, which 64 bounds.
      for (size_t longest : {1, 64}) {
        Steps greedy = GreedyOrder(func, longest).run();
        if (greedy == best)
          continue;
        reorder(func, greedy);
        if (int64_t arena = footprint(func).arena; arena < least) {
          least = arena;
          best = std::move(greedy);
        }
        reorder(func, best);
      }
    }
  }
};

} // namespace
} // namespace nnc
