//===- ElementTypes.cpp - What the elements of tensors may be -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/NN/ElementTypes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace nnc::nn;

static constexpr ElementType table[] = {
    {"float32", "float", "<f4", 1, 32, ElementType::Float},
    {"uint8", "uint8_t", "|u1", 2, 8, ElementType::Unsigned},
    {"int8", "int8_t", "|i1", 3, 8, ElementType::Signed},
    {"uint16", "uint16_t", "<u2", 4, 16, ElementType::Unsigned},
    {"int16", "int16_t", "<i2", 5, 16, ElementType::Signed},
    {"int32", "int32_t", "<i4", 6, 32, ElementType::Signed},
    {"int64", "int64_t", "<i8", 7, 64, ElementType::Signed},
    {"bool", "uint8_t", "|b1", 9, 1, ElementType::Bool},
    {"uint4", "uint8_t", "", 21, 4, ElementType::Unsigned},
    {"int4", "uint8_t", "", 22, 4, ElementType::Signed},
    {"uint2", "uint8_t", "", 25, 2, ElementType::Unsigned},
    {"int2", "uint8_t", "", 26, 2, ElementType::Signed},
};

llvm::ArrayRef<ElementType> nnc::nn::elementTypes() { return table; }

Type ElementType::get(MLIRContext *context) const {
  if (kind == Float)
    return Float32Type::get(context);
  return IntegerType::get(context, bits,
                          kind == Unsigned ? IntegerType::Unsigned : IntegerType::Signless);
}

template <typename Fn>
static const ElementType *find(Fn &&matches) {
  const auto *it = llvm::find_if(table, matches);
  return it == std::end(table) ? nullptr : it;
}

const ElementType *nnc::nn::findElementType(Type type) {
  // Signed integers are signless; `si8` is no element type.
  if (!type || !(type.isF32() || type.isSignlessInteger() || type.isUnsignedInteger()))
    return nullptr;
  bool isUnsigned = type.isUnsignedInteger(), isFloat = type.isF32();
  return find([&](const ElementType &e) {
    return e.bits == type.getIntOrFloatBitWidth() && (e.kind == ElementType::Float) == isFloat &&
           (e.kind == ElementType::Unsigned) == isUnsigned;
  });
}

const ElementType *nnc::nn::findElementType(int onnx) {
  return find([&](const ElementType &e) { return e.onnx == onnx; });
}

const ElementType *nnc::nn::findElementType(llvm::StringRef name) {
  return find([&](const ElementType &e) { return e.name == name; });
}

std::string nnc::nn::elementTypeList(uint32_t wanted) {
  std::string text;
  for (const ElementType &e : table)
    if (wanted >> e.onnx & 1)
      text += (text.empty() ? "" : ", ") + e.name.str();
  return text;
}

IntegerRange nnc::nn::integerRange(Type element) {
  unsigned bits = element.getIntOrFloatBitWidth();
  if (element.isUnsignedInteger())
    return {0, llvm::maxIntN(bits + 1)};
  return {llvm::minIntN(bits), llvm::maxIntN(bits)};
}

int64_t nnc::nn::packedByteSize(Type type, int64_t count) {
  unsigned bits = type.getIntOrFloatBitWidth();
  return type.isInteger(1) ? count : llvm::divideCeil(count * bits, 8);
}

std::string nnc::nn::unpackSubByte(llvm::ArrayRef<char> packed, Type type, int64_t count) {
  unsigned bits = type.getIntOrFloatBitWidth(), perByte = 8 / bits;
  std::string bytes(count, '\0');
  for (int64_t i = 0; i < count; ++i) {
    uint32_t field = static_cast<uint8_t>(packed[i / perByte]) >> (i % perByte * bits);
    uint32_t value = field & ((1u << bits) - 1);
    bytes[i] = type.isUnsignedInteger() ? value : llvm::SignExtend32(value, bits);
  }
  return bytes;
}

std::string nnc::nn::packSubByte(llvm::ArrayRef<char> elements, Type type) {
  unsigned bits = type.getIntOrFloatBitWidth(), perByte = 8 / bits;
  std::string bytes(packedByteSize(type, elements.size()), '\0');
  for (auto [i, element] : llvm::enumerate(elements))
    bytes[i / perByte] |= (element & ((1 << bits) - 1)) << (i % perByte * bits);
  return bytes;
}

RankedTensorType nnc::nn::packedType(RankedTensorType type) {
  int64_t bytes = packedByteSize(type.getElementType(), type.getNumElements());
  return RankedTensorType::get({bytes},
                               IntegerType::get(type.getContext(), 8, IntegerType::Unsigned));
}
