//===- KernelTable.cpp - Equal kernels are one symbol ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "KernelTable.h"

#include "GroupAttributes.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace nnc::schedule {

/// "conv3x3_relu": what the body computes, in at most four words.
static std::string kernelName(nn::FusedOp group, size_t number) {
  std::string name = "k" + std::to_string(number);
  SmallVector<std::string> words;
  for (Operation &op : group.getBody().front().without_terminator()) {
    if (isa<nn::ConstantOp, nn::Floor0Op>(op))
      continue;
    std::string word = op.getName().stripDialect().str();
    if (auto conv = dyn_cast<nn::ConvOp>(op)) {
      auto window = cast<RankedTensorType>(conv.getFilter().getType()).getShape().drop_front(2);
      word = (conv.isDepthwise() ? "depthwise" : "conv") +
             llvm::join(llvm::map_range(window, [](int64_t n) { return std::to_string(n); }), "x");
    }
    if (words.size() < 4 && (words.empty() || words.back() != word))
      words.push_back(word);
  }
  if (words.empty())
    words.push_back("copy");
  return name + "_" + llvm::join(words, "_");
}

FlatSymbolRefAttr KernelTable::symbolFor(nn::FusedOp group) {
  std::string key;
  {
    llvm::raw_string_ostream os(key);
    for (StringRef attribute : {algorithmAttr, tileAttr, operandsAttr, resultsAttr})
      os << group->getAttr(attribute) << '\n';
    // Locations are no part of it: two nodes that compute alike share a kernel.
    os << group.getBody().front().getArgumentTypes().size();
    for (Type type : group.getBody().front().getArgumentTypes())
      os << type << ',';
    os << group->getResultTypes() << '\n';
    OpPrintingFlags flags;
    flags.useLocalScope().assumeVerified();
    AsmState state(group, flags);
    for (Operation &op : group.getBody().front()) {
      op.print(os, state);
      os << '\n';
    }
  }
  auto [entry, isNew] = known.try_emplace(key);
  if (!isNew)
    return entry->second;
  OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
  if (last)
    builder.setInsertionPointAfter(last);
  auto kernel = builder.create<plan::KernelOp>(group.getLoc(), kernelName(group, known.size() - 1),
                                               group->getAttrOfType<StringAttr>(algorithmAttr),
                                               group->getAttrOfType<DictionaryAttr>(tileAttr),
                                               group->getAttrOfType<ArrayAttr>(operandsAttr),
                                               group->getAttrOfType<ArrayAttr>(resultsAttr));
  kernel.getBody().takeBody(group.getBody());
  group.getBody().emplaceBlock(); // the group is erased with its function
  last = kernel;
  symbols.insert(kernel, kernel->getIterator());
  entry->second = FlatSymbolRefAttr::get(kernel.getSymNameAttr());
  return entry->second;
}

} // namespace nnc::schedule
