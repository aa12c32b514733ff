//===- AssignLayouts.cpp - Algorithms and layouts -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Footprint.h"
#include "LayoutAssigner.h"
#include "nnc/Schedule/Passes.h"

using namespace mlir;

namespace nnc {
#define GEN_PASS_DEF_ASSIGNLAYOUTS
#include "nnc/Schedule/Passes.h.inc"

using namespace schedule;

namespace {

struct AssignLayouts : impl::AssignLayoutsBase<AssignLayouts> {
  AssignLayouts() : chooser(&stated) {}
  explicit AssignLayouts(const KernelChooser &chooser) : chooser(&chooser) {}
  AssignLayouts(const AssignLayouts &other)
      : AssignLayoutsBase(other),
        chooser(other.chooser == &other.stated ? &stated : other.chooser) {}

  void runOnOperation() override {
    for (auto func : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      if (failed(assign(func)))
        return signalPassFailure();
  }

  /// Takes the first options, fastest first, whose arena is not above the plain
  /// liveness peak; failing that, those with the smallest. Concats are copied
  /// only where even the peak and the halos would not do.
  LogicalResult assign(func::FuncOp func) {
    auto recorded = func->getAttrOfType<IntegerAttr>(livenessPeakAttr);
    int64_t peak = recorded ? recorded.getInt() : livenessPeak(func);
    OwningOpRef<func::FuncOp> best;
    Footprint least{-1, 0};
    auto attempt = [&](const LayoutOptions &options) -> LogicalResult {
      OwningOpRef<func::FuncOp> clone(func.clone());
      if (failed(LayoutAssigner(*clone, *chooser, options).run()))
        return failure();
      Footprint now = footprint(*clone);
      if (!best || now.arena < least.arena) {
        least = now;
        best = std::move(clone);
      }
      return success();
    };
    LayoutOptions fastest, smallest;
    smallest.pitchPad = 0;
    smallest.shareHalos = true;
    for (int64_t pad : {fastest.pitchPad, smallest.pitchPad})
      for (bool share : {fastest.shareHalos, smallest.shareHalos}) {
        LayoutOptions options;
        options.pitchPad = pad;
        options.shareHalos = share;
        if ((!best || least.arena > peak) && failed(attempt(options)))
          return failure();
      }
    for (const LayoutOptions &separate : separations(func, smallest))
      if (least.arena > peak + least.halo && failed(attempt(separate)))
        return failure();
    func.getBody().takeBody(best->getBody());
    return success();
  }

  /// `options` with more and more concats that copy: first those whose joint
  /// buffers would be live longest before they are whole.
  static std::vector<LayoutOptions> separations(func::FuncOp func, LayoutOptions options) {
    constexpr size_t tries = 12;
    std::vector<LayoutOptions> list;
    std::vector<std::pair<int64_t, unsigned>> joints = waitingBytes(func);
    size_t each = joints.size() / tries + 1;
    for (auto [i, joint] : llvm::enumerate(joints)) {
      options.separate.insert(joint.second);
      if ((i + 1) % each == 0 || i + 1 == joints.size())
        list.push_back(options);
    }
    return list;
  }

  /// For each concat, most first: bytes of its result that wait for other
  /// parts, times the ops they wait.
  static std::vector<std::pair<int64_t, unsigned>> waitingBytes(func::FuncOp func) {
    llvm::DenseMap<Operation *, int64_t> position;
    std::vector<std::pair<int64_t, unsigned>> joints;
    for (Operation &op : func.getBody().front()) {
      int64_t at = position.size();
      position[&op] = at;
      auto concat = dyn_cast<nn::ConcatOp>(op);
      if (!concat)
        continue;
      int64_t first = at;
      for (Value part : concat.getInputs())
        if (part.getDefiningOp())
          first = std::min(first, position.lookup(part.getDefiningOp()));
      int64_t elements = cast<RankedTensorType>(concat.getType()).getNumElements();
      joints.push_back({elements * (at - first), joints.size()});
    }
    llvm::sort(joints, std::greater<>());
    return joints;
  }

  StatedChooser stated;
  const KernelChooser *chooser;
};

} // namespace

std::unique_ptr<Pass> createAssignLayouts(const KernelChooser &chooser) {
  return std::make_unique<AssignLayouts>(chooser);
}

void buildSchedule(OpPassManager &passes, const KernelChooser &chooser) {
  passes.addPass(createAssignLayouts(chooser));
  passes.addPass(createOrderSteps());
  passes.addPass(createPlanMemory());
  passes.addPass(createCompleteTiles(chooser));
  passes.addPass(createVerifyPlan(chooser));
}

} // namespace nnc
