//===- Activation.cpp - Activations made of simpler functions ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "NodeImporter.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

static Value add(NodeImporter &node, Value a, Value b) { return node.create<nn::AddOp>(a, b); }
static Value mul(NodeImporter &node, Value a, Value b) { return node.create<nn::MulOp>(a, b); }

static Value clip(NodeImporter &node, Value x, float least, float most) {
  return node.create<nn::ClipOp>(x, cast<TypedAttr>(Attribute(FloatAttr::get(node.f32(), least))),
                                 cast<TypedAttr>(Attribute(FloatAttr::get(node.f32(), most))));
}

/// max(-x, x).
static Value magnitude(NodeImporter &node, Value x) {
  return node.create<nn::MaxOp>(node.create<nn::NegOp>(x), x);
}

LogicalResult importAbs(NodeImporter &node) {
  Value result = magnitude(node, node.input(0));
  if (isa<FloatType>(node.type(0).getElementType()))
    result = add(node, result, node.scalar(0.0f)); // -0 becomes +0
  return node.finish(result);
}

LogicalResult importLeakyRelu(NodeImporter &node) {
  return node.finish(
      node.create<nn::LeakyReluOp>(node.input(0), APFloat(node.floatAttr("alpha", 0.01f))));
}

/// max(x, 0) + slope * min(x, 0).
LogicalResult importPRelu(NodeImporter &node) {
  Value x = node.input(0);
  Value negative = mul(node, node.create<nn::MinOp>(x, node.scalar(0.0f)), node.input(1));
  Value sum = add(node, node.create<nn::ReluOp>(x), negative);
  if (sum && sum.getType() != x.getType())
    return node.fail("slope " + typeText(node.type(1)) +
                     " does not broadcast to the input's shape");
  return node.finish(sum);
}

/// clip(alpha * x + beta, 0, 1).
static Value hardSigmoid(NodeImporter &node, float alpha, float beta) {
  Value scaled = mul(node, node.input(0), node.scalar(alpha));
  return clip(node, add(node, scaled, node.scalar(beta)), 0.0f, 1.0f);
}

LogicalResult importHardSigmoid(NodeImporter &node) {
  float alpha = node.floatAttr("alpha", 0.2f), beta = node.floatAttr("beta", 0.5f);
  return node.finish(hardSigmoid(node, alpha, beta));
}

LogicalResult importHardSwish(NodeImporter &node) {
  return node.finish(mul(node, node.input(0), hardSigmoid(node, 1.0f / 6.0f, 0.5f)));
}

/// max(x, 0) + alpha * (exp(min(x, 0)) - 1).
static Value elu(NodeImporter &node, float alpha) {
  Value x = node.input(0);
  Value power = node.create<nn::ExpOp>(node.create<nn::MinOp>(x, node.scalar(0.0f)));
  Value negative = mul(node, add(node, power, node.scalar(-1.0f)), node.scalar(alpha));
  return add(node, node.create<nn::ReluOp>(x), negative);
}

LogicalResult importElu(NodeImporter &node) {
  return node.finish(elu(node, node.floatAttr("alpha", 1.0f)));
}

LogicalResult importSelu(NodeImporter &node) {
  float alpha = node.floatAttr("alpha", 1.67326319f), gamma = node.floatAttr("gamma", 1.05070102f);
  return node.finish(mul(node, elu(node, alpha), node.scalar(gamma)));
}

/// max(x, 0) + log(1 + exp(-|x|)), which does not overflow.
LogicalResult importSoftplus(NodeImporter &node) {
  Value x = node.input(0);
  Value power = node.create<nn::ExpOp>(node.create<nn::NegOp>(magnitude(node, x)));
  Value rest = node.create<nn::LogOp>(add(node, power, node.scalar(1.0f)));
  return node.finish(add(node, node.create<nn::ReluOp>(x), rest));
}

LogicalResult importSoftsign(NodeImporter &node) {
  Value x = node.input(0);
  return node.finish(node.create<nn::DivOp>(x, add(node, magnitude(node, x), node.scalar(1.0f))));
}

/// x * (1 + erf(x / sqrt 2)) / 2, or its approximation by tanh.
LogicalResult importGelu(NodeImporter &node) {
  Value x = node.input(0), inner;
  std::string approximate = node.textAttr("approximate", "none");
  if (approximate == "none") {
    inner = node.create<nn::ErfOp>(mul(node, x, node.scalar(0.70710678f)));
  } else if (approximate == "tanh") {
    Value cube = mul(node, mul(node, x, x), mul(node, x, node.scalar(0.044715f)));
    inner = node.create<nn::TanhOp>(mul(node, add(node, x, cube), node.scalar(0.79788456f)));
  } else {
    return node.fail("approximate is '" + approximate + "', expected none or tanh");
  }
  Value half = mul(node, x, node.scalar(0.5f));
  return node.finish(mul(node, half, add(node, inner, node.scalar(1.0f))));
}

} // namespace nnc
