//===- QonnxGrid.cpp - Grids of integers as QONNX states them -------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "QonnxGrid.h"

#include "Grids.h"
#include "dialects/NN/ElementTypes.h"
#include "dialects/NN/Values.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace llvm;
using namespace mlir;

namespace nnc {

using nn::typeOf;

//===----------------------------------------------------------------------===//
// Operands that must be known
//===----------------------------------------------------------------------===//

std::vector<double> numbers(NodeImporter &node, size_t i, StringRef what) {
  ElementsAttr known = node.known(i);
  if (!known) {
    node.report(what + " must be known when we compile, it is computed at run time");
    return {};
  }
  std::vector<char> bytes = nn::elementBytes(known);
  std::vector<double> values;
  nn::visitElementType(known.getElementType(), [&](auto zero) {
    using T = decltype(zero);
    for (size_t at = 0; at + sizeof(T) <= bytes.size(); at += sizeof(T)) {
      T value;
      std::memcpy(&value, &bytes[at], sizeof(T));
      values.push_back(static_cast<double>(value));
    }
  });
  return values;
}

/// The same where each must be an integer from `least` to `most`.
static std::vector<int64_t> integers(NodeImporter &node, size_t i, StringRef what, int64_t least,
                                     int64_t most) {
  std::vector<int64_t> values;
  for (double n : numbers(node, i, what)) {
    if (n != std::floor(n) || n < double(least) || n > double(most)) {
      node.report(formatv("{0} is {1}, expected an integer from {2} to {3}", what, format("%g", n),
                          least, most));
      return {};
    }
    values.push_back(static_cast<int64_t>(n));
  }
  return values;
}

int64_t bitWidth(NodeImporter &node, size_t i, StringRef what) {
  std::vector<int64_t> values = integers(node, i, what, 1, 16);
  if (values.size() != 1 && !node.hasFailed())
    node.report(what + " is " + typeText(node.type(i)) + ", expected one number");
  return node.hasFailed() ? 0 : values.front();
}

/// Reports if `value`, an operand called `what`, does not broadcast to operand 0.
static void checkBroadcast(NodeImporter &node, Value value, StringRef what) {
  ArrayRef<int64_t> shape = node.shape(0);
  auto joined = nn::broadcastShapes(typeOf(value).getShape(), shape);
  if (!joined || ArrayRef(*joined) != shape ||
      typeOf(value).getRank() > typeOf(node.input(0)).getRank())
    node.report(what + " " + typeText(value.getType()) + " does not broadcast to the input");
}

Value readScale(NodeImporter &node, size_t i, StringRef what) {
  if (!node.type(i).getElementType().isF32())
    node.report(what + " is " + typeText(node.type(i)) + ", supported: float32");
  for (double scale : numbers(node, i, what))
    if (!isScale(scale))
      node.report(
          formatv("{0} is {1}; a scale is a number from 2^-125 on", what, format("%g", scale)));
  if (node.hasFailed())
    return {};
  if (typeOf(node.input(i)).getNumElements() == 1)
    return node.reshape(i, {});
  checkBroadcast(node, node.input(i), what);
  return node.hasFailed() ? Value() : node.input(i);
}

static std::optional<nn::RoundingMode> findRounding(StringRef name) {
  return llvm::StringSwitch<std::optional<nn::RoundingMode>>(name)
      .CasesLower("round", "half_even", nn::RoundingMode::HalfEven)
      .CaseLower("half_up", nn::RoundingMode::HalfAway)
      .CaseLower("half_down", nn::RoundingMode::HalfToZero)
      .CaseLower("up", nn::RoundingMode::Away)
      .CasesLower("down", "round_to_zero", nn::RoundingMode::ToZero)
      .CaseLower("ceil", nn::RoundingMode::Ceil)
      .CaseLower("floor", nn::RoundingMode::Floor)
      .Default(std::nullopt);
}

nn::RoundingMode readRounding(NodeImporter &node, StringRef otherwise) {
  std::string name = node.textAttr("rounding_mode", otherwise);
  std::optional<nn::RoundingMode> mode = findRounding(name);
  if (!mode)
    node.report("rounding_mode is '" + name +
                "', expected ROUND, HALF_EVEN, HALF_UP, HALF_DOWN, UP, DOWN, ROUND_TO_ZERO, CEIL "
                "or FLOOR");
  return mode.value_or(nn::RoundingMode::HalfEven);
}

//===----------------------------------------------------------------------===//
// Grids
//===----------------------------------------------------------------------===//

nn::IntegerRange levels(int64_t bits, bool isSigned, bool isNarrow) {
  int64_t half = int64_t(1) << (bits - 1);
  if (isSigned)
    return {isNarrow ? 1 - half : -half, half - 1};
  return {0, 2 * half - 1 - isNarrow};
}

/// The narrowest type that has all of `range`; null: more than 16 bits.
static Type narrowestType(MLIRContext *context, nn::IntegerRange range) {
  bool isSigned = range.least < 0;
  for (StringRef name : {"2", "4", "8", "16"}) {
    Type type = nn::findElementType(((isSigned ? "int" : "uint") + name).str())->get(context);
    if (auto [least, most] = nn::integerRange(type); least <= range.least && range.most <= most)
      return type;
  }
  return {};
}

Type QonnxGrid::stored(MLIRContext *context) const {
  auto [least, most] = std::minmax_element(zeros.begin(), zeros.end());
  return narrowestType(context, {std::min(range.least, *least), std::max(range.most, *most)});
}

/// Zero points of type `element`, as many as there are.
static Value zeroPoints(NodeImporter &node, const QonnxGrid &grid, Type element) {
  SmallVector<APInt> values;
  for (int64_t zero : grid.zeros)
    values.emplace_back(element.getIntOrFloatBitWidth(), zero, /*isSigned=*/true);
  return node.constant(
      DenseElementsAttr::get(RankedTensorType::get(grid.zeroShape, element), values));
}

void readZeroPoints(NodeImporter &node, size_t i, QonnxGrid &grid) {
  bool isSigned = grid.range.least < 0;
  grid.zeros = integers(node, i, "the zero point", isSigned ? INT16_MIN : 0,
                        isSigned ? INT16_MAX : UINT16_MAX);
  if (grid.zeros.empty() && !node.hasFailed())
    node.report("the zero point " + typeText(node.type(i)) + " is empty");
  if (grid.zeros.size() > 1) {
    checkBroadcast(node, node.input(i), "the zero point");
    grid.zeroShape.assign(node.shape(i).begin(), node.shape(i).end());
  }
}

Value quantize(NodeImporter &node, Value x, const QonnxGrid &grid, nn::RoundingMode rounding) {
  MLIRContext *context = node.f32().getContext();
  Type stored = grid.stored(context);
  QonnxGrid centered{grid.range, grid.scale};
  if (!grid.isCentered()) {
    std::vector<float> zeros(grid.zeros.begin(), grid.zeros.end());
    Value shift = node.constant(DenseElementsAttr::get(
        RankedTensorType::get(grid.zeroShape, node.f32()), ArrayRef<float>(zeros)));
    x = node.create<nn::AddOp>(node.create<nn::DivOp>(x, grid.scale), shift);
    centered.scale = node.scalar(1.0f);
  }
  if (!x)
    return {};
  ArrayRef<int64_t> shape = typeOf(x).getShape();
  Value q = node.createTyped<nn::QuantizeOp>(shape, stored, x, centered.scale,
                                             zeroPoints(node, centered, stored), rounding);
  auto [least, most] = nn::integerRange(stored);
  if (grid.range.least == least && grid.range.most == most)
    return q;
  auto bound = [&](int64_t n) { return cast<TypedAttr>(IntegerAttr::get(stored, n)); };
  return node.createTyped<nn::ClipOp>(shape, stored, q, bound(grid.range.least),
                                      bound(grid.range.most));
}

Value dequantize(NodeImporter &node, Value q, const QonnxGrid &grid) {
  if (!q)
    return {};
  return node.createTyped<nn::DequantizeOp>(typeOf(q).getShape(), node.f32(), q, grid.scale,
                                            zeroPoints(node, grid, typeOf(q).getElementType()));
}

//===----------------------------------------------------------------------===//
// Thresholds
//===----------------------------------------------------------------------===//

Value reached(NodeImporter &node, Value x, ArrayRef<float> thresholds, int64_t width,
              int64_t channel, int64_t least) {
  if (!x)
    return {};
  Type stored = narrowestType(node.f32().getContext(), {least, least + width});
  if (!stored)
    stored = nn::findElementType("int32")->get(node.f32().getContext());
  int64_t rows = width == 0 ? 1 : thresholds.size() / width;
  ArrayRef bytes(reinterpret_cast<const char *>(thresholds.data()),
                 thresholds.size() * sizeof(float));
  Value table = node.constant(
      nn::makeElements(RankedTensorType::get({rows, width}, node.f32()), bytes, "thresholds"));
  SmallVector<int64_t> shape(typeOf(x).getShape());
  if (shape.empty()) // one number has no channels
    x = node.reshape(x, {1});
  Value q =
      node.createTyped<nn::ThresholdOp>(typeOf(x).getShape(), stored, x, table, channel, least);
  return shape.empty() ? node.reshape(q, {}) : q;
}

} // namespace nnc
