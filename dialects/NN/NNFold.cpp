//===- NNFold.cpp - Folding of small integer tensors ---------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shapes are computed by small integer graphs; the importer must know their
// values while it builds, so these fold at once; so do the few float ops that
// some exporters put in between and that do not round. All else is folded by
// the Graph stage, with the interpreter; test/Interpreter/folds.mlir holds the
// two against each other.
//
//===----------------------------------------------------------------------===//
#include "dialects/NN/ElementTypes.h"
#include "dialects/NN/NNOps.h"

#include <cmath>

using namespace mlir;
using namespace nnc::nn;

namespace {

/// A small integer or bool tensor as numbers.
struct Small {
  RankedTensorType type;
  SmallVector<int64_t> values; // row-major
};

} // namespace

static std::optional<Small> small(Attribute attribute) {
  auto dense = dyn_cast_or_null<DenseIntElementsAttr>(attribute);
  if (!dense || dense.getNumElements() > smallConstantElements)
    return std::nullopt;
  auto type = cast<RankedTensorType>(dense.getType());
  if (type.getElementType().isUnsignedInteger(64)) // no shape is one, and int64_t does not hold it
    return std::nullopt;
  Small s{type, {}};
  bool isBool = type.getElementType().isInteger(1);
  bool isUnsigned = type.getElementType().isUnsignedInteger();
  for (const APInt &v : dense.getValues<APInt>())
    s.values.push_back(isBool || isUnsigned ? v.getZExtValue() : v.getSExtValue());
  return s;
}

static Attribute makeSmall(RankedTensorType type, ArrayRef<int64_t> values) {
  unsigned width = type.getElementTypeBitWidth();
  SmallVector<APInt> out;
  for (int64_t v : values)
    out.push_back(APInt(64, v, true).trunc(width));
  return DenseElementsAttr::get(type, out);
}

static bool foldable(RankedTensorType type) {
  return type.getElementType().isInteger() && type.getNumElements() <= smallConstantElements;
}

/// Calls `fn` with the index of every element of `shape`, row-major.
static void forEachIndex(ArrayRef<int64_t> shape, function_ref<void(ArrayRef<int64_t>)> fn) {
  int64_t count = ShapedType::getNumElements(shape);
  SmallVector<int64_t> index(shape.size());
  for (int64_t flat = 0; flat < count; ++flat) {
    int64_t rest = flat;
    for (size_t d = shape.size(); d-- > 0; rest /= shape[d])
      index[d] = rest % shape[d];
    fn(index);
  }
}

/// The row-major position in `shape` of an index of a tensor it broadcasts to.
static int64_t position(ArrayRef<int64_t> shape, ArrayRef<int64_t> index) {
  int64_t at = 0;
  size_t lead = index.size() - shape.size();
  for (auto [d, size] : llvm::enumerate(shape))
    at = at * size + (size == 1 ? 0 : index[lead + d]);
  return at;
}

template <typename Fn>
static OpFoldResult foldBinary(RankedTensorType type, ArrayRef<Attribute> operands, Fn fn) {
  auto a = small(operands[0]), b = small(operands[1]);
  if (!a || !b || !foldable(type) || type.getElementType().isInteger(1)) // no arithmetic on bools
    return {};
  SmallVector<int64_t> out;
  forEachIndex(type.getShape(), [&](ArrayRef<int64_t> index) {
    out.push_back(fn(a->values[position(a->type.getShape(), index)],
                     b->values[position(b->type.getShape(), index)]));
  });
  return makeSmall(type, out);
}

/// The elements of a small f32 tensor.
static std::optional<SmallVector<float>> smallFloats(Attribute attribute) {
  auto dense = dyn_cast_or_null<DenseFPElementsAttr>(attribute);
  if (!dense || !dense.getElementType().isF32() || dense.getNumElements() > smallConstantElements)
    return std::nullopt;
  return llvm::to_vector(dense.getValues<float>());
}

