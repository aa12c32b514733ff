//===- ElementTypes.h - What the elements of tensors may be -----*- C++ -*-===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinTypes.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <algorithm>
#include <cstdint>
#include <string>

namespace nnc::nn {

/// An element type by all its names. Integers of fewer than eight bits take one
/// byte an element inside the compiler and in the arena; only ONNX files and
/// the tensors that a caller passes pack them.
struct ElementType {
  enum Kind { Bool, Signed, Unsigned, Float };

  llvm::StringLiteral name;  ///< numpy's and ONNX's: "float32"
  llvm::StringLiteral cType; ///< what holds it in C: "float", "uint8_t"
  llvm::StringLiteral npy;   ///< in the header of .npy files: "<f4"; empty: numpy has none
  int onnx;                  ///< TensorProto.DataType
  unsigned bits;
  Kind kind;

  /// Signed integers and bool are signless types of MLIR, unsigned ones are ui8 and the like.
  mlir::Type get(mlir::MLIRContext *context) const;
  bool isSubByte() const { return kind != Bool && bits < 8; }
};

/// The element types that networks may have, by ONNX's number.
llvm::ArrayRef<ElementType> elementTypes();

/// The entry with this type, number or name; null if there is none.
const ElementType *findElementType(mlir::Type type);
const ElementType *findElementType(int onnx);
const ElementType *findElementType(llvm::StringRef name);

/// "float32, int8, bool": those of `wanted`, a set of bits 1 << ElementType::onnx.
std::string elementTypeList(uint32_t wanted = ~0u);

/// The integers from `least` to `most`, both included.
struct IntegerRange {
  int64_t least = 0, most = 0;

  bool contains(IntegerRange other) const { return least <= other.least && other.most <= most; }
  bool operator==(const IntegerRange &) const = default;
};

/// The smallest range that holds both.
inline IntegerRange hull(IntegerRange a, IntegerRange b) {
  return {std::min(a.least, b.least), std::max(a.most, b.most)};
}

/// The smallest one that holds all products of their numbers.
inline IntegerRange product(IntegerRange a, IntegerRange b) {
  auto [least, most] =
      std::minmax({a.least * b.least, a.least * b.most, a.most * b.least, a.most * b.most});
  return {least, most};
}

/// Those of an integer type of up to 64 bits, of an unsigned one of up to 63; it may be narrower
/// than the C type that holds it.
IntegerRange integerRange(mlir::Type element);

/// Bytes of `count` elements as ONNX packs them: below eight bits several share a byte,
/// the first in the lowest bits.
int64_t packedByteSize(mlir::Type type, int64_t count);
/// One byte an element, sign-extended, from `count` packed ones of `type`, which is below
/// eight bits wide; `packed` has packedByteSize() bytes.
std::string unpackSubByte(llvm::ArrayRef<char> packed, mlir::Type type, int64_t count);

/// The inverse of unpackSubByte(): the low bits of `elements`, zeros behind the last of them.
std::string packSubByte(llvm::ArrayRef<char> elements, mlir::Type type);
/// The bytes that hold the elements of `type`, which are below eight bits wide.
mlir::RankedTensorType packedType(mlir::RankedTensorType type);

/// Calls `fn` with a value of the C++ type that holds elements of `type`; false if there is
/// none. Signless integers are signed, i1 is bool, integers below eight bits take a byte.
template <typename Fn>
bool visitElementType(mlir::Type type, Fn &&fn) {
  if (type.isF32())
    return fn(float()), true;
  if (type.isF64())
    return fn(double()), true;
  if (type.isInteger(1))
    return fn(bool()), true;
  if (!type.isInteger())
    return false;
  bool isUnsigned = type.isUnsignedInteger();
  switch (type.getIntOrFloatBitWidth()) {
  case 2:
  case 4:
  case 8:
    return isUnsigned ? fn(uint8_t()) : fn(int8_t()), true;
  case 16:
    return isUnsigned ? fn(uint16_t()) : fn(int16_t()), true;
  case 32:
    return isUnsigned ? fn(uint32_t()) : fn(int32_t()), true;
  case 64:
    return isUnsigned ? fn(uint64_t()) : fn(int64_t()), true;
  }
  return false;
}

} // namespace nnc::nn
