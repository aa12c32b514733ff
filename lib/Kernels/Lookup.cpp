//===- Lookup.cpp - Tables in registers -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lookup.h"

#include "IntegerMath.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace nnc {

/// Lanes [from, from + lanes) of `v`; lanes beyond its end are any.
static Value slice(KernelEmitter &e, Value v, int64_t from, int64_t lanes) {
  int64_t count = cast<VectorType>(v.getType()).getNumElements();
  SmallVector<int64_t> order;
  for (int64_t i = from; i < from + lanes; ++i)
    order.push_back(std::min(i, count - 1));
  return e.builder().create<vector::ShuffleOp>(v, v, order);
}

/// One register of indices into a table whose size is a power of two; of an index that many low
/// bits count. Each permutation looks up in as many numbers as registers hold (AVX-512: two
/// registers); bit by bit of the index one half of what was found is taken.
static Value lookupRegister(KernelEmitter &e, ArrayRef<int32_t> table, Value index) {
  ImplicitLocOpBuilder &b = e.builder();
  auto type = cast<VectorType>(index.getType());
  int64_t lanes = type.getNumElements(), size = static_cast<int64_t>(table.size());
  unsigned bits = e.target().vectorBits;
  IntegerMath m(e, type);
  auto part = [&](int64_t from) -> Value {
    return b.create<arith::ConstantOp>(
        DenseElementsAttr::get(type, table.slice(static_cast<size_t>(from), lanes)));
  };
  SmallVector<Value> found;
  int64_t each = bits >= 256 ? lanes : 1;
  if (bits == 512 && size > lanes)
    each = 2 * lanes;
  for (int64_t i = 0; i < size; i += each) {
    if (each == 1)
      found.push_back(m.number(table[i]));
    else if (each > lanes)
      found.push_back(
          e.intrinsic("llvm.x86.avx512.vpermi2var.d.512", type, {part(i), index, part(i + lanes)}));
    else
      found.push_back(
          e.intrinsic(bits == 512 ? "llvm.x86.avx512.permvar.si.512" : "llvm.x86.avx2.permd", type,
                      {part(i), index}));
  }
  for (int64_t bit = each; bit < size; bit *= 2) {
    Value isSet =
        b.create<arith::CmpIOp>(CmpIPredicate::ne, m.bitAnd(index, m.number(bit)), m.number(0));
    for (size_t i = 0; i < found.size() / 2; ++i)
      found[i] = b.create<arith::SelectOp>(isSet, found[2 * i + 1], found[2 * i]);
    found.resize(found.size() / 2);
  }
  return found.front();
}

/// The number that the table counts in, 2^bits, if its elements are the rounded products of those
/// whose index has no low and no high four bits: exponentials are. Else none.
static std::optional<int> findFactors(ArrayRef<int32_t> table) {
  if (table[0] < 2 || !llvm::isPowerOf2_32(static_cast<uint32_t>(table[0])))
    return std::nullopt;
  auto bits = static_cast<int>(llvm::Log2_32(static_cast<uint32_t>(table[0])));
  for (size_t i = 0; i < table.size(); ++i) {
    int64_t coarse = table[i & 0xF0], fine = table[i & 0x0F];
    if (coarse < 0 || fine < 0 || (coarse * fine + (table[0] / 2)) >> bits != table[i])
      return std::nullopt;
  }
  return bits;
}

static Value lookupFactors(KernelEmitter &e, ArrayRef<int32_t> table, int bits, Value index) {
  SmallVector<int32_t> coarse;
  for (size_t i = 0; i < table.size(); i += 16)
    coarse.push_back(table[i]);
  IntegerMath narrow(e, index.getType());
  Value high = lookupRegister(e, coarse, narrow.shr(index, narrow.number(4))),
        low = lookupRegister(e, table.take_front(16), index);
  WideLanes lanes(e, index.getType());
  IntegerMath m(e, lanes.type());
  SmallVector<Value> products;
  for (unsigned i = 0; i < lanes.parts(); ++i) {
    Value product = m.mul(lanes.part(high, i, false), lanes.part(low, i, false));
    products.push_back(m.shr(m.add(product, m.number(table[0] / 2)), m.number(bits)));
  }
  return lanes.low(products);
}

static Value lookupPart(KernelEmitter &e, ArrayRef<int32_t> table, Value index) {
  std::optional<int> bits = findFactors(table);
  return bits ? lookupFactors(e, table, *bits, index) : lookupRegister(e, table, index);
}

Value emitLookup(nn::LookupOp op, Value index, KernelEmitter &e) {
  ImplicitLocOpBuilder &b = e.builder();
  int64_t lanes = e.lanes();
  auto vector = dyn_cast<VectorType>(index.getType());
  if (!vector) {
    Value wide = e.splat(VectorType::get(lanes, index.getType()), index);
    return b.create<vector::ExtractOp>(lookupPart(e, op.getTable(), wide), 0);
  }
  SmallVector<Value> parts;
  for (int64_t from = 0; from < vector.getNumElements(); from += lanes)
    parts.push_back(lookupPart(e, op.getTable(), slice(e, index, from, lanes)));
  Value all = parts.front();
  for (size_t i = 1; i < parts.size(); ++i) {
    int64_t have = static_cast<int64_t>(i) * lanes;
    SmallVector<int64_t> order = llvm::to_vector(llvm::seq<int64_t>(0, have));
    llvm::append_range(order, llvm::seq<int64_t>(have, have + lanes));
    Value next = slice(e, parts[i], 0, have);
    all = b.create<vector::ShuffleOp>(all, next, order);
  }
  return slice(e, all, 0, vector.getNumElements());
}

} // namespace nnc
