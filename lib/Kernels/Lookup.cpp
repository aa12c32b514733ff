//===- Lookup.cpp - Tables in registers -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Lookup.h"

#include "IntegerMath.h"
#include "dialects/NN/Values.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using arith::CmpIPredicate;

namespace nnc {

/// Lanes [from, from + lanes) of `v`; lanes beyond its end are any.
static Value slice(KernelEmitter &e, Value v, int64_t from, int64_t lanes) {
  int64_t count = cast<VectorType>(v.getType()).getNumElements();
  SmallVector<int64_t> order;
  for (int64_t i = from; i < from + lanes; ++i)
    order.push_back(i % count);
  return e.builder().create<vector::ShuffleOp>(v, v, order);
}

using nn::isByte;

/// The lanes of one register.
static int64_t lanesOf(KernelEmitter &e, Type type) { return e.lanes() * (isByte(type) ? 4 : 1); }

namespace {

/// An instruction that selects one of the next `numbers` of a table for each lane; nameless: there
/// is none, and each number is one of its own.
struct TableInstruction {
  int64_t numbers;
  StringRef name;
};

} // namespace

static TableInstruction findTableInstruction(const TargetModel &target, bool ofBytes,
                                             int64_t size) {
  if (ofBytes && target.hasBytePermute && target.vectorBits == 512)
    return {128, "llvm.x86.avx512.vpermi2var.qi.512"};
  if (ofBytes && target.hasByteShuffle)
    return {16, target.vectorBits == 512   ? "llvm.x86.avx512.pshuf.b.512"
                : target.vectorBits == 256 ? "llvm.x86.avx2.pshuf.b"
                                           : "llvm.x86.ssse3.pshuf.b.128"};
  if (!ofBytes && target.vectorBits == 512)
    return size > 16 ? TableInstruction{32, "llvm.x86.avx512.vpermi2var.d.512"}
                     : TableInstruction{16, "llvm.x86.avx512.permvar.si.512"};
  if (!ofBytes && target.vectorBits == 256)
    return {8, "llvm.x86.avx2.permd"};
  return {1, ""};
}

/// What `index` selects of as many numbers as `instruction` can, from `from` on.
static Value selectNumber(KernelEmitter &e, const TableInstruction &instruction,
                          ArrayRef<int32_t> table, int64_t from, Value index) {
  auto type = cast<VectorType>(index.getType());
  int64_t lanes = type.getNumElements();
  IntegerMath m(e, type);
  if (instruction.numbers == 1)
    return m.number(table[from]);
  auto part = [&](int64_t first) -> Value { // what is shorter than a register repeats in it
    SmallVector<APInt> numbers;
    for (int64_t i = 0; i < lanes; ++i)
      numbers.emplace_back(type.getElementTypeBitWidth(),
                           static_cast<uint64_t>(table[first + i % instruction.numbers]));
    return e.builder().create<arith::ConstantOp>(DenseElementsAttr::get(type, numbers));
  };
  if (instruction.numbers > lanes)
    return e.intrinsic(instruction.name, type, {part(from), index, part(from + lanes)});
  if (isByte(type)) // a shuffle gives 0 where the highest bit is set
    index = m.bitAnd(index, m.number(instruction.numbers - 1));
  return e.intrinsic(instruction.name, type, {part(from), index});
}

/// One register of indices into a table of 2^n numbers; higher bits of an index than the lowest n
/// are ignored. Of the numbers that the parts of the table give, each further bit takes one half.
static Value lookupRegister(KernelEmitter &e, ArrayRef<int32_t> table, Value index) {
  ImplicitLocOpBuilder &b = e.builder();
  auto size = static_cast<int64_t>(table.size());
  IntegerMath m(e, index.getType());
  TableInstruction instruction = findTableInstruction(e.target(), isByte(index.getType()), size);
  SmallVector<Value> found;
  for (int64_t i = 0; i < size; i += instruction.numbers)
    found.push_back(selectNumber(e, instruction, table, i, index));
  for (int64_t bit = instruction.numbers; bit < size; bit *= 2) {
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
  std::optional<int> bits = isByte(index.getType()) ? std::nullopt : findFactors(table);
  return bits ? lookupFactors(e, table, *bits, index) : lookupRegister(e, table, index);
}

Value emitLookup(nn::LookupOp op, Value index, KernelEmitter &e) {
  ImplicitLocOpBuilder &b = e.builder();
  int64_t lanes = lanesOf(e, index.getType());
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
