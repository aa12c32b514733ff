//===- SplitAverages.cpp - Averages of one count each ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../TapCounts.h"
#include "dialects/NN/NNOps.h"
#include "nnc/Quantization/Passes.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_SPLITAVERAGES
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// Results from `begin` on, up to `end`, along one spatial dimension.
struct Run {
  int64_t begin, end;
};

SmallVector<Run> runsOf(ArrayRef<int64_t> counts) {
  SmallVector<Run> runs;
  for (auto [o, count] : llvm::enumerate(counts))
    if (auto at = static_cast<int64_t>(o); o && count == counts[o - 1])
      runs.back().end = at + 1;
    else
      runs.push_back({at, at + 1});
  return runs;
}

class Splitter {
public:
  explicit Splitter(nn::AveragePoolOp op) : op(op), builder(op) {
    for (size_t i = 0; i < op.getKernel().size(); ++i)
      runs.push_back(runsOf(tapCounts(op, i)));
  }

  bool isNeeded() const {
    return llvm::any_of(runs, [](ArrayRef<Run> along) { return along.size() > 1; });
  }

  /// The results of the chosen runs, of all along the dimensions behind them.
  Value join() {
    size_t i = chosen.size();
    if (i == runs.size())
      return region();
    SmallVector<Value> parts;
    for (Run run : runs[i]) {
      chosen.push_back(run);
      parts.push_back(join());
      chosen.pop_back();
    }
    if (parts.size() == 1)
      return parts.front();
    return builder.create<nn::ConcatOp>(op.getLoc(), parts, static_cast<int64_t>(i) + 2);
  }

private:
  /// The average of the part of the input that the chosen results read.
  Value region() {
    size_t spatial = runs.size();
    auto type = op.getInput().getType();
    SmallVector<int64_t> starts(spatial + 2, 0), inputs(type.getShape()), results(inputs),
        pads(2 * spatial);
    for (auto [i, run] : llvm::enumerate(chosen)) {
      int64_t first = run.begin * op.getStrides()[i] - op.getPads()[i],
              last = (run.end - 1) * op.getStrides()[i] - op.getPads()[i] +
                     (op.getKernel()[i] - 1) * op.getDilations()[i],
              size = inputs[i + 2];
      starts[i + 2] = std::max<int64_t>(first, 0);
      inputs[i + 2] = std::min(last + 1, size) - starts[i + 2];
      results[i + 2] = run.end - run.begin;
      pads[i] = std::max<int64_t>(-first, 0);
      int64_t counted = size + op.getPads()[spatial + i]; // ceil_mode reaches past that
      pads[spatial + i] = std::max<int64_t>(std::min(last + 1, counted) - size, 0);
    }
    Value part = op.getInput();
    if (ArrayRef(inputs) != type.getShape())
      part = builder.create<nn::SliceOp>(op.getLoc(), type.clone(inputs), part, starts,
                                         SmallVector<int64_t>(spatial + 2, 1));
    return builder.create<nn::AveragePoolOp>(op.getLoc(), type.clone(results), part, op.getKernel(),
                                             op.getStrides(), op.getDilations(), pads,
                                             op.getCountIncludePad());
  }

  nn::AveragePoolOp op;
  OpBuilder builder;
  SmallVector<SmallVector<Run>> runs; ///< of one count, along each spatial dimension
  SmallVector<Run> chosen;
};

struct SplitAverages : impl::SplitAveragesBase<SplitAverages> {
  void runOnOperation() override {
    for (nn::AveragePoolOp op : llvm::to_vector(getOperation().getOps<nn::AveragePoolOp>())) {
      Splitter splitter(op);
      if (!splitter.isNeeded())
        continue;
      op.replaceAllUsesWith(splitter.join());
      op.erase();
    }
  }
};

} // namespace
} // namespace nnc::quantization
