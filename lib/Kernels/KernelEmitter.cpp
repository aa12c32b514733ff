//===- KernelEmitter.cpp - The vocabulary that kernels are written in ----------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Kernels/KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace nnc {

Type registerType(Type element) {
  auto integer = dyn_cast<IntegerType>(element);
  if (!integer || integer.isSignlessInteger(1))
    return element;
  return IntegerType::get(element.getContext(), std::max(integer.getWidth(), 8u));
}

Type sameLanes(Type type, Type element) {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? Type(VectorType::get(vector.getShape(), element)) : element;
}

KernelEmitter::KernelEmitter(OpBuilder &builder, Location loc, const TargetModel &target)
    : b(loc, builder), model(target) {}

//===----------------------------------------------------------------------===//
// Integers and constants
//===----------------------------------------------------------------------===//

Value KernelEmitter::constant(int64_t value) {
  return b.create<arith::ConstantOp>(b.getI64IntegerAttr(value));
}

Value KernelEmitter::add(Value a, Value c) { return b.createOrFold<arith::AddIOp>(a, c); }
Value KernelEmitter::add(Value a, int64_t c) { return c == 0 ? a : add(a, constant(c)); }
Value KernelEmitter::mul(Value a, int64_t c) {
  return c == 1 ? a : b.createOrFold<arith::MulIOp>(a, constant(c));
}

Type KernelEmitter::vectorType(Type element, int64_t lanes) {
  return VectorType::get(lanes, registerType(element));
}

/// A constant of `type` with `scalar` as each element.
static Value splatConstant(ImplicitLocOpBuilder &b, Type type, Attribute scalar) {
  if (auto vector = dyn_cast<VectorType>(type))
    return b.create<arith::ConstantOp>(DenseElementsAttr::get(vector, scalar));
  return b.create<arith::ConstantOp>(cast<TypedAttr>(scalar));
}

Value KernelEmitter::splat(Type type, double value) {
  Type element = getElementTypeOrSelf(type);
  if (!isa<FloatType>(element))
    return splatInteger(type, static_cast<int64_t>(value));
  return splatConstant(b, type, b.getFloatAttr(element, value));
}

Value KernelEmitter::splatInteger(Type type, int64_t value) {
  return splatConstant(b, type, b.getIntegerAttr(getElementTypeOrSelf(type), value));
}

Value KernelEmitter::splat(Type type, Value scalar) {
  return isa<VectorType>(type) ? b.create<vector::BroadcastOp>(type, scalar).getResult() : scalar;
}

