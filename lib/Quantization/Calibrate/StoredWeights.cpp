//===- StoredWeights.cpp - Weights and biases as integers -----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "StoredWeights.h"

#include "../Constants.h"
#include "WeightRounder.h"
#include "dialects/NN/Contractions.h"

#include <cmath>

using namespace mlir;
using nnc::interpreter::Tensor;

namespace nnc::quantization {
namespace {

/// Weights are symmetric: -128 is not used, and so for fewer bits.
int64_t greatestWeight(unsigned bits) { return (int64_t(1) << (bits - 1)) - 1; }
/// Biases take half of an accumulator at most, so that products have room.
constexpr double mostBias = 0x1p30;

/// The dimension of a constant factor that has a scale for each of its slices, those of the
/// result's channels; none where one scale must do, because several channels share an element.
std::optional<int64_t> channelDimension(Operation *contraction, unsigned operand) {
  return operand == 1 ? nn::channelOfWeights(contraction) : std::nullopt;
}

/// How small the scales of a factor may be.
struct LeastScales {
  std::vector<double> perChannel; ///< for the biases' sake; empty: there are none
  double floor = 0;               ///< so that products of scales are normal numbers

  double of(size_t channel) const { return perChannel.empty() ? 0.0 : perChannel[channel]; }
};

/// The least scale per channel that reaches all of its weights.
std::vector<float> weightScales(ArrayRef<float> weights, nn::Slices channels,
                                const LeastScales &least, int64_t mostWeight) {
  std::vector<double> most(channels.count(), 0);
  for (auto [i, w] : llvm::enumerate(weights))
    most[channels.of(i)] = std::max<double>(most[channels.of(i)], std::fabs(w));
  std::vector<float> scales;
  for (auto [c, magnitude] : llvm::enumerate(most)) {
    double scale = std::max(magnitude / static_cast<double>(mostWeight), least.of(c));
    scales.push_back(
        static_cast<float>(scale < negligibleScale ? 1.0 : std::max(scale, least.floor)));
  }
  return scales;
}

int64_t rounded(double x, double most) {
  return static_cast<int64_t>(std::nearbyint(std::clamp(x, -most, most)));
}

/// `values` of `element`, dequantized with `scales`: one, or one per slice of `dimension`.
Value dequantized(OpBuilder &b, Value instead, Type element, ArrayRef<int64_t> values,
                  ArrayRef<float> scales, std::optional<int64_t> dimension) {
  RankedTensorType type = typeOf(instead);
  Location loc = instead.getLoc();
  SmallVector<int64_t> shape; // broadcasts to the tensor
  if (dimension && scales.size() > 1) {
    shape.assign(type.getRank() - *dimension, 1);
    shape.front() = static_cast<int64_t>(scales.size());
  } else {
    scales = scales.take_front();
  }
  Value q = integerConstant(b, loc, type.getShape(), element, values);
  Value scale = nn::createFloats(b, loc, shape, scales);
  Value zero = integerConstant(b, loc, {}, element, 0);
  return b.create<nn::DequantizeOp>(loc, type, q, scale, zero);
}

/// Each weight rounded by itself.
std::vector<int64_t> nearest(ArrayRef<float> weights, nn::Slices channels, ArrayRef<float> scales,
                             int64_t mostWeight) {
  std::vector<int64_t> stored;
  for (auto [i, w] : llvm::enumerate(weights))
    stored.push_back(rounded(double(w) / scales[channels.of(i)], static_cast<double>(mostWeight)));
  return stored;
}

/// Weights rounded together for the sake of the results, channel by channel.
std::vector<int64_t> bestForResults(ArrayRef<float> weights, nn::Slices channels,
                                    ArrayRef<float> scales, const InputMoments &moments,
                                    int64_t mostWeight) {
  std::vector<SmallVector<int64_t>> elements(channels.count());
  for (int64_t i = 0, n = weights.size(); i < n; ++i)
    elements[channels.of(i)].push_back(i);
  std::vector<int64_t> stored(weights.size());
  int64_t perGroup = channels.count() / moments.groups();
  for (int64_t group = 0; group < moments.groups(); ++group) {
    WeightRounder rounder(moments.estimate(group), moments.inputs());
    for (int64_t c = group * perGroup; c < (group + 1) * perGroup; ++c) {
      std::vector<float> own;
      for (int64_t i : elements[c])
        own.push_back(weights[i]);
      for (auto [i, q] : llvm::zip_equal(elements[c], rounder.round(own, scales[c], mostWeight)))
        stored[i] = q;
    }
  }
  return stored;
}

/// Quantizes constant operand `number` of `contraction`; the scales it took.
std::vector<float> quantizeFactor(Operation *contraction, unsigned number, const Tensor &value,
                                  const LeastScales &least, const InputMoments *moments,
                                  unsigned bits) {
  OpBuilder b(contraction);
  Value operand = contraction->getOperand(number);
  std::optional<int64_t> dimension = channelDimension(contraction, number);
  nn::Slices channels(typeOf(operand), dimension);
  ArrayRef<float> weights = value.elements<float>();
  int64_t most = greatestWeight(bits);
  std::vector<float> scales = weightScales(weights, channels, least, most);
  std::vector<int64_t> stored = moments && !moments->empty() && number == 1
                                    ? bestForResults(weights, channels, scales, *moments, most)
                                    : nearest(weights, channels, scales, most);
  contraction->setOperand(number,
                          dequantized(b, operand, b.getI8Type(), stored, scales, dimension));
  return scales;
}

/// The one scale of an operand that is dequantized already.
float scaleOf(Value v) {
  auto op = v.getDefiningOp<nn::DequantizeOp>();
  return constantValue(op.getScale()).elements<float>().front();
}

void quantizeBias(Operation *contraction, const Tensor &value, ArrayRef<float> scales) {
  OpBuilder b(contraction);
  std::vector<int64_t> stored;
  for (auto [i, bias] : llvm::enumerate(value.elements<float>()))
    stored.push_back(rounded(double(bias) / scales[scales.size() == 1 ? 0 : i], mostBias));
  contraction->setOperand(
      2, dequantized(b, contraction->getOperand(2), b.getI32Type(), stored, scales, 0));
}

/// Scales of weights below these would make the bias too large a number.
LeastScales leastScales(Operation *contraction, unsigned weights, const Tensor &bias,
                        double otherScale) {
  LeastScales least{{}, negligibleScale / otherScale};
  if (!bias)
    return least;
  for (float v : bias.elements<float>())
    least.perChannel.push_back(std::fabs(v) / (otherScale * mostBias));
  if (!channelDimension(contraction, weights))
    least.perChannel = {*llvm::max_element(least.perChannel)};
  return least;
}

} // namespace

void storeConstants(Operation *contraction, const InputMoments *moments, unsigned bits) {
  Tensor factors[2], bias;
  for (unsigned i : {0u, 1u})
    if (!contraction->getOperand(i).getDefiningOp<nn::DequantizeOp>())
      factors[i] = constantValue(contraction->getOperand(i));
  if (contraction->getNumOperands() > 2)
    bias = constantValue(contraction->getOperand(2));
  unsigned weights = factors[1] ? 1 : 0, other = 1 - weights;
  bool hasOtherBias = contraction->getNumOperands() > 2 && !bias;
  if (!factors[weights] || hasOtherBias ||
      !contraction->getOperand(other).getDefiningOp<nn::DequantizeOp>())
    return; // a product of activations, or of floats
  double otherScale = scaleOf(contraction->getOperand(other));
  std::vector<float> scales =
      quantizeFactor(contraction, weights, factors[weights],
                     leastScales(contraction, weights, bias, otherScale), moments, bits);
  for (float &scale : scales)
    scale = static_cast<float>(otherScale) * scale;
  if (bias)
    quantizeBias(contraction, bias, scales);
}

void storeNearest(Operation *contraction, unsigned number, const Tensor &value) {
  (void)quantizeFactor(contraction, number, value, {}, nullptr, /*bits=*/8);
}

} // namespace nnc::quantization
