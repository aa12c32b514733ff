//===- Constants.cpp - Reading constants in rewrites ----------- -----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Constants.h"

using namespace mlir;

namespace nnc::graph {

FloatView::FloatView(ElementsAttr value) {
  ArrayRef<char> raw;
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    if (AsmResourceBlob *blob = resource.getRawHandle().getBlob())
      raw = blob->getData();
  } else {
    expanded = nn::elementBytes(value);
    raw = expanded;
  }
  elements = {reinterpret_cast<const float *>(raw.data()), raw.size() / sizeof(float)};
}

nn::ConstantOp floatConstant(Value value) {
  auto constant = value.getDefiningOp<nn::ConstantOp>();
  return constant && constant.getType().getElementType().isF32() ? constant : nn::ConstantOp();
}

std::optional<float> splatValue(Value value) {
  nn::ConstantOp constant = floatConstant(value);
  if (!constant || constant.getType().getNumElements() == 0)
    return std::nullopt;
  FloatView view(constant.getValue());
  float first = view.values().front();
  if (!llvm::all_of(view.values(), [&](float v) { return v == first; }))
    return std::nullopt;
  return first;
}

std::optional<std::vector<float>> perChannel(Value value, ArrayRef<int64_t> shape,
                                             int64_t channel) {
  nn::ConstantOp constant = floatConstant(value);
  if (!constant || constant.getType().getRank() > static_cast<int64_t>(shape.size()))
    return std::nullopt;
  int64_t lead = shape.size() - constant.getType().getRank();
  for (auto [d, size] : llvm::enumerate(constant.getType().getShape()))
    if (size != 1 && (lead + static_cast<int64_t>(d) != channel || size != shape[channel]))
      return std::nullopt;
  FloatView view(constant.getValue());
  if (view.values().empty())
    return std::nullopt;
  std::vector<float> values(view.values().begin(), view.values().end());
  if (values.size() == 1)
    values.resize(shape[channel], values.front());
  return values;
}

std::pair<Operation *, Value> contractionAndOther(Operation *binary) {
  for (unsigned at : {0u, 1u}) {
    Operation *contraction = binary->getOperand(at).getDefiningOp();
    if (contraction && contraction->hasTrait<nn::Contraction>())
      return {contraction, binary->getOperand(1 - at)};
  }
  return {};
}

BlobScope::BlobScope(ModuleOp module) : module(module), before(used()) {}

BlobScope::~BlobScope() {
  llvm::SmallPtrSet<Entry *, 32> after = used();
  for (Entry *entry : before)
    if (!after.contains(entry))
      entry->setBlob({});
}

llvm::SmallPtrSet<BlobScope::Entry *, 32> BlobScope::used() const {
  llvm::SmallPtrSet<Entry *, 32> entries;
  ModuleOp(module)->walk([&](nn::ConstantOp constant) {
    if (auto resource = dyn_cast<DenseResourceElementsAttr>(constant.getValue()))
      entries.insert(resource.getRawHandle().getResource());
  });
  return entries;
}

} // namespace nnc::graph
