//===- ShiftInput.cpp - Contractions of inputs that count from elsewhere -----===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ShiftInput.h"

#include "Constants.h"
#include "dialects/NN/Contractions.h"

using namespace mlir;

namespace nnc::quantization {

/// Per output channel, the sum of the weights that meet one result.
static std::vector<int64_t> weightSums(Operation *contraction) {
  std::vector<int64_t> weights = integers(constantValue(contraction->getOperand(1)));
  nn::Slices channels(typeOf(contraction->getOperand(1)), nn::channelOfWeights(contraction));
  std::vector<int64_t> sums(channels.count(), 0);
  for (auto [i, w] : llvm::enumerate(weights))
    sums[channels.of(static_cast<int64_t>(i))] += w;
  return sums;
}

bool canShiftInput(Operation *contraction) {
  bool known = constantValue(contraction->getOperand(1)) &&
               (contraction->getNumOperands() == 2 || constantValue(contraction->getOperand(2)));
  return known && nn::channelOfWeights(contraction);
}

void shiftInput(Operation *contraction, int64_t by) {
  OpBuilder b(contraction);
  std::vector<int64_t> sums = weightSums(contraction), bias(sums.size(), 0);
  bool hasBias = contraction->getNumOperands() > 2;
  if (hasBias)
    bias = integers(constantValue(contraction->getOperand(2)));
  for (auto [start, sum] : llvm::zip_equal(bias, sums))
    start = static_cast<int32_t>(start - by * sum); // wraps like the sums that it starts
  Value start = integerConstant(b, contraction->getLoc(), static_cast<int64_t>(bias.size()),
                                b.getI32Type(), bias);
  if (hasBias)
    contraction->setOperand(2, start);
  else
    contraction->insertOperands(2, start);
  if (auto conv = dyn_cast<nn::ConvOp>(contraction))
    conv.setPadValue(conv.getPadValue() + by);
}

} // namespace nnc::quantization
