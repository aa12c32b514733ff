//===- QonnxQuant.cpp - Quant, BipolarQuant and Trunc of QONNX ------------===//
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
#include "QonnxGrid.h"

#include "dialects/NN/Values.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace llvm;
using namespace mlir;

namespace nnc {

using nn::typeOf;

/// -1 below 0 and for NaN, else 1: two equal thresholds.
static Value sign(NodeImporter &node, Value x) { return reached(node, x, {0.0f, 0.0f}, 2, 0, -1); }

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

//===----------------------------------------------------------------------===//
// Trunc, of two definitions
//===----------------------------------------------------------------------===//

/// What comes into a Trunc, `bits` wide, as whole steps of 16 bits; none after a report.
static std::optional<QonnxGrid> readInput(NodeImporter &node, int64_t bits, bool isSigned) {
  if (node.hasFailed())
    return std::nullopt;
  // The sign of what comes in is not stated.
  if (bits > 15 && isSigned) {
    node.report("an input of 16 bits is supported where the result is unsigned only");
    return std::nullopt;
  }
  QonnxGrid input{levels(16, isSigned, false), readScale(node, 1, "the scale")};
  readZeroPoints(node, 2, input);
  return node.hasFailed() ? std::nullopt : std::optional(input);
}

/// Reports if no `shift` bits can be cut off.
static void checkShift(NodeImporter &node, double shift) {
  if (shift < 0 || shift > 15)
    node.report(formatv("{0} bits are cut off, expected 0 to 15", format("%g", shift)));
}

/// Operand 0 in whole steps of `input`, those over 2^shift rounded, as steps of `result`.
static LogicalResult finishCut(NodeImporter &node, const QonnxGrid &input, int shift,
                               nn::RoundingMode rounding, const QonnxGrid &result) {
  Value q = quantize(node, node.input(0), input, nn::RoundingMode::HalfEven);
  Value shifted = dequantize(node, q, {input.range, node.scalar(float(std::ldexp(1.0, -shift)))});
  QonnxGrid whole{result.range, node.scalar(1.0f)};
  // Where the zero point needs a wider type than the levels, the integers have that type.
  Value cut = quantize(node, shifted, whole, rounding);
  Type stored = result.stored(node.f32().getContext());
  if (cut && typeOf(cut).getElementType() != stored)
    cut = node.createTyped<nn::CastOp>(typeOf(cut).getShape(), stored, cut);
  return node.finish(dequantize(node, cut, result));
}

/// Definition 1: the result keeps scale and zero point of the input, whatever bits are gone.
static LogicalResult importTruncOnOneGrid(NodeImporter &node) {
  nn::RoundingMode rounding = readRounding(node, "FLOOR");
  int64_t from = bitWidth(node, 3, "the bit width of the input"),
          to = bitWidth(node, 4, "the bit width of the result");
  std::optional<QonnxGrid> grid = readInput(node, from, /*isSigned=*/true);
  if (grid)
    checkShift(node, double(from - to));
  if (node.hasFailed())
    return failure();
  return finishCut(node, *grid, static_cast<int>(from - to), rounding, *grid);
}

/// Definition 2: the result has a scale and levels of its own; the scales say how many bits go.
static LogicalResult importTruncToOtherGrid(NodeImporter &node) {
  nn::RoundingMode rounding = readRounding(node, "FLOOR");
  bool isSigned = flag(node, "signed", true), isNarrow = flag(node, "narrow", false);
  int64_t from = bitWidth(node, 3, "the bit width of the input"),
          to = bitWidth(node, 5, "the bit width of the result");
  std::optional<QonnxGrid> input = readInput(node, from, isSigned);
  if (!input)
    return failure();
  QonnxGrid result{levels(to, isSigned, isNarrow), readScale(node, 4, "the scale of the result"),
                   input->zeros, input->zeroShape};
  std::vector<double> a = numbers(node, 1, "the scale"), b = numbers(node, 4, "the scale");
  if (node.hasFailed())
    return failure();
  if (a.size() != 1 || b.size() != 1)
    return node.fail("several scales are not supported");
  double exponent = std::nearbyint(std::log2(b[0] / a[0]));
  checkShift(node, exponent);
  if (node.hasFailed())
    return failure();
  int shift = static_cast<int>(exponent);
  for (int64_t &zero : result.zeros) {
    if (zero % (int64_t(1) << shift) != 0)
      return node.fail(formatv("the zero point {0} is no multiple of 2^{1}", zero, shift));
    zero >>= shift;
  }
  return finishCut(node, *input, shift, rounding, result);
}

LogicalResult importTrunc(NodeImporter &node) {
  return node.has(5) ? importTruncToOtherGrid(node) : importTruncOnOneGrid(node);
}

} // namespace nnc
