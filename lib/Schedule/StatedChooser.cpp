//===- StatedChooser.cpp - Candidates written on groups -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Schedule/Passes.h"

using namespace mlir;

namespace nnc {

static LayoutNeed readNeed(DictionaryAttr stated) {
  LayoutNeed need;
  if (auto unit = stated.getAs<IntegerAttr>("unit"))
    need.unitDim = unit.getInt();
  if (auto low = stated.getAs<DenseI64ArrayAttr>("low"))
    need.low.assign(low.asArrayRef().begin(), low.asArrayRef().end());
  if (auto high = stated.getAs<DenseI64ArrayAttr>("high"))
    need.high.assign(high.asArrayRef().begin(), high.asArrayRef().end());
  need.packed = stated.getAs<plan::LayoutAttr>("packed");
  need.rowMajor = stated.contains("row_major");
  return need;
}

static SmallVector<LayoutNeed> readNeeds(DictionaryAttr stated, StringRef name, size_t count) {
  SmallVector<LayoutNeed> needs(count);
  if (auto list = stated.getAs<ArrayAttr>(name))
    for (auto [need, text] : llvm::zip(needs, list))
      need = readNeed(cast<DictionaryAttr>(text));
  return needs;
}

std::vector<Candidate> StatedChooser::candidates(nn::FusedOp group) const {
  size_t inputs = group.getInputs().size(), results = group.getResults().size();
  std::vector<Candidate> found;
  auto stated = group->getAttrOfType<ArrayAttr>("plan.candidates");
  if (!stated) {
    Candidate any{"any", {}, {}, {}, 0, {}};
    any.operands.resize(inputs);
    any.results.resize(results);
    any.mayAlias.assign(inputs, true);
    found.push_back(any);
    return found;
  }
  for (auto text : stated.getAsRange<DictionaryAttr>()) {
    Candidate &candidate = found.emplace_back();
    candidate.algorithm = text.getAs<StringAttr>("algorithm").str();
    candidate.tile = text.getAs<DictionaryAttr>("tile");
    candidate.operands = readNeeds(text, "operands", inputs);
    candidate.results = readNeeds(text, "results", results);
    if (auto cycles = text.getAs<FloatAttr>("cycles"))
      candidate.cycles = cycles.getValueAsDouble();
    candidate.mayAlias.assign(inputs, false);
    if (auto alias = text.getAs<DenseBoolArrayAttr>("alias"))
      candidate.mayAlias.assign(alias.asArrayRef().begin(), alias.asArrayRef().end());
  }
  return found;
}

DictionaryAttr StatedChooser::completeTile(plan::KernelOp kernel) const { return kernel.getTile(); }

} // namespace nnc
