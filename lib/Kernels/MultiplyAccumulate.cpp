//===- MultiplyAccumulate.cpp - What one step of a contraction does -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "MultiplyAccumulate.h"

#include "FloatMath.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace nnc {

//===----------------------------------------------------------------------===//
// Which form
//===----------------------------------------------------------------------===//

/// Is every value of `type` one of a signed word?
static bool fitsWord(Type type) {
  return isa<IntegerType>(type) &&
         type.getIntOrFloatBitWidth() + (type.isUnsignedInteger() ? 1 : 0) <= 16;
}

MultiplyAccumulate::Form MultiplyAccumulate::choose(Type lhs, Type rhs, const TargetModel &target,
                                                    Neighbours neighbours) {
  if (isa<FloatType>(lhs))
    return Form::Fma;
  if (neighbours == Neighbours::Both && target.hasByteDotProduct && lhs.isUnsignedInteger(8) &&
      rhs.isSignlessInteger(8))
    return Form::Quads;
  if (target.hasWordPairs && fitsWord(lhs) && fitsWord(rhs))
    return neighbours == Neighbours::None ? Form::Single : Form::Pairs;
  return Form::Wide;
}

MultiplyAccumulate::MultiplyAccumulate(Form form, Type lhs, Type rhs, KernelEmitter &emitter)
    : form(form), lhs(lhs), rhs(rhs), e(emitter) {}

Type MultiplyAccumulate::accumulator() const {
  return form == Form::Fma ? lhs : Type(e.builder().getI32Type());
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

/// Integers `v`, of nn type `nnElement`, in `bits` bits each.
Value MultiplyAccumulate::widen(Value v, Type nnElement, unsigned bits) {
  Type element = e.builder().getIntegerType(bits);
  if (getElementTypeOrSelf(v.getType()) == element)
    return v;
  auto vector = dyn_cast<VectorType>(v.getType());
  Type to = vector ? Type(VectorType::get(vector.getShape(), element)) : element;
  return nnElement.isUnsignedInteger() ? e.builder().create<arith::ExtUIOp>(to, v).getResult()
                                       : e.builder().create<arith::ExtSIOp>(to, v).getResult();
}

/// The bits of `v` as lanes of `bits` bits.
Value MultiplyAccumulate::asLanes(Value v, unsigned bits) {
  auto vector = cast<VectorType>(v.getType());
  int64_t all = vector.getNumElements() * vector.getElementTypeBitWidth();
  return e.builder().create<LLVM::BitcastOp>(
      VectorType::get(all / bits, e.builder().getIntegerType(bits)), v);
}

Value MultiplyAccumulate::loadWeights(Value base, Value offset, int64_t lanes, int64_t active) {
  int64_t g = group();
  Value v = e.loadVector(base, rhs, offset, lanes * g, active * g);
  switch (form) {
  case Form::Fma:
    return v;
  case Form::Quads:
    return asLanes(v, 32);
  case Form::Pairs:
    return widen(v, rhs, 16);
  case Form::Single:
  case Form::Wide:
    return widen(v, rhs, 32);
  }
  llvm_unreachable("all forms are listed");
}

Value MultiplyAccumulate::loadRows(Value base, Value offset, int64_t pitch, int64_t taken,
                                   int64_t lanes, int64_t active) {
  auto row = [&](int64_t k) {
    return widen(e.loadVector(base, rhs, e.add(offset, k * pitch), lanes, active), rhs, 16);
  };
  Value first = row(0);
  Value second = taken > 1 ? row(1) : e.splatInteger(first.getType(), 0);
  SmallVector<int64_t> order; // one of each, and so on
  for (int64_t i = 0; i < lanes; ++i)
    order.append({i, lanes + i});
  return e.builder().create<vector::ShuffleOp>(first, second, order);
}

/// Single words for pmaddwd: their upper halves must be 0, or they would be multiplied too.
Value MultiplyAccumulate::lhsLanes(Value v) {
  if (form == Form::Fma)
    return v;
  if (form == Form::Wide)
    return widen(v, lhs, 32);
  Value word = widen(v, lhs, 16);
  Type element = e.builder().getI32Type();
  auto vector = dyn_cast<VectorType>(word.getType());
  Type to = vector ? Type(VectorType::get(vector.getShape(), element)) : element;
  return e.builder().create<arith::ExtUIOp>(to, word);
}

Value MultiplyAccumulate::loadVector(Value base, Value offset, int64_t lanes, int64_t active) {
  return lhsLanes(e.loadVector(base, lhs, offset, lanes, active));
}

Value MultiplyAccumulate::broadcast(Value base, Value offset, int64_t taken, int64_t lanes) {
  ImplicitLocOpBuilder &b = e.builder();
  if (group() == 1) {
    Value x = lhsLanes(e.loadScalar(base, lhs, offset));
    return e.splat(VectorType::get(lanes, x.getType()), x);
  }
  unsigned bits = lhs.getIntOrFloatBitWidth();
  int64_t g = group();
  Type groupType = b.getIntegerType(bits * g);
  Value together;
  if (taken == g) {
    together = b.create<LLVM::LoadOp>(groupType, e.pointer(base, lhs, offset), bits / 8);
  } else { // what lies behind must not be read
    for (int64_t i = 0; i < taken; ++i) {
      Value x = b.create<arith::ExtUIOp>(groupType, e.loadScalar(base, lhs, e.add(offset, i)));
      if (i)
        x = b.create<arith::ShLIOp>(x, e.splatInteger(groupType, i * bits));
      together = together ? b.create<arith::OrIOp>(together, x).getResult() : x;
    }
  }
  Value all = e.splat(VectorType::get(lanes, groupType), together);
  return form == Form::Quads ? all : widen(asLanes(all, bits), lhs, 16);
}

//===----------------------------------------------------------------------===//
// The instruction
//===----------------------------------------------------------------------===//

/// Products of words, added in pairs. Narrow vectors are widened to a register.
static Value wordPairs(KernelEmitter &e, Value x, Value w, Type sums) {
  int64_t bits = cast<VectorType>(sums).getNumElements() * 32;
  StringRef name = bits == 512   ? "llvm.x86.avx512.pmaddw.d.512"
                   : bits == 256 ? "llvm.x86.avx2.pmadd.wd"
                                 : "llvm.x86.sse2.pmadd.wd";
  return e.intrinsic(name, sums, {x, w});
}

Value MultiplyAccumulate::accumulate(Value x, Value w, Value sum) {
  ImplicitLocOpBuilder &b = e.builder();
  Type type = sum.getType();
  int64_t bits = cast<VectorType>(type).getNumElements() * 32;
  switch (form) {
  case Form::Fma:
    return FloatMath(e, type).fma(x, w, sum);
  case Form::Quads:
    return e.intrinsic(("llvm.x86.avx512.vpdpbusd." + Twine(bits)).str(), type, {sum, x, w});
  case Form::Pairs:
    return b.create<arith::AddIOp>(sum, wordPairs(e, x, w, type));
  case Form::Single:
    return b.create<arith::AddIOp>(sum, wordPairs(e, asLanes(x, 16), asLanes(w, 16), type));
  case Form::Wide:
    return b.create<arith::AddIOp>(sum, b.create<arith::MulIOp>(x, w));
  }
  llvm_unreachable("all forms are listed");
}

} // namespace nnc
