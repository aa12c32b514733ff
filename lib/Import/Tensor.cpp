//===- Tensor.cpp - ONNX tensors and types ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Tensor.h"

#include "mlir/IR/DialectResourceBlobManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using namespace mlir;
using onnx::TensorProto;

namespace nnc {

std::string dataTypeName(int32_t dataType) {
  // Types younger than the protobuf classes that we are built with are listed, too.
  static constexpr StringLiteral names[] = {
      "undefined",      "float32",  "uint8",        "int8",           "uint16",
      "int16",          "int32",    "int64",        "string",         "bool",
      "float16",        "float64",  "uint32",       "uint64",         "complex64",
      "complex128",     "bfloat16", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2",
      "float8e5m2fnuz", "uint4",    "int4",         "float4e2m1",     "float8e8m0",
      "uint2",          "int2"};
  if (dataType < 0 || dataType >= static_cast<int32_t>(std::size(names)))
    return ("number " + Twine(dataType)).str();
  return names[dataType].str();
}

std::string typeText(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  std::string text;
  raw_string_ostream os(text);
  if (tensor.getElementType().isInteger(1))
    os << "bool";
  else
    os << tensor.getElementType();
  os << '[';
  interleave(tensor.getShape(), os, ",");
  os << ']';
  return text;
}

Expected<Type> elementType(int32_t dataType, MLIRContext *context) {
  if (const nn::ElementType *element = nn::findElementType(dataType))
    return element->get(context);
  return createStringError("element type " + dataTypeName(dataType) + " is not supported (" +
                           nn::elementTypeList() + " are)");
}

Expected<RankedTensorType> TensorReader::type(const TensorProto &tensor) {
  Expected<Type> element = elementType(tensor.data_type(), context);
  if (!element)
    return element.takeError();
  ArrayRef<int64_t> shape(tensor.dims().data(), tensor.dims_size());
  if (std::string problem = shapeProblem(shape); !problem.empty())
    return createStringError("tensor " + problem);
  if (tensor.has_segment())
    return createStringError("segmented tensors are not supported");
  return RankedTensorType::get(shape, *element);
}

/// The typed field's values as raw bytes of `Stored`; the field's memory is freed.
template <typename Stored, typename T>
static std::unique_ptr<std::string> pack(google::protobuf::RepeatedField<T> *field) {
  google::protobuf::RepeatedField<T> values;
  values.Swap(field);
  auto bytes = std::make_unique<std::string>(values.size() * sizeof(Stored), '\0');
  for (auto [i, value] : enumerate(values)) {
    auto stored = static_cast<Stored>(value);
    std::memcpy(bytes->data() + i * sizeof(Stored), &stored, sizeof(Stored));
  }
  return bytes;
}

/// The first number of int32_data that the tensor's type cannot hold. Bytes of several elements
/// below eight bits are written with or without a sign.
static std::optional<int32_t> firstOutOfRange(const TensorProto &tensor,
                                              const nn::ElementType &element) {
  if (tensor.has_raw_data() || element.kind == nn::ElementType::Float || element.bits >= 32)
    return std::nullopt;
  unsigned bits = std::max(element.bits, 8u);
  bool hasSign = element.kind == nn::ElementType::Signed || element.isSubByte();
  bool hasNone = element.kind != nn::ElementType::Signed || element.isSubByte();
  int32_t least = hasSign ? -(1 << (bits - 1)) : 0, most = (1 << (hasNone ? bits : bits - 1)) - 1;
  for (int32_t value : tensor.int32_data())
    if (value < least || value > most)
      return value;
  return std::nullopt;
}

/// How many bytes takeBytes takes.
static int64_t heldBytes(const TensorProto &tensor) {
  if (tensor.has_raw_data())
    return tensor.raw_data().size();
  switch (tensor.data_type()) {
  case TensorProto::FLOAT:
    return tensor.float_data_size() * int64_t(sizeof(float));
  case TensorProto::INT64:
    return tensor.int64_data_size() * int64_t(sizeof(int64_t));
  default:
    return tensor.int32_data_size() *
           std::max<int64_t>(1, nn::findElementType(tensor.data_type())->bits / 8);
  }
}

Error TensorReader::check(const TensorProto &tensor) {
  Expected<RankedTensorType> type = this->type(tensor);
  if (!type)
    return type.takeError();
  if (tensor.data_location() == TensorProto::EXTERNAL)
    return Error::success();
  const nn::ElementType &element = *nn::findElementType(tensor.data_type());
  if (auto value = firstOutOfRange(tensor, element))
    return createStringError(
        formatv("tensor {0} holds {1}, which is no {2}", typeText(*type), *value, element.name));
  int64_t size = nn::packedByteSize(type->getElementType(), type->getNumElements());
  if (heldBytes(tensor) != size)
    return createStringError(formatv("tensor {0} needs {1} bytes, the model has {2}",
                                     typeText(*type), size, heldBytes(tensor)));
  return Error::success();
}

/// The bytes that the model file itself holds; the tensor is left without them.
static std::unique_ptr<std::string> takeBytes(TensorProto &tensor) {
  if (tensor.has_raw_data())
    return std::unique_ptr<std::string>(tensor.release_raw_data());
  switch (tensor.data_type()) {
  case TensorProto::FLOAT:
    return pack<float>(tensor.mutable_float_data());
  case TensorProto::INT64:
    return pack<int64_t>(tensor.mutable_int64_data());
  default:
    break;
  }
  // All narrower integers and bool; several elements below eight bits make one byte first.
  auto *field = tensor.mutable_int32_data();
  switch (nn::findElementType(tensor.data_type())->bits) {
  case 32:
    return pack<int32_t>(field);
  case 16:
    return pack<int16_t>(field);
  default:
    return pack<int8_t>(field);
  }
}

Expected<ElementsAttr> TensorReader::read(TensorProto &tensor, StringRef nameHint) {
  if (Error error = check(tensor))
    return std::move(error);
  Expected<RankedTensorType> type = this->type(tensor);
  if (!type)
    return type.takeError();
  Type element = type->getElementType();
  int64_t count = type->getNumElements(), size = nn::packedByteSize(element, count);
  if (tensor.data_location() == TensorProto::EXTERNAL) {
    Expected<Mapped> mapped = external(tensor, size);
    if (!mapped)
      return mapped.takeError();
    if (nn::findElementType(element)->isSubByte())
      return own(*type,
                 std::make_unique<std::string>(nn::unpackSubByte(mapped->bytes, element, count)),
                 nameHint);
    return share(*type, std::move(*mapped), nameHint);
  }
  std::unique_ptr<std::string> bytes = takeBytes(tensor);
  if (nn::findElementType(element)->isSubByte())
    *bytes = nn::unpackSubByte(ArrayRef(bytes->data(), bytes->size()), element, count);
  return own(*type, std::move(bytes), nameHint);
}

ElementsAttr TensorReader::own(RankedTensorType type, std::unique_ptr<std::string> bytes,
                               StringRef nameHint) {
  if (type.getElementType().isInteger(1) || type.getNumElements() <= nn::smallConstantElements)
    return nn::makeElements(type, ArrayRef(bytes->data(), bytes->size()), nameHint);
  ArrayRef<char> data(bytes->data(), bytes->size());
  return blob(
      type, data, [kept = std::move(bytes)](void *, size_t, size_t) mutable { kept.reset(); },
      nameHint);
}

ElementsAttr TensorReader::share(RankedTensorType type, Mapped mapped, StringRef nameHint) {
  auto address = reinterpret_cast<uintptr_t>(mapped.bytes.data());
  bool aligned = address % nn::elementByteSize(type.getElementType()) == 0;
  if (!aligned || type.getElementType().isInteger(1) ||
      type.getNumElements() <= nn::smallConstantElements)
    return own(type, std::make_unique<std::string>(mapped.bytes.begin(), mapped.bytes.end()),
               nameHint);
  return blob(
      type, mapped.bytes,
      [kept = std::move(mapped.file)](void *, size_t, size_t) mutable { kept.reset(); }, nameHint);
}

ElementsAttr TensorReader::blob(RankedTensorType type, ArrayRef<char> data,
                                AsmResourceBlob::DeleterFn deleter, StringRef nameHint) {
  size_t align = nn::elementByteSize(type.getElementType());
  return DenseResourceElementsAttr::get(
      type, nn::contentKey(nameHint, data),
      AsmResourceBlob(data, align, std::move(deleter), /*dataIsMutable=*/false));
}

} // namespace nnc
