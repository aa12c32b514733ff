//===- Movement.cpp - NumericSpec 7: bits are copied ---------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ElementTypes.h"
#include "Ops.h"
#include "RowWalk.h"

#include <cstring>

using namespace mlir;
using namespace nnc;
using namespace nnc::interpreter;

/// out's elements in row-major order are x's from `origin` on, with these strides.
static Tensor copyStrided(const Tensor &x, int64_t origin, const SmallVector<int64_t> &strides,
                          RankedTensorType type) {
  Tensor out(type);
  RowWalk<1> walk(type.getShape(), {strides});
  visitWidth(out.getElementSize(), [&](auto zero) {
    using T = decltype(zero);
    const T *from = x.elements<T>().data() + origin;
    T *to = out.mutableElements<T>().data();
    walk.forEachRow([&](int64_t first, auto at, int64_t count, auto step) {
      for (int64_t i = 0; i < count; ++i)
        to[first + i] = from[at[0] + i * step[0]];
    });
  });
  return out;
}

Tensor nnc::interpreter::transpose(const Tensor &x, ArrayRef<int64_t> permutation,
                                   RankedTensorType type) {
  SmallVector<int64_t> from = rowMajorStrides(x.getShape()), strides;
  for (int64_t d : permutation)
    strides.push_back(from[d]);
  return copyStrided(x, 0, strides, type);
}

Tensor nnc::interpreter::broadcast(const Tensor &x, RankedTensorType type) {
  return copyStrided(x, 0, broadcastStrides(x.getShape(), type.getShape()), type);
}

Tensor nnc::interpreter::slice(const Tensor &x, ArrayRef<int64_t> starts, ArrayRef<int64_t> steps,
                               RankedTensorType type) {
  if (type.getNumElements() == 0)
    return Tensor(type);
  SmallVector<int64_t> strides = rowMajorStrides(x.getShape());
  int64_t origin = 0;
  for (size_t d = 0; d < strides.size(); ++d) {
    origin += starts[d] * strides[d];
    strides[d] *= steps[d];
  }
  return copyStrided(x, origin, strides, type);
}

Tensor nnc::interpreter::concat(ArrayRef<Tensor> inputs, int64_t axis, RankedTensorType type) {
  Tensor out(type);
  if (out.getNumElements() == 0)
    return out;
  // Everything from the axis on is one run of bytes in each input.
  int64_t outer = ShapedType::getNumElements(type.getShape().take_front(axis));
  char *to = out.mutableBytes().data();
  for (int64_t o = 0; o < outer; ++o)
    for (const Tensor &input : inputs) {
      int64_t run = input.bytes().size() / outer;
      std::memcpy(to, input.bytes().data() + o * run, run);
      to += run;
    }
  return out;
}

/// The input index that stands at `at` (possibly outside) of a dimension; -1 for the pad's value.
static int64_t paddedSource(int64_t at, int64_t size, nn::PadMode mode) {
  if (at >= 0 && at < size)
    return at;
  switch (mode) {
  case nn::PadMode::Constant:
    return -1;
  case nn::PadMode::Reflect:
    return at < 0 ? -at : 2 * (size - 1) - at;
  case nn::PadMode::Edge:
    return at < 0 ? 0 : size - 1;
  case nn::PadMode::Wrap:
    return at < 0 ? at + size : at - size;
  }
  llvm_unreachable("all modes are listed");
}

/// The raw bits of a pad's value.
static uint64_t padBits(Attribute value) {
  if (auto number = dyn_cast<FloatAttr>(value))
    return number.getValue().bitcastToAPInt().getZExtValue();
  return ::cast<IntegerAttr>(value).getValue().getZExtValue();
}

Tensor nnc::interpreter::pad(nn::PadOp op, const Tensor &x) {
  Tensor out(op.getType());
  SmallVector<int64_t> strides = rowMajorStrides(x.getShape());
  visitWidth(out.getElementSize(), [&](auto zero) {
    using T = decltype(zero);
    T outside = static_cast<T>(padBits(op.getValue()));
    const T *from = x.elements<T>().data();
    T *to = out.mutableElements<T>().data();
    forEachIndex(out.getShape(), [&](ArrayRef<int64_t> index) {
      int64_t position = 0;
      bool isInside = true;
      for (size_t d = 0; d < index.size(); ++d) {
        int64_t at = paddedSource(index[d] - op.getLow()[d], x.getShape()[d], op.getMode());
        isInside &= at >= 0;
        position += at * strides[d];
      }
      *to++ = isInside ? from[position] : outside;
    });
  });
  return out;
}

Tensor nnc::interpreter::gather(const Tensor &data, const Tensor &indices, int64_t axis,
                                RankedTensorType type) {
  Tensor out(type);
  if (out.getNumElements() == 0)
    return out;
  ArrayRef<int64_t> shape = data.getShape();
  int64_t outer = ShapedType::getNumElements(shape.take_front(axis)), size = shape[axis];
  int64_t run = data.bytes().size() / (outer * size); // bytes behind the axis
  char *to = out.mutableBytes().data();
  visitElementType(indices.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    for (int64_t o = 0; o < outer; ++o)
      for (T index : indices.elements<T>()) {
        int64_t i = static_cast<int64_t>(index);
        i = i < 0 ? i + size : i;
        i = i < 0 ? 0 : i > size - 1 ? size - 1 : i;
        std::memcpy(to, data.bytes().data() + (o * size + i) * run, run);
        to += run;
      }
  });
  return out;
}

// NumericSpec 7: element i stands in the bits from i * width on, counted from the lowest bit of
// the first byte.

Tensor nnc::interpreter::unpack(const Tensor &x, RankedTensorType type) {
  Tensor out(type);
  int64_t width = type.getElementTypeBitWidth(), values = int64_t(1) << width;
  bool isSigned = !type.getElementType().isUnsignedInteger();
  for (int64_t i = 0; i < out.getNumElements(); ++i) {
    uint8_t byte = x.elements<uint8_t>()[i * width / 8];
    int64_t value = (byte >> (i * width % 8)) % values;
    out.mutableBytes()[i] =
        static_cast<char>(isSigned && value >= values / 2 ? value - values : value);
  }
  return out;
}

Tensor nnc::interpreter::pack(const Tensor &x, RankedTensorType type) {
  Tensor out(type);
  int64_t width = x.getType().getElementTypeBitWidth(), values = int64_t(1) << width;
  for (int64_t i = 0; i < x.getNumElements(); ++i) {
    int64_t value = (x.elements<int8_t>()[i] + values) % values;
    out.mutableElements<uint8_t>()[i * width / 8] += static_cast<uint8_t>(value << (i * width % 8));
  }
  return out;
}
