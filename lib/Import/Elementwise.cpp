//===- Elementwise.cpp - Arithmetic, casts, limits ----------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "NodeImporter.h"

#include "dialects/NN/ElementTypes.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

#define NNC_UNARY(OP, NN)                                                                          \
  LogicalResult import##OP(NodeImporter &node) {                                                   \
    return node.finish(node.create<nn::NN>(node.input(0)));                                        \
  }
NNC_UNARY(Neg, NegOp)
NNC_UNARY(Relu, ReluOp)
NNC_UNARY(Sigmoid, SigmoidOp)
NNC_UNARY(Tanh, TanhOp)
NNC_UNARY(Exp, ExpOp)
NNC_UNARY(Log, LogOp)
NNC_UNARY(Sqrt, SqrtOp)
NNC_UNARY(Erf, ErfOp)
#undef NNC_UNARY

#define NNC_BINARY(OP, NN)                                                                         \
  LogicalResult import##OP(NodeImporter &node) {                                                   \
    return node.finish(node.create<nn::NN>(node.input(0), node.input(1)));                         \
  }
NNC_BINARY(Add, AddOp)
NNC_BINARY(Sub, SubOp)
NNC_BINARY(Mul, MulOp)
NNC_BINARY(Div, DivOp)
#undef NNC_BINARY

/// Joins all operands from left to right.
template <typename Op>
static LogicalResult importVariadic(NodeImporter &node) {
  Value joined = node.input(0);
  for (size_t i = 1; i < node.numInputs() && joined; ++i) {
    if (!node.has(i))
      return node.fail("input " + Twine(i) + " is missing");
    joined = node.create<Op>(joined, node.input(i));
  }
  return node.finish(joined);
}

LogicalResult importMin(NodeImporter &node) { return importVariadic<nn::MinOp>(node); }
LogicalResult importMax(NodeImporter &node) { return importVariadic<nn::MaxOp>(node); }
LogicalResult importSum(NodeImporter &node) { return importVariadic<nn::AddOp>(node); }

LogicalResult importPow(NodeImporter &node) {
  Value exponent = node.input(1);
  Type base = node.type(0).getElementType();
  if (node.type(1).getElementType() != base)
    exponent = node.createTyped<nn::CastOp>(node.shape(1), base, exponent);
  return node.finish(node.create<nn::PowOp>(node.input(0), exponent));
}

LogicalResult importReciprocal(NodeImporter &node) {
  return node.finish(node.create<nn::DivOp>(node.scalar(1.0f), node.input(0)));
}

static Attribute bound(Type element, float real, int64_t whole) {
  if (isa<FloatType>(element))
    return FloatAttr::get(element, real);
  return IntegerAttr::get(element, whole);
}

/// min(max(x, lower), upper) where a bound is computed at run time.
static LogicalResult importClipOfValues(NodeImporter &node) {
  Value limited = node.input(0);
  if (node.has(1))
    limited = node.create<nn::MaxOp>(node.input(1), limited);
  if (node.has(2) && limited)
    limited = node.create<nn::MinOp>(node.input(2), limited);
  return node.finish(limited);
}

LogicalResult importClip(NodeImporter &node) {
  Type element = node.type(0).getElementType();
  auto [least, most] =
      isa<IntegerType>(element) ? nn::integerRange(element) : nn::IntegerRange{0, 0};
  Attribute limits[] = {bound(element, -INFINITY, least), bound(element, INFINITY, most)};
  if (node.getOpset() < 11) {
    limits[0] = bound(element, node.floatAttr("min", -INFINITY), least);
    limits[1] = bound(element, node.floatAttr("max", INFINITY), most);
  }
  for (size_t i : {1, 2}) {
    if (!node.has(i))
      continue;
    if (node.type(i).getNumElements() != 1 || node.type(i).getElementType() != element)
      return node.fail(Twine(i == 1 ? "min" : "max") + " is " + typeText(node.type(i)) +
                       ", expected a scalar of the input's type");
    ElementsAttr value = node.known(i);
    if (!value && element.getIntOrFloatBitWidth() == 8)
      return node.fail("bounds of bytes must be constants");
    if (!value)
      return importClipOfValues(node);
    limits[i - 1] = *value.value_begin<Attribute>();
  }
  return node.finish(node.create<nn::ClipOp>(node.input(0), cast<TypedAttr>(limits[0]),
                                             cast<TypedAttr>(limits[1])));
}

LogicalResult importCast(NodeImporter &node) {
  if (!node.hasAttr("to"))
    return node.fail("attribute 'to' is missing");
  node.ignoreAttr("saturate"); // speaks of float8 only
  node.ignoreAttr("round_mode");
  int64_t to = node.intAttr("to", 0);
  Expected<Type> element =
      elementType(static_cast<int32_t>(std::clamp<int64_t>(to, 0, 9999)), node.f32().getContext());
  if (!element)
    return node.fail(toString(element.takeError()));
  return node.finish(node.createTyped<nn::CastOp>(node.shape(0), *element, node.input(0)));
}

LogicalResult importCastLike(NodeImporter &node) {
  node.ignoreAttr("saturate");
  node.ignoreAttr("round_mode");
  return node.finish(
      node.createTyped<nn::CastOp>(node.shape(0), node.type(1).getElementType(), node.input(0)));
}

LogicalResult importWhere(NodeImporter &node) {
  if (!node.type(0).getElementType().isInteger(1))
    return node.fail("condition is " + typeText(node.type(0)) + ", expected bool");
  return node.finish(node.create<nn::SelectOp>(node.input(0), node.input(1), node.input(2)));
}

} // namespace nnc