/// Picks one of two floats for each element.
template <typename Fn>
static OpFoldResult foldChoice(RankedTensorType type, ArrayRef<Attribute> operands, Fn fn) {
  auto a = smallFloats(operands[0]), b = smallFloats(operands[1]);
  if (!a || !b || type.getNumElements() > smallConstantElements)
    return {};
  SmallVector<float> out;
  forEachIndex(type.getShape(), [&](ArrayRef<int64_t> index) {
    out.push_back(
        fn((*a)[position(cast<ElementsAttr>(operands[0]).getShapedType().getShape(), index)],
           (*b)[position(cast<ElementsAttr>(operands[1]).getShapedType().getShape(), index)]));
  });
  return DenseElementsAttr::get(type, ArrayRef<float>(out));
}

// Unsigned arithmetic wraps; signed overflow would be undefined.
static int64_t wrap(uint64_t v) { return static_cast<int64_t>(v); }

OpFoldResult AddOp::fold(FoldAdaptor a) {
  return foldBinary(getType(), a.getOperands(), [](uint64_t x, uint64_t y) { return wrap(x + y); });
}
OpFoldResult SubOp::fold(FoldAdaptor a) {
  return foldBinary(getType(), a.getOperands(), [](uint64_t x, uint64_t y) { return wrap(x - y); });
}
OpFoldResult MulOp::fold(FoldAdaptor a) {
  return foldBinary(getType(), a.getOperands(), [](uint64_t x, uint64_t y) { return wrap(x * y); });
}
OpFoldResult DivOp::fold(FoldAdaptor a) {
  // NumericSpec: x / 0 = 0, and the least integer over -1 wraps.
  return foldBinary(getType(), a.getOperands(), [](int64_t x, int64_t y) -> int64_t {
    return y == 0 ? 0 : (y == -1 ? wrap(0 - static_cast<uint64_t>(x)) : x / y);
  });
}
OpFoldResult MinOp::fold(FoldAdaptor a) {
  if (isa<FloatType>(getType().getElementType()))
    return foldChoice(getType(), a.getOperands(), [](float x, float y) { return x < y ? x : y; });
  return foldBinary(getType(), a.getOperands(), [](int64_t x, int64_t y) { return x < y ? x : y; });
}
OpFoldResult MaxOp::fold(FoldAdaptor a) {
  if (isa<FloatType>(getType().getElementType()))
    return foldChoice(getType(), a.getOperands(), [](float x, float y) { return x > y ? x : y; });
  return foldBinary(getType(), a.getOperands(), [](int64_t x, int64_t y) { return x > y ? x : y; });
}
OpFoldResult PowOp::fold(FoldAdaptor) { return {}; }

OpFoldResult SelectOp::fold(FoldAdaptor adaptor) {
  auto c = small(adaptor.getCondition()), t = small(adaptor.getOnTrue()),
       f = small(adaptor.getOnFalse());
  if (!c || !t || !f || !foldable(getType()))
    return {};
  SmallVector<int64_t> out;
  forEachIndex(getType().getShape(), [&](ArrayRef<int64_t> index) {
    bool take = c->values[position(c->type.getShape(), index)];
    const Small &from = take ? *t : *f;
    out.push_back(from.values[position(from.type.getShape(), index)]);
  });
  return makeSmall(getType(), out);
}

/// Truncates, saturates, takes NaN to the least integer (NumericSpec); 32 or 64 bits.
static int64_t truncate(float x, Type element) {
  auto [least, most] = integerRange(element);
  double end = -static_cast<double>(least); // a power of two
  if (x >= end)
    return most;
  return x > -end ? static_cast<int64_t>(x) : least;
}

/// Between integers or bools and f32; int64 to f32 rounds to nearest even as the hardware does.
static OpFoldResult foldFloatCast(RankedTensorType from, RankedTensorType to, Attribute operand) {
  if (auto in = small(operand); in && to.getElementType().isF32()) {
    SmallVector<float> out(
        llvm::map_range(in->values, [](int64_t v) { return static_cast<float>(v); }));
    return DenseElementsAttr::get(to, ArrayRef<float>(out));
  }
  auto in = smallFloats(operand);
  Type element = to.getElementType();
  if (!in ||
      !(element.isInteger(1) || element.isSignlessInteger(32) || element.isSignlessInteger(64)))
    return {};
  SmallVector<int64_t> out(llvm::map_range(*in, [&](float x) -> int64_t {
    return element.isInteger(1) ? x != 0.0f : truncate(x, element);
  }));
  return makeSmall(to, out);
}

