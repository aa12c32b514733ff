//===- ProveElementwise.cpp - What islands of floats are in integers -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "../IntegerFunction.h"
#include "../ValueRanges.h"
#include "ExactIsland.h"
#include "FindBilinear.h"
#include "dialects/NN/ElementTypes.h"
#include "dialects/NN/FloatIsland.h"
#include "nnc/Quantization/Passes.h"

#include <map>

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_PROVEELEMENTWISE
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// Networks repeat their sums: functions with the same results are searched once.
class Forms {
public:
  std::optional<Bilinear> of(const IntegerFunction &function, int64_t resultZero) {
    IntegerSource x = function.sources()[0], y = function.sources()[1];
    PairTable table{{}, leastOf(x.tensor), leastOf(y.tensor), x.zeroPoint, y.zeroPoint, resultZero};
    auto key = std::tuple(function.evaluate(), table.leastA, table.leastB, table.zeroA, table.zeroB,
                          table.resultZero);
    auto [entry, isNew] = known.try_emplace(std::move(key));
    if (isNew) {
      table.results = std::get<0>(entry->first);
      entry->second = findBilinear(table);
    }
    return entry->second;
  }

private:
  static int64_t leastOf(Value v) { return nn::integerRange(typeOf(v).getElementType()).least; }

  std::map<std::tuple<std::vector<int64_t>, int64_t, int64_t, int64_t, int64_t, int64_t>,
           std::optional<Bilinear>>
      known;
};

/// Whether the floats that `op` rounds stand for integers.
bool readsIntegers(nn::QuantizeOp op, const llvm::DenseSet<Value> &runTime) {
  bool isFound = false; // then there is nothing more to look for
  nn::FloatIsland island(op, [&](OpOperand &read) {
    isFound |= isa<nn::DequantizeOp>(read.getOwner());
    return isFound || !runTime.contains(read.get()) || !isFloat(read.get());
  });
  return isFound;
}

struct ProveElementwise : impl::ProveElementwiseBase<ProveElementwise> {
  void runOnOperation() override {
    llvm::DenseSet<Value> runTime = runTimeValues(getOperation());
    ValueRanges ranges;
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) { ranges.visit(op); });
    for (nn::QuantizeOp op : llvm::to_vector(getOperation().getOps<nn::QuantizeOp>())) {
      op->removeDiscardableAttr(nn::bilinearAttr); // a text may claim anything
      op->removeDiscardableAttr(nn::obstacleAttr);
      if (!runTime.contains(op.getResult()) || !readsIntegers(op, runTime))
        continue;
      IntegerFunction function(op, runTime);
      if (function.obstacle().empty())
        proveBytes(op, function);
      else
        proveWords(op, IntegerFunction(op, runTime, IntegerFunction::Types::Words), ranges);
    }
  }

private:
  /// All pairs of bytes can be looked at.
  void proveBytes(nn::QuantizeOp op, const IntegerFunction &function) {
    if (!constantInteger(op.getZeroPoint()))
      return refuse(op, "its result has several zero points, or one known at run time only");
    if (size_t count = function.sources().size(); count != 2)
      return refuse(op, count < 2 ? "an operand of one number changes the shape" : tooMany(count));
    if (auto form = forms.of(function, *constantInteger(op.getZeroPoint())))
      return nn::setBilinear(op, *form);
    refuse(op, "no weighted sum and no product gives all of its 65536 results");
  }

  /// Pairs of words cannot; a form that follows from the ops serves fewer bits, too.
  void proveWords(nn::QuantizeOp op, const IntegerFunction &function, const ValueRanges &ranges) {
    if (!function.obstacle().empty())
      return refuse(op, function.obstacle());
    if (size_t count = function.sources().size(); count != 2)
      return refuse(op, count < 2 ? "it maps one tensor to another, of which one has not 8 bits"
                                  : tooMany(count));
    std::string why;
    if (auto form = findExactForm(op, function, ranges, why))
      return nn::setBilinear(op, *form);
    refuse(op, "not all of its integers have 8 bits, and " + why);
  }

  static std::string tooMany(size_t count) {
    return "it reads " + std::to_string(count) + " tensors, and forms are searched for two";
  }

  static void refuse(nn::QuantizeOp op, const Twine &why) {
    op->setDiscardableAttr(nn::obstacleAttr, StringAttr::get(op->getContext(), why.str()));
  }

  Forms forms;
};

} // namespace
} // namespace nnc::quantization
