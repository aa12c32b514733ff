//===- LoopNest.cpp - Loops over a box of elements -----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LoopNest.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace nnc {

//===----------------------------------------------------------------------===//
// Order and merging
//===----------------------------------------------------------------------===//

/// Dimensions of more than one element, widest stride of the first access first.
static SmallVector<int64_t> walkingOrder(ArrayRef<int64_t> sizes, const Access &first) {
  SmallVector<int64_t> order;
  for (auto [d, size] : llvm::enumerate(sizes))
    if (size != 1)
      order.push_back(d);
  llvm::stable_sort(order, [&](int64_t a, int64_t b) {
    return std::abs(first.strides[a]) > std::abs(first.strides[b]);
  });
  return order;
}

LoopNest::LoopNest(KernelEmitter &emitter, ArrayRef<int64_t> allSizes, std::vector<Access> all,
                   bool byElement)
    : emitter(emitter), byElement(byElement), accesses(std::move(all)) {
  SmallVector<int64_t> order = walkingOrder(allSizes, accesses.front());
  std::vector<SmallVector<int64_t>> strides(accesses.size());
  for (int64_t d : order) {
    // A dimension continues the one before it if every access steps on without a gap.
    bool continues = !sizes.empty();
    for (auto [merged, access] : llvm::zip(strides, accesses))
      continues &= !merged.empty() && merged.back() == access.strides[d] * allSizes[d];
    if (continues) {
      sizes.back() *= allSizes[d];
      for (auto [merged, access] : llvm::zip(strides, accesses))
        merged.back() = access.strides[d];
      continue;
    }
    sizes.push_back(allSizes[d]);
    for (auto [merged, access] : llvm::zip(strides, accesses))
      merged.push_back(access.strides[d]);
  }
  if (sizes.empty()) { // one element, or none
    sizes.push_back(ShapedType::getNumElements(allSizes));
    for (auto &merged : strides)
      merged.push_back(1);
  }
  for (auto [merged, access] : llvm::zip(strides, accesses))
    access.strides = merged;
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

SmallVector<Value> LoopNest::advance(ArrayRef<Value> offsets, size_t depth, Value index) {
  SmallVector<Value> next;
  for (auto [offset, access] : llvm::zip(offsets, accesses)) {
    int64_t stride = access.strides[depth];
    next.push_back(stride == 0 ? offset : emitter.add(offset, emitter.mul(index, stride)));
  }
  return next;
}

void LoopNest::emitFrom(size_t depth, ArrayRef<Value> offsets,
                        function_ref<void(const Lane &)> body) {
  int64_t size = sizes[depth];
  if (depth + 1 < sizes.size()) {
    emitter.loop(0, size, 1,
                 [&](Value i) { emitFrom(depth + 1, advance(offsets, depth, i), body); });
    return;
  }
  // Never a vector of one: LLVM would make scalars of it, and branches of their selects.
  int64_t lanes =
      std::min<int64_t>(emitter.lanes(), std::max<int64_t>(4, llvm::PowerOf2Ceil(size)));
  if (byElement)
    lanes = 1;
  int64_t whole = size / lanes * lanes;
  emitter.loop(0, whole, lanes, [&](Value i) {
    body(Lane{advance(offsets, depth, i), lanes, lanes});
  });
  if (whole < size)
    body(Lane{advance(offsets, depth, emitter.constant(whole)), lanes, size - whole});
}

void LoopNest::emit(function_ref<void(const Lane &)> body) {
  if (llvm::is_contained(sizes, 0))
    return;
  SmallVector<Value> offsets;
  for (const Access &access : accesses)
    offsets.push_back(emitter.constant(access.offset));
  emitFrom(0, offsets, body);
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

Value loadStrided(KernelEmitter &emitter, Value base, Type element, Value offset, int64_t stride,
                  int64_t lanes, int64_t active) {
  auto type = VectorType::get(lanes, element);
  if (stride == 1)
    return emitter.loadVector(base, element, offset, lanes, active);
  if (stride == 0)
    return emitter.splat(type, emitter.loadScalar(base, element, offset));
  Value vector = emitter.splat(type, 0.0);
  for (int64_t lane = 0; lane < active; ++lane) {
    Value scalar = emitter.loadScalar(base, element, emitter.add(offset, lane * stride));
    vector = emitter.builder().create<vector::InsertOp>(scalar, vector, lane);
  }
  return vector;
}

void storeStrided(KernelEmitter &emitter, Value value, Value base, Value offset, int64_t stride,
                  int64_t active) {
  if (stride == 1)
    return emitter.storeVector(value, base, offset, active);
  for (int64_t lane = 0; lane < active; ++lane) {
    Value scalar = emitter.builder().create<vector::ExtractOp>(value, lane);
    emitter.storeScalar(scalar, base, emitter.add(offset, lane * stride));
  }
}

Value LoopNest::load(unsigned i, const Lane &lane) {
  return loadStrided(emitter, accesses[i].base, accesses[i].element, lane.offsets[i], laneStride(i),
                     lane.lanes, lane.active);
}

void LoopNest::store(Value value, unsigned i, const Lane &lane) {
  storeStrided(emitter, value, accesses[i].base, lane.offsets[i], laneStride(i), lane.active);
}

Access broadcastAccess(Value base, RankedTensorType type, plan::LayoutAttr layout,
                       ArrayRef<int64_t> shape) {
  Access access{base, registerType(type.getElementType()), 0,
                SmallVector<int64_t>(shape.size(), 0)};
  size_t lead = shape.size() - type.getRank();
  for (auto [d, size] : llvm::enumerate(type.getShape()))
    if (size != 1)
      access.strides[lead + d] = layout.getStrides()[d];
  return access;
}

} // namespace nnc
