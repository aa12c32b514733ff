//===- Tabulate.cpp - Functions of one byte as tables -------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "../IntegerFunction.h"
#include "dialects/NN/CommonRewrites.h"
#include "dialects/NN/ElementTypes.h"
#include "nnc/Quantization/Passes.h"

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_TABULATE
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// `results` of the values of a byte from the least on, in the order of `nn.lookup`.
SmallVector<int32_t> tableOf(ArrayRef<int64_t> results, Type element) {
  SmallVector<int32_t> table(results.size());
  int64_t least = nn::integerRange(element).least;
  for (auto [i, result] : llvm::enumerate(results))
    table[(least + static_cast<int64_t>(i)) & 255] = static_cast<int32_t>(result);
  return table;
}

/// Bounds to which `results` clip the values of a byte, if they do that only.
std::optional<std::pair<int64_t, int64_t>> clipOf(ArrayRef<int64_t> results, Type element) {
  int64_t least = nn::integerRange(element).least;
  auto [low, high] = std::minmax_element(results.begin(), results.end());
  for (auto [i, result] : llvm::enumerate(results))
    if (result != std::clamp(least + static_cast<int64_t>(i), *low, *high))
      return std::nullopt;
  return std::pair(*low, *high);
}

/// The simplest op on integers that is `function`; null where that has no values.
Value replacement(OpBuilder &b, nn::QuantizeOp op, const IntegerFunction &function) {
  Value source = function.sources().front().tensor;
  std::vector<int64_t> results = function.evaluate();
  if (results.empty())
    return {};
  Location loc = b.getFusedLoc(
      llvm::map_to_vector(function.operations(), [](Operation *o) { return o->getLoc(); }));
  Type element = typeOf(source).getElementType();
  auto clip = source.getType() == op.getType() ? clipOf(results, element) : std::nullopt;
  if (!clip)
    return b.create<nn::LookupOp>(loc, op.getType(), source, tableOf(results, element));
  auto [least, most] = nn::integerRange(element);
  if (*clip == std::pair(least, most))
    return source;
  return b.create<nn::ClipOp>(loc, op.getType(), source,
                              cast<TypedAttr>(b.getIntegerAttr(element, clip->first)),
                              cast<TypedAttr>(b.getIntegerAttr(element, clip->second)));
}

struct Tabulate : impl::TabulateBase<Tabulate> {
  using TabulateBase::TabulateBase;

  void runOnOperation() override {
    if (profile != Profile::ORT)
      return;
    llvm::DenseSet<Value> runTime = runTimeValues(getOperation());
    for (nn::QuantizeOp op : llvm::to_vector(getOperation().getOps<nn::QuantizeOp>())) {
      if (!runTime.contains(op.getResult()))
        continue; // weights
      IntegerFunction function(op, runTime);
      if (!function.obstacle().empty() || function.sources().size() != 1 || function.changesShape())
        continue;
      OpBuilder b(op);
      Value q = replacement(b, op, function);
      if (!q)
        continue;
      runTime.insert(q);
      op.replaceAllUsesWith(q);
    }
    nn::eraseDeadOps(getOperation());
  }
};

} // namespace
} // namespace nnc::quantization
