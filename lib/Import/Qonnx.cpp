//===- Qonnx.cpp - The operators of QONNX, FINN and Brevitas -------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A Quant rounds floats to a grid and gives floats: nn.quantize, nn.clip where its levels are
// fewer than those of a type, nn.dequantize. What the operators mean is what their reference
// executes (github.com/fastmachinelearning/qonnx, src/qonnx/custom_op).
//
//===----------------------------------------------------------------------===//
#include "NodeImporter.h"

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

/// The numbers of operand `i`, called `what`, integers or floats; none after a report.
static std::vector<double> numbers(NodeImporter &node, size_t i, StringRef what) {
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

/// Operand `i`, one number of bits; 0 after a report.
static int64_t bitWidth(NodeImporter &node, size_t i, StringRef what) {
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

/// Operand `i` as a scale for operand 0, one number without dimensions where it is one; null after
/// a report.
static Value readScale(NodeImporter &node, size_t i, StringRef what) {
  if (!node.type(i).getElementType().isF32())
    node.report(what + " is " + typeText(node.type(i)) + ", supported: float32");
  for (double scale : numbers(node, i, what))
    if (!(scale >= 0x1p-125) || std::isinf(scale)) // less is flushed: NumericSpec section 2
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

static nn::RoundingMode readRounding(NodeImporter &node, StringRef otherwise) {
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

/// The integers of `bits` bits, without the last one of them if they are narrow.
static nn::IntegerRange levels(int64_t bits, bool isSigned, bool isNarrow) {
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

namespace {

/// Integers that stand for (q - zero point) * scale. Of the zero points, a list or one number, the
/// shape is that of `zeroShape`.
struct QonnxGrid {
  nn::IntegerRange range;
  Value scale;
  std::vector<int64_t> zeros = {0};
  SmallVector<int64_t> zeroShape = {};

  bool isCentered() const {
    return llvm::all_of(zeros, [](int64_t n) { return n == 0; });
  }

  /// The type that holds levels and zero points.
  Type stored(MLIRContext *context) const {
    auto [least, most] = std::minmax_element(zeros.begin(), zeros.end());
    return narrowestType(context, {std::min(range.least, *least), std::max(range.most, *most)});
  }
};

} // namespace

/// Zero points of type `element`, as many as there are.
static Value zeroPoints(NodeImporter &node, const QonnxGrid &grid, Type element) {
  SmallVector<APInt> values;
  for (int64_t zero : grid.zeros)
    values.emplace_back(element.getIntOrFloatBitWidth(), zero, /*isSigned=*/true);
  return node.constant(
      DenseElementsAttr::get(RankedTensorType::get(grid.zeroShape, element), values));
}

/// Operand `i`, the zero points, into `grid`. Their range is that of 16 bits, whatever the
/// bit width.
static void readZeroPoints(NodeImporter &node, size_t i, QonnxGrid &grid) {
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

/// `x` as integers of `grid`, limited to its levels. With a zero point QONNX rounds the sum of
/// quotient and zero point, and so do we.
static Value quantize(NodeImporter &node, Value x, const QonnxGrid &grid,
                      nn::RoundingMode rounding) {
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

/// What the integers `q` stand for on `grid`.
static Value dequantize(NodeImporter &node, Value q, const QonnxGrid &grid) {
  if (!q)
    return {};
  return node.createTyped<nn::DequantizeOp>(typeOf(q).getShape(), node.f32(), q, grid.scale,
                                            zeroPoints(node, grid, typeOf(q).getElementType()));
}

//===----------------------------------------------------------------------===//
// Thresholds
//===----------------------------------------------------------------------===//

/// `least` plus the number of `thresholds` (rows of `width`) that `x` reaches.
static Value reached(NodeImporter &node, Value x, ArrayRef<float> thresholds, int64_t width,
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

/// -1 below 0 and for NaN, else 1: two equal thresholds.
static Value sign(NodeImporter &node, Value x) { return reached(node, x, {0.0f, 0.0f}, 2, 0, -1); }

//===----------------------------------------------------------------------===//
// Quant and its kin
//===----------------------------------------------------------------------===//

/// Attribute `name`, which the reference asks for: 0 or 1.
static bool flag(NodeImporter &node, StringRef name, std::optional<bool> otherwise = {}) {
  if (!otherwise && !node.hasAttr(name))
    node.report("the attribute '" + name + "' is missing");
  int64_t value = node.intAttr(name, otherwise.value_or(false));
  if (value != 0 && value != 1)
    node.report(formatv("{0} is {1}, expected 0 or 1", name, value));
  return value == 1;
}

LogicalResult importQuant(NodeImporter &node) {
  bool isSigned = flag(node, "signed"), isNarrow = flag(node, "narrow");
  nn::RoundingMode rounding = readRounding(node, "ROUND");
  int64_t bits = bitWidth(node, 3, "the bit width");
  if (node.hasFailed())
    return failure();
  bool isSign = bits == 1 && isSigned;
  QonnxGrid grid{isSign ? nn::IntegerRange{-1, 1} : levels(bits, isSigned, isNarrow),
                 readScale(node, 1, "the scale")};
  readZeroPoints(node, 2, grid);
  if (node.hasFailed())
    return failure();
  if (!isSign)
    return node.finish(dequantize(node, quantize(node, node.input(0), grid, rounding), grid));
  if (!grid.isCentered())
    return node.fail("a sign has no zero point");
  return node.finish(dequantize(node, sign(node, node.input(0)), grid));
}

LogicalResult importBipolarQuant(NodeImporter &node) {
  QonnxGrid grid{{-1, 1}, readScale(node, 1, "the scale")};
  if (node.hasFailed())
    return failure();
  return node.finish(dequantize(node, sign(node, node.input(0)), grid));
}

/// Of definition 2, by the number of operands: the result has a scale and levels of its own. In
/// definition 1 it keeps scale and zero point of the input, whatever bits are gone.
LogicalResult importTrunc(NodeImporter &node) {
  bool isSecond = node.has(5);
  nn::RoundingMode rounding = readRounding(node, "FLOOR");
  bool isSigned = true, isNarrow = false;
  if (isSecond)
    isSigned = flag(node, "signed", true), isNarrow = flag(node, "narrow", false);
  int64_t from = bitWidth(node, 3, "the bit width of the input"),
          to = bitWidth(node, isSecond ? 5 : 4, "the bit width of the result");
  if (node.hasFailed())
    return failure();
  // The sign of what comes in is not stated.
  if (from > 15 && isSigned)
    return node.fail("an input of 16 bits is supported where the result is unsigned only");
  QonnxGrid input{isSigned ? levels(16, true, false) : levels(16, false, false),
                  readScale(node, 1, "the scale")};
  readZeroPoints(node, 2, input);
  if (node.hasFailed())
    return failure();
  QonnxGrid result = input;
  double shift = double(from - to);
  if (isSecond) {
    result.scale = readScale(node, 4, "the scale of the result");
    result.range = levels(to, isSigned, isNarrow);
    std::vector<double> a = numbers(node, 1, "the scale"), b = numbers(node, 4, "the scale");
    if (node.hasFailed())
      return failure();
    if (a.size() != 1 || b.size() != 1)
      return node.fail("several scales are not supported");
    shift = std::nearbyint(std::log2(b[0] / a[0]));
  }
  if (shift < 0 || shift > 15)
    return node.fail(formatv("{0} bits are cut off, expected 0 to 15", format("%g", shift)));
  for (int64_t &zero : result.zeros)
    if (isSecond && zero % (int64_t(1) << int(shift)) != 0)
      return node.fail(formatv("the zero point {0} is no multiple of 2^{1}", zero, int(shift)));
    else if (isSecond)
      zero >>= int(shift);
  Value q = quantize(node, node.input(0), input, nn::RoundingMode::HalfEven);
  Value shifted =
      dequantize(node, q, {input.range, node.scalar(float(std::ldexp(1.0, -int(shift))))});
  QonnxGrid whole{result.range, node.scalar(1.0f)};
  // Where the zero point needs a wider type than the levels, the integers have that type.
  Value cut = quantize(node, shifted, whole, rounding);
  Type stored = result.stored(node.f32().getContext());
  if (cut && typeOf(cut).getElementType() != stored)
    cut = node.createTyped<nn::CastOp>(typeOf(cut).getShape(), stored, cut);
  return node.finish(dequantize(node, cut, result));
}

//===----------------------------------------------------------------------===//
// MultiThreshold
//===----------------------------------------------------------------------===//

namespace {
/// Integers for `scale * count + bias`: each threshold counts `weight`, and the first is `least`.
struct Steps {
  int64_t weight, least;
  float scale;
};
} // namespace

/// None where the bias is no multiple of half the scale.
static std::optional<Steps> findSteps(float scale, float bias, int64_t width) {
  constexpr double most = 1 << 15;
  for (int64_t weight : {1, 2}) {
    double unit = double(scale) / double(weight), least = double(bias) / unit;
    if (least == std::floor(least) && std::fabs(least) + double(weight * width) < most)
      return Steps{weight, static_cast<int64_t>(least), static_cast<float>(unit)};
  }
  return std::nullopt;
}

/// The thresholds in ascending order within each row, each `weight` times.
static std::vector<float> sortedRows(ArrayRef<double> values, int64_t width, int64_t weight) {
  std::vector<float> sorted;
  for (size_t row = 0; row < values.size(); row += width) {
    std::vector<double> one(values.begin() + row, values.begin() + row + width);
    llvm::sort(one);
    for (double t : one)
      sorted.insert(sorted.end(), weight, static_cast<float>(t));
  }
  return sorted;
}

LogicalResult importMultiThreshold(NodeImporter &node) {
  node.ignoreAttr("out_dtype"); // says which integers the results are; the arithmetic does not ask
  float scale = node.floatAttr("out_scale", 1.0f), bias = node.floatAttr("out_bias", 0.0f);
  std::string layout = node.textAttr("data_layout", "NCHW");
  if (layout.empty())
    return node.fail("data_layout is empty");
  if (!(scale >= 0x1p-125f) || std::isinf(scale) || !std::isfinite(bias))
    return node.fail(
        formatv("out_scale is {0} and out_bias {1}; a scale is a number from 2^-125 on",
                format("%g", scale), format("%g", bias)));
  std::vector<double> thresholds = numbers(node, 1, "the thresholds");
  if (node.hasFailed())
    return failure();
  if (!node.type(1).getElementType().isF32() || node.rank(1) != 2)
    return node.fail("the thresholds are " + typeText(node.type(1)) +
                     ", expected float32 of channels x steps");
  if (llvm::any_of(thresholds, [](double t) { return std::isnan(t); }))
    return node.fail("a threshold is no number");
  int64_t rows = node.shape(1)[0], width = node.shape(1)[1], channel = 0;
  if (rows != 1) {
    channel = layout.back() == 'C' ? node.rank(0) - 1 : 1;
    if (node.rank(0) < 2 || node.shape(0)[channel] != rows)
      return node.fail(
          formatv("there are {0} rows of thresholds for dimension {1} of ", rows, channel) +
          typeText(node.type(0)));
  }
  std::optional<Steps> steps = findSteps(scale, bias, width);
  Steps counted = steps.value_or(Steps{1, 0, scale});
  Value q = reached(node, node.input(0), sortedRows(thresholds, width, counted.weight),
                    width * counted.weight, channel, counted.least);
  Value y = dequantize(node, q, {{}, node.scalar(counted.scale)});
  return node.finish(steps ? y : node.create<nn::AddOp>(y, node.scalar(bias)));
}

//===----------------------------------------------------------------------===//
// Channels last
//===----------------------------------------------------------------------===//

/// `import` on operands whose channels are moved from behind to dimension 1, the first `moved` of
/// them; the result's go back.
static LogicalResult importChannelsLast(NodeImporter &node, LogicalResult (*import)(NodeImporter &),
                                        size_t moved) {
  int64_t rank = node.rank(0);
  if (rank < 3 || rank > 4)
    return node.fail(formatv("the input has rank {0}, expected 3 or 4", rank));
  SmallVector<int64_t> toFirst{0, rank - 1}, toLast{0};
  for (int64_t d = 1; d < rank - 1; ++d) {
    toFirst.push_back(d);
    toLast.push_back(d + 1);
  }
  toLast.push_back(1);
  SmallVector<Value> operands;
  for (size_t i = 0; i < node.numInputs(); ++i) {
    if (i < moved && node.rank(i) != rank)
      return node.fail(formatv("input and filter have ranks {0} and {1}", rank, node.rank(i)));
    operands.push_back(i < moved ? node.transpose(node.input(i), toFirst) : node.input(i));
  }
  Value result = node.via(import, operands);
  return node.finish(result ? node.transpose(result, toLast) : Value());
}

LogicalResult importChannelsLastConv(NodeImporter &node) {
  return importChannelsLast(node, importConv, 2);
}
LogicalResult importChannelsLastMaxPool(NodeImporter &node) {
  return importChannelsLast(node, importMaxPool, 1);
}
LogicalResult importChannelsLastBatchNormalization(NodeImporter &node) {
  return importChannelsLast(node, importBatchNormalization, 1);
}

} // namespace nnc
