//===- ConstantInput.cpp - Values given by -const= ----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ConstantInput.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cmath>
#include <utility>

using namespace llvm;
using namespace mlir;

namespace nnc {

static Expected<std::unique_ptr<MemoryBuffer>> readFile(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError("cannot read '" + path + "': " + buffer.getError().message());
  return std::move(*buffer);
}

static Expected<ElementsAttr> readProto(StringRef path, TensorReader &tensors) {
  auto file = readFile(path);
  if (!file)
    return file.takeError();
  onnx::TensorProto proto;
  if ((*file)->getBufferSize() > INT32_MAX ||
      !proto.ParseFromArray((*file)->getBufferStart(), static_cast<int>((*file)->getBufferSize())))
    return createStringError("'" + path + "' holds no ONNX tensor");
  Expected<ElementsAttr> value = tensors.read(proto, "input");
  if (!value)
    return createStringError("'" + path + "': " + toString(value.takeError()));
  return value;
}

/// The text after `'key':` in the header of an npy file, up to the end.
static StringRef npyField(StringRef header, StringRef key) {
  return header.split(("'" + key + "':").str()).second.ltrim();
}

static Expected<SmallVector<int64_t>> npyShape(StringRef header) {
  SmallVector<int64_t> shape;
  SmallVector<StringRef> parts;
  StringRef text = npyField(header, "shape");
  if (!text.consume_front("("))
    return createStringError("has no shape");
  text.split(')').first.split(parts, ',', -1, /*KeepEmpty=*/false);
  for (StringRef part : parts) {
    if (part.trim().empty())
      continue;
    if (part.trim().getAsInteger(10, shape.emplace_back()))
      return createStringError("has no shape");
  }
  if (std::string problem = shapeProblem(shape); !problem.empty())
    return createStringError(problem);
  return shape;
}

/// numpy's name of the element type, as "<f4".
static StringRef npyDescription(StringRef header) {
  StringRef text = npyField(header, "descr");
  return text.substr(1, text.find('\'', 1) - 1);
}

static Type npyElement(StringRef header, MLIRContext *context) {
  StringRef descr = npyDescription(header);
  for (const nn::ElementType &element : nn::elementTypes())
    if (!descr.empty() && descr == element.npy)
      return element.get(context);
  return {};
}

/// Elements of `size` bytes, of which the first dimension runs fastest, in row-major order.
static std::string rowMajor(StringRef values, ArrayRef<int64_t> shape, size_t size) {
  SmallVector<int64_t> strides, index(shape.size(), 0);
  for (int64_t stride = 1; int64_t extent : shape) {
    strides.push_back(stride);
    stride *= extent;
  }
  std::string sorted(values.size(), '\0');
  int64_t from = 0;
  for (size_t to = 0; to < sorted.size(); to += size) {
    std::memcpy(sorted.data() + to, values.data() + from * size, size);
    for (size_t d = shape.size(); d-- > 0;) { // to the next element
      from += strides[d];
      if (++index[d] < shape[d])
        break;
      from -= strides[d] * std::exchange(index[d], 0);
    }
  }
  return sorted;
}

Expected<ElementsAttr> readNpyBytes(StringRef data, StringRef path, TensorReader &tensors,
                                    MLIRContext *context) {
  auto bad = [&](const Twine &why) { return createStringError("'" + path + "' " + why); };
  // Magic, version, then the header's length in 2 bytes (version 1) or 4.
  if (!data.consume_front("\x93NUMPY") || data.size() < 6)
    return bad("is no npy file");
  auto byte = [&](size_t i) { return static_cast<size_t>(static_cast<uint8_t>(data[i])); };
  size_t lengthBytes = byte(0) == 1 ? 2 : 4, length = 0;
  for (size_t i = lengthBytes; i-- > 0;)
    length = length << 8 | byte(2 + i);
  data = data.drop_front(2 + lengthBytes);
  if (data.size() < length)
    return bad("is no npy file");
  StringRef header = data.take_front(length), values = data.drop_front(length);
  Type element = npyElement(header, context);
  if (!element)
    return bad("holds elements of type '" + npyDescription(header) +
               "', expected little-endian float32, bool or integers of 8 to 64 bits, unsigned ones "
               "of 8 or 16; convert it with numpy's astype");
  Expected<SmallVector<int64_t>> shape = npyShape(header);
  if (!shape)
    return bad(toString(shape.takeError()));
  auto type = RankedTensorType::get(*shape, element);
  size_t size = nn::elementByteSize(element);
  if (values.size() != type.getNumElements() * size)
    return bad("does not hold as many bytes as its shape needs");
  bool isFortran = !npyField(header, "fortran_order").starts_with("False");
  std::string sorted = isFortran ? rowMajor(values, *shape, size) : values.str();
  return tensors.own(type, std::make_unique<std::string>(std::move(sorted)), "input");
}

static Expected<ElementsAttr> readNpy(StringRef path, TensorReader &tensors, MLIRContext *context) {
  auto file = readFile(path);
  if (!file)
    return file.takeError();
  return readNpyBytes((*file)->getBuffer(), path, tensors, context);
}

/// One number that fills more bytes than these stays one number.
static constexpr size_t mostFilled = 16 << 20;

/// One number as the bytes of `element`; false if it is none of that type.
static bool appendNumber(StringRef text, Type element, std::string &bytes) {
  bool valid = false;
  nn::visitElementType(element, [&](auto zero) {
    using T = decltype(zero);
    T value;
    if constexpr (std::is_floating_point_v<T>) {
      double number;
      valid = !text.getAsDouble(number);
      value = static_cast<T>(number);
      // "inf" and "nan" are meant; a number that no T comes near is not.
      valid &= std::isfinite(value) || text.contains_insensitive('n');
    } else if constexpr (std::is_same_v<T, bool>) {
      int64_t number = text == "true";
      valid = text == "true" || text == "false" || !text.getAsInteger(10, number);
      value = number != 0;
    } else {
      valid = !text.getAsInteger(10, value);
    }
    bytes.append(reinterpret_cast<const char *>(&value), sizeof(value));
  });
  return valid;
}

/// The shape that the model states, a single unknown dimension taking `count` elements; else none.
static std::optional<SmallVector<int64_t>> statedShape(const onnx::TypeProto *type, int64_t count) {
  if (!type || !type->tensor_type().has_shape())
    return std::nullopt;
  SmallVector<int64_t> shape;
  for (const auto &dim : type->tensor_type().shape().dim())
    shape.push_back(dim.has_dim_value() && dim.dim_value() >= 0 ? dim.dim_value()
                                                                : ShapedType::kDynamic);
  if (shape.size() == 1 && shape[0] == ShapedType::kDynamic)
    shape[0] = count;
  if (is_contained(shape, ShapedType::kDynamic) || !shapeProblem(shape).empty())
    return std::nullopt;
  return shape;
}

/// `shape` is what -shape and the model say together, if they say all of it.
static Expected<ElementsAttr> readNumbers(StringRef text, const onnx::TypeProto *type,
                                          std::optional<SmallVector<int64_t>> shape,
                                          TensorReader &tensors, MLIRContext *context) {
  Expected<Type> element =
      elementType(type ? type->tensor_type().elem_type() : onnx::TensorProto::FLOAT, context);
  if (!element)
    return element.takeError();
  SmallVector<StringRef> parts;
  text.split(parts, ',');
  std::string bytes;
  for (StringRef part : parts)
    if (!appendNumber(part.trim(), *element, bytes))
      return createStringError("'" + part + "' is not a number of the input's type");
  int64_t count = parts.size();
  if (!shape)
    shape = statedShape(type, count);
  if (!shape)
    shape = count == 1 ? SmallVector<int64_t>() : SmallVector<int64_t>{count};
  auto tensor = RankedTensorType::get(*shape, *element);
  if (count != tensor.getNumElements() && count != 1) // one number fills the tensor
    return createStringError("has " + Twine(count) + " numbers, the input is " + typeText(tensor));
  std::string all;
  const size_t size = tensor.getNumElements() * nn::elementByteSize(*element);
  if (count == 1 && size > mostFilled) {
    auto number = nn::makeElements(RankedTensorType::get({}, *element),
                                   ArrayRef<char>(bytes.data(), bytes.size()));
    return ElementsAttr(cast<DenseElementsAttr>(number).resizeSplat(tensor));
  }
  all.reserve(size);
  while (all.size() < size)
    all += bytes;
  return tensors.own(tensor, std::make_unique<std::string>(std::move(all)), "input");
}

/// The value's type must be what the model states, as far as that is known.
static Error checkType(ElementsAttr value, const onnx::TypeProto *type, MLIRContext *context) {
  if (!type || !type->has_tensor_type())
    return Error::success();
  Expected<Type> element = elementType(type->tensor_type().elem_type(), context);
  if (!element)
    return element.takeError();
  const auto &shape = type->tensor_type().shape();
  ArrayRef<int64_t> found = value.getShapedType().getShape();
  bool fits = *element == value.getElementType();
  if (type->tensor_type().has_shape()) {
    fits &= shape.dim_size() == static_cast<int>(found.size());
    for (int d = 0; fits && d < shape.dim_size(); ++d)
      fits = !shape.dim(d).has_dim_value() || shape.dim(d).dim_value() == found[d];
  }
  if (!fits)
    return createStringError("the value " + typeText(value.getType()) +
                             " contradicts the type in the model");
  return Error::success();
}

Expected<ElementsAttr> readTensorFile(StringRef path, TensorReader &tensors, MLIRContext *context) {
  return path.ends_with(".pb") ? readProto(path, tensors) : readNpy(path, tensors, context);
}

bool isTensorFile(StringRef text) { return text.ends_with(".pb") || text.ends_with(".npy"); }

Expected<ElementsAttr> readConstantInput(StringRef text, const onnx::TypeProto *type,
                                         std::optional<SmallVector<int64_t>> shape,
                                         TensorReader &tensors, MLIRContext *context) {
  if (text.empty())
    return createStringError(
        "the model holds no value for this input; give one: -const=INPUT=VALUE or FILE");
  bool isFile = isTensorFile(text);
  if (isFile)
    tensors.noteRead(text);
  Expected<ElementsAttr> value = isFile
                                     ? readTensorFile(text, tensors, context)
                                     : readNumbers(text, type, std::move(shape), tensors, context);
  if (!value)
    return value;
  if (Error error = checkType(*value, type, context))
    return error;
  return value;
}

} // namespace nnc