Value KernelEmitter::intrinsic(StringRef name, Type type, ValueRange operands) {
  return b.create<LLVM::CallIntrinsicOp>(type, b.getStringAttr(name), operands).getResult(0);
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

ValueRange KernelEmitter::loop(Value from, Value to, int64_t step, ValueRange init, LoopBody body) {
  auto op = b.create<scf::ForOp>(from, to, constant(step), init,
                                 [](OpBuilder &, Location, Value, ValueRange) {});
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToEnd(op.getBody());
  SmallVector<Value> next = body(op.getInductionVar(), op.getRegionIterArgs());
  b.create<scf::YieldOp>(next);
  return op.getResults();
}

void KernelEmitter::loop(int64_t from, int64_t to, int64_t step, function_ref<void(Value)> body) {
  if (from >= to)
    return;
  if (from + step >= to)
    return body(constant(from));
  loop(constant(from), constant(to), step, {}, [&](Value index, ValueRange) {
    body(index);
    return SmallVector<Value>();
  });
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

/// bool stands in memory as one byte.
static Type storageType(OpBuilder &b, Type element) {
  return element.isInteger(1) ? b.getI8Type() : registerType(element);
}

Value KernelEmitter::pointer(Value base, Type element, Value offset) {
  return b.create<LLVM::GEPOp>(base.getType(), storageType(b, element), base, ValueRange{offset},
                               /*inbounds=*/true);
}

static Value prefixMask(ImplicitLocOpBuilder &b, int64_t lanes, int64_t active) {
  SmallVector<bool> bits(lanes, false);
  std::fill_n(bits.begin(), active, true);
  return b.create<arith::ConstantOp>(
      DenseElementsAttr::get(VectorType::get(lanes, b.getI1Type()), bits));
}

/// From memory to register form and back: bytes become bits.
static Value fromStorage(ImplicitLocOpBuilder &b, Value v, bool isBool) {
  if (!isBool)
    return v;
  Value zero = b.create<arith::ConstantOp>(b.getZeroAttr(v.getType()));
  return b.create<arith::CmpIOp>(arith::CmpIPredicate::ne, v, zero);
}

static Value toStorage(ImplicitLocOpBuilder &b, Value v) {
  Type type = v.getType();
  if (!getElementTypeOrSelf(type).isInteger(1))
    return v;
  Type bytes = b.getI8Type();
  if (auto vector = dyn_cast<VectorType>(type))
    bytes = VectorType::get(vector.getShape(), bytes);
  return b.create<arith::ExtUIOp>(bytes, v);
}

static unsigned byteAlignment(Type element) {
  return llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
}

/// Without mask registers only f32 has masked moves whose extent the checker
/// can read off; the few integers of a tail are moved one by one.
static bool movesOneByOne(const TargetModel &model, Type element) {
  return !model.hasMaskRegisters && !element.isF32();
}

Value KernelEmitter::loadVector(Value base, Type element, Value offset, int64_t lanes,
                                int64_t active) {
  Type stored = storageType(b, element);
  auto type = VectorType::get(lanes, stored);
  if (active < lanes && movesOneByOne(model, element)) {
    Value vector = splat(vectorType(element, lanes), 0.0);
    for (int64_t i = 0; i < active; ++i)
      vector = b.create<vector::InsertOp>(loadScalar(base, element, add(offset, i)), vector, i);
    return vector;
  }
  Value at = pointer(base, element, offset);
  unsigned align = byteAlignment(stored);
  Value v = active == lanes ? b.create<LLVM::LoadOp>(type, at, align).getResult()
                            : b.create<LLVM::MaskedLoadOp>(type, at, prefixMask(b, lanes, active),
                                                           ValueRange{splat(type, 0.0)}, align)
                                  .getResult();
  return fromStorage(b, v, element.isInteger(1));
}

Value KernelEmitter::loadScalar(Value base, Type element, Value offset) {
  Type stored = storageType(b, element);
  Value v = b.create<LLVM::LoadOp>(stored, pointer(base, element, offset), byteAlignment(stored));
  return fromStorage(b, v, element.isInteger(1));
}

void KernelEmitter::storeVector(Value value, Value base, Value offset, int64_t active) {
  auto type = cast<VectorType>(value.getType());
  Type element = type.getElementType();
  if (active < type.getNumElements() && movesOneByOne(model, element)) {
    for (int64_t i = 0; i < active; ++i)
      storeScalar(b.create<vector::ExtractOp>(value, i), base, add(offset, i));
    return;
  }
  Value at = pointer(base, element, offset), stored = toStorage(b, value);
  unsigned align = byteAlignment(element);
  if (active == type.getNumElements())
    b.create<LLVM::StoreOp>(stored, at, align);
  else
    b.create<LLVM::MaskedStoreOp>(stored, at, prefixMask(b, type.getNumElements(), active), align);
}

void KernelEmitter::storeScalar(Value value, Value base, Value offset) {
  Type element = value.getType();
  b.create<LLVM::StoreOp>(toStorage(b, value), pointer(base, element, offset),
                          byteAlignment(element));
}

//===----------------------------------------------------------------------===//
// Halo
//===----------------------------------------------------------------------===//

namespace {

/// A box of elements: from[d] <= index[d] < to[d].
struct Box {
  SmallVector<int64_t> from, to;
};

} // namespace

/// The halo as disjoint boxes: dimension d's two sides, with the dimensions
/// before it inside the tensor and those after it over their full extent.
static SmallVector<Box> haloBoxes(ArrayRef<int64_t> shape, plan::LayoutAttr layout) {
  SmallVector<Box> boxes;
  for (int64_t d = 0, rank = shape.size(); d < rank; ++d)
    for (bool high : {false, true}) {
      if ((high ? layout.highHalo(d) : layout.lowHalo(d)) == 0)
        continue;
      Box box;
      for (int64_t i = 0; i < rank; ++i) {
        box.from.push_back(i < d ? 0 : -layout.lowHalo(i));
        box.to.push_back(i < d ? shape[i] : shape[i] + layout.highHalo(i));
      }
      (high ? box.from[d] : box.to[d]) = high ? shape[d] : 0;
      boxes.push_back(box);
    }
  return boxes;
}

void KernelEmitter::fillHalo(Value base, RankedTensorType type, plan::LayoutAttr layout) {
  if (!layout.hasHalo())
    return;
  Type element = storageType(b, type.getElementType());
  // Dimensions from the widest stride to the narrowest; the last one is filled by vectors.
  SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
  llvm::stable_sort(
      order, [&](int64_t x, int64_t y) { return layout.getStrides()[x] > layout.getStrides()[y]; });
  for (const Box &box : haloBoxes(type.getShape(), layout)) {
    std::function<void(size_t, Value)> nest = [&](size_t depth, Value offset) {
      int64_t d = order[depth], stride = layout.getStrides()[d];
      int64_t from = box.from[d], to = box.to[d];
      if (depth + 1 < order.size()) {
        loop(from, to, 1, [&](Value i) { nest(depth + 1, add(offset, mul(i, stride))); });
        return;
      }
      int64_t width = stride == 1 ? std::min<int64_t>(lanes(), to - from) : 1;
      Type vector = VectorType::get(width, element);
      Value fill =
          isa<FloatType>(element) ? splat(vector, 0.0) : splatInteger(vector, layout.getFill());
      int64_t whole = from + (to - from) / width * width;
      loop(from, whole, width,
           [&](Value i) { storeVector(fill, base, add(offset, mul(i, stride)), width); });
      if (whole < to)
        storeVector(fill, base, add(offset, constant(whole * stride)), to - whole);
    };
    nest(0, constant(0));
  }
}

} // namespace nnc
