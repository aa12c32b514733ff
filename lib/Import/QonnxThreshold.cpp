//===- QonnxThreshold.cpp - MultiThreshold of QONNX and FINN --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Grids.h"
#include "QonnxGrid.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace llvm;
using namespace mlir;

namespace nnc {

namespace {
/// Integers for `scale * count + bias`: each threshold counts `weight`, and the first is `least`.
struct CountedBias {
  int64_t weight, least;
  float scale;
};
} // namespace

/// None where the bias is no multiple of half the scale.
static std::optional<CountedBias> countBias(float scale, float bias, int64_t width) {
  constexpr double most = 1 << 15;
  for (int64_t weight : {1, 2}) {
    double unit = double(scale) / double(weight), least = double(bias) / unit;
    if (least == std::floor(least) && std::fabs(least) + double(weight * width) < most)
      return CountedBias{weight, static_cast<int64_t>(least), static_cast<float>(unit)};
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
  if (!isScale(scale) || !std::isfinite(bias))
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
  std::optional<CountedBias> whole = countBias(scale, bias, width);
  CountedBias counted = whole.value_or(CountedBias{1, 0, scale});
  Value q = reached(node, node.input(0), sortedRows(thresholds, width, counted.weight),
                    width * counted.weight, channel, counted.least);
  Value y = dequantize(node, q, QonnxGrid{{}, node.scalar(counted.scale)});
  return node.finish(whole ? y : node.create<nn::AddOp>(y, node.scalar(bias)));
}

} // namespace nnc
