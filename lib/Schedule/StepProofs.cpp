//===- StepProofs.cpp - What was proved goes from ops to steps ------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "StepProofs.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace nnc::schedule {

/// The interval that holds both; either may be null.
static Attribute hull(Attribute a, Attribute b) {
  auto x = dyn_cast_or_null<DenseIntElementsAttr>(a), y = dyn_cast_or_null<DenseIntElementsAttr>(b);
  if (!x || !y)
    return x ? a : b;
  auto i = x.getValues<int64_t>(), j = y.getValues<int64_t>();
  return DenseElementsAttr::get(x.getType(),
                                ArrayRef<int64_t>{std::min(i[0], j[0]), std::max(i[1], j[1])});
}

/// What is known of floats that `op` rounds, if they were integers before.
static DictionaryAttr takeIsland(nn::QuantizeOp op) {
  NamedAttrList known;
  if (Attribute form = op->removeDiscardableAttr(nn::bilinearAttr))
    known.append("bilinear", form);
  if (Attribute obstacle = op->removeDiscardableAttr(nn::obstacleAttr))
    known.append("obstacle", obstacle);
  return known.getDictionary(op->getContext());
}

NamedAttrList takeProofs(nn::FusedOp group) {
  Builder b(group.getContext());
  Attribute partialSums;
  SmallVector<Attribute> requantizations, islands;
  for (Operation &op : group.getBody().front()) {
    partialSums = hull(partialSums, op.removeDiscardableAttr(nn::partialSumsAttr));
    if (auto quantize = dyn_cast<nn::QuantizeOp>(op))
      islands.push_back(takeIsland(quantize));
    if (!nn::isRequantization(&op))
      continue;
    NamedAttrList proved;
    if (Attribute accumulators = op.removeDiscardableAttr(nn::accumulatorsAttr))
      proved.append("accumulators", accumulators);
    if (Attribute affine = op.removeDiscardableAttr(nn::affineAttr))
      proved.append("affine", affine);
    requantizations.push_back(proved.getDictionary(b.getContext()));
  }
  NamedAttrList proofs;
  if (partialSums)
    proofs.append(nn::partialSumsAttr, partialSums);
  if (!requantizations.empty())
    proofs.append(nn::requantizationsAttr, b.getArrayAttr(requantizations));
  auto isKnown = [](Attribute island) { return !cast<DictionaryAttr>(island).empty(); };
  if (llvm::any_of(islands, isKnown))
    proofs.append(nn::islandsAttr, b.getArrayAttr(islands));
  return proofs;
}

} // namespace nnc::schedule
