//===- Tensor.cpp - A tensor's type and bytes ----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Interpreter/Tensor.h"

#include "dialects/NN/NNOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"

#include <cstring>
#include <new>

using namespace mlir;
using namespace nnc::interpreter;

/// What every target may assume of a tensor's memory, and vector loads like.
static constexpr std::align_val_t alignment{64};

static size_t byteSize(RankedTensorType type) {
  return type.getNumElements() * nnc::nn::elementByteSize(type.getElementType());
}

Tensor::Tensor(RankedTensorType type) : type(type) {
  size_t size = byteSize(type);
  owned = std::shared_ptr<char>(static_cast<char *>(::operator new(size, alignment)),
                                [](char *p) { ::operator delete(p, alignment); });
  std::memset(owned.get(), 0, size);
  data = owned.get();
}

Tensor::Tensor(RankedTensorType type, ArrayRef<char> bytes) : Tensor(type) {
  assert(bytes.size() == byteSize(type));
  std::copy(bytes.begin(), bytes.end(), owned.get());
}

Tensor Tensor::fromElements(ElementsAttr value) {
  auto type = cast<RankedTensorType>(value.getType());
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(value)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    if (reinterpret_cast<uintptr_t>(blob->getData().data()) %
            nn::elementByteSize(type.getElementType()) ==
        0) {
      Tensor tensor;
      tensor.type = type;
      tensor.data = blob->getData().data();
      return tensor;
    }
  }
  return Tensor(type, nn::elementBytes(value));
}

ElementsAttr Tensor::toElements(StringRef nameHint) const {
  if (!owned || type.getElementType().isInteger(1) ||
      type.getNumElements() <= nn::smallConstantElements)
    return nn::makeElements(type, bytes(), nameHint);
  // The blob keeps this memory: weights are large, a copy of one would be felt.
  AsmResourceBlob blob(
      bytes(), nn::elementByteSize(type.getElementType()),
      [kept = owned](void *, size_t, size_t) mutable { kept.reset(); }, /*dataIsMutable=*/false);
  return DenseResourceElementsAttr::get(type, nn::contentKey(nameHint, bytes()), std::move(blob));
}

int64_t Tensor::getElementSize() const { return nn::elementByteSize(getElementType()); }

ArrayRef<char> Tensor::bytes() const { return {data, type ? byteSize(type) : 0}; }

MutableArrayRef<char> Tensor::mutableBytes() {
  assert(owned && "constants are not written");
  return {owned.get(), byteSize(type)};
}

Tensor Tensor::withType(RankedTensorType other) const {
  assert(byteSize(other) == byteSize(type));
  Tensor tensor(*this);
  tensor.type = other;
  return tensor;
}
