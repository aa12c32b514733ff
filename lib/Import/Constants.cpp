//===- Constants.cpp - Constants ----------------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "NodeImporter.h"

#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

/// ConstantOfShape makes at most this many elements.
static constexpr int64_t maxFilled = int64_t(1) << 28;

static ElementsAttr list(Type element, ArrayRef<char> bytes) {
  int64_t count = bytes.size() / nn::elementByteSize(element);
  return nn::makeElements(RankedTensorType::get(count, element), bytes);
}

template <typename T>
static ArrayRef<char> raw(const T &values) {
  return {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(values[0])};
}

LogicalResult importConstant(NodeImporter &node) {
  Type f32 = node.f32(), i64 = IntegerType::get(f32.getContext(), 64);
  ElementsAttr value;
  if (node.hasAttr("value"))
    value = node.tensorAttr("value");
  else if (node.hasAttr("value_float"))
    value =
        DenseElementsAttr::get(RankedTensorType::get({}, f32), node.floatAttr("value_float", 0));
  else if (node.hasAttr("value_int"))
    value = DenseElementsAttr::get(RankedTensorType::get({}, i64), node.intAttr("value_int", 0));
  else if (node.hasAttr("value_floats"))
    value = list(f32, raw(node.floatsAttr("value_floats")));
  else if (node.hasAttr("value_ints"))
    value = list(i64, raw(node.intsAttr("value_ints")));
  else
    return node.fail("has no value that is supported (strings and sparse tensors are not)");
  return node.hasFailed() ? failure() : node.finish(node.constant(value));
}

LogicalResult importConstantOfShape(NodeImporter &node) {
  SmallVector<int64_t> shape = node.ints(0, "shape");
  ElementsAttr value = node.tensorAttr("value");
  if (node.hasFailed())
    return failure();
  if (std::string problem = shapeProblem(shape); !problem.empty())
    return node.fail("the result " + problem);
  if (ShapedType::getNumElements(shape) > maxFilled)
    return node.fail(formatv("makes more than {0} elements", maxFilled));
  if (value && value.getNumElements() != 1)
    return node.fail("value must have one element");
  if (!value)
    value = DenseElementsAttr::get(RankedTensorType::get({}, node.f32()), 0.0f);
  return node.finish(node.filled(cast<DenseElementsAttr>(value), shape));
}

} // namespace nnc