OpFoldResult CastOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  if (isa<FloatType>(getInput().getType().getElementType()) ||
      isa<FloatType>(getType().getElementType()))
    return foldFloatCast(getInput().getType(), getType(), adaptor.getInput());
  auto in = small(adaptor.getInput());
  if (!in || !foldable(getType()))
    return {};
  SmallVector<int64_t> out(in->values);
  if (getType().getElementType().isInteger(1))
    for (int64_t &v : out)
      v = v != 0;
  return makeSmall(getType(), out);
}

OpFoldResult ReshapeOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto in = small(adaptor.getInput()))
    return makeSmall(getType(), in->values);
  return {};
}

/// A movement op whose result element at an index is one input element.
static OpFoldResult
foldMove(RankedTensorType type, Attribute operand,
         function_ref<void(ArrayRef<int64_t>, MutableArrayRef<int64_t>)> source) {
  auto in = small(operand);
  if (!in || !foldable(type))
    return {};
  SmallVector<int64_t> out, from(in->type.getRank());
  forEachIndex(type.getShape(), [&](ArrayRef<int64_t> index) {
    source(index, from);
    out.push_back(in->values[position(in->type.getShape(), from)]);
  });
  return makeSmall(type, out);
}

OpFoldResult TransposeOp::fold(FoldAdaptor adaptor) {
  if (llvm::is_sorted(getPermutation()))
    return getInput();
  return foldMove(getType(), adaptor.getInput(), [&](auto index, auto from) {
    for (auto [i, d] : llvm::enumerate(getPermutation()))
      from[d] = index[i];
  });
}

OpFoldResult BroadcastOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType())
    return getInput();
  return foldMove(getType(), adaptor.getInput(), [&](auto index, auto from) {
    llvm::copy(index.take_back(from.size()), from.begin());
  });
}

OpFoldResult SliceOp::fold(FoldAdaptor adaptor) {
  if (getInput().getType() == getType() &&
      llvm::all_of(getSteps(), [](int64_t s) { return s == 1; }))
    return getInput();
  return foldMove(getType(), adaptor.getInput(), [&](auto index, auto from) {
    for (size_t d = 0; d < index.size(); ++d)
      from[d] = getStarts()[d] + index[d] * getSteps()[d];
  });
}

OpFoldResult GatherOp::fold(FoldAdaptor adaptor) {
  auto indices = small(adaptor.getIndices());
  if (!indices)
    return {};
  int64_t axis = getAxis(), rank = indices->type.getRank();
  int64_t size = getData().getType().getDimSize(axis);
  return foldMove(getType(), adaptor.getData(), [&](auto index, auto from) {
    int64_t pick = indices->values[position(indices->type.getShape(), index.slice(axis, rank))];
    pick = std::clamp<int64_t>(pick < 0 ? pick + size : pick, 0, size - 1);
    llvm::copy(index.take_front(axis), from.begin());
    from[axis] = pick;
    llvm::copy(index.drop_front(axis + rank), from.begin() + axis + 1);
  });
}

OpFoldResult ConcatOp::fold(FoldAdaptor adaptor) {
  if (getInputs().size() == 1)
    return getInputs().front();
  SmallVector<Small> parts;
  for (Attribute input : adaptor.getInputs()) {
    auto part = small(input);
    if (!part)
      return {};
    parts.push_back(*part);
  }
  if (!foldable(getType()))
    return {};
  SmallVector<int64_t> out;
  forEachIndex(getType().getShape(), [&](ArrayRef<int64_t> index) {
    SmallVector<int64_t> local(index);
    const Small *part = parts.begin();
    for (; local[getAxis()] >= part->type.getDimSize(getAxis()); ++part)
      local[getAxis()] -= part->type.getDimSize(getAxis());
    out.push_back(part->values[position(part->type.getShape(), local)]);
  });
  return makeSmall(getType(), out);
}
