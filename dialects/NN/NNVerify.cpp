//===- NNVerify.cpp - Constraints beyond result types --------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/NN/ElementTypes.h"
#include "dialects/NN/NNOps.h"

#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace nnc::nn;

/// Window attributes of both poolings: sizes, positivity, and every window
/// reaches over the input, if only a dilated one between its taps.
template <typename Op>
static LogicalResult verifyPool(Op op) {
  RankedTensorType input = op.getInput().getType(), result = op.getType();
  size_t spatial = op.getKernel().size();
  if (input.getRank() != static_cast<int64_t>(spatial) + 2 || result.getRank() != input.getRank() ||
      op.getStrides().size() != spatial || op.getDilations().size() != spatial ||
      op.getPads().size() != 2 * spatial)
    return op.emitOpError(
        "expects one kernel, stride and dilation and two pads per spatial dimension");
  if (input.getShape().take_front(2) != result.getShape().take_front(2) ||
      input.getElementType() != result.getElementType())
    return op.emitOpError("keeps batch, channels and element type");
  for (size_t i = 0; i < spatial; ++i) {
    int64_t low = op.getPads()[i], window = (op.getKernel()[i] - 1) * op.getDilations()[i] + 1;
    if (op.getKernel()[i] < 1 || op.getStrides()[i] < 1 || op.getDilations()[i] < 1 || low < 0 ||
        op.getPads()[spatial + i] < 0)
      return op.emitOpError("expects positive kernel, strides and dilations and no negative pad");
    int64_t lastStart = (result.getDimSize(i + 2) - 1) * op.getStrides()[i] - low;
    if (low >= window || lastStart >= input.getDimSize(i + 2))
      return op.emitOpError("has a window outside of the input in spatial dimension ") << i;
  }
  return success();
}

LogicalResult MaxPoolOp::verify() { return verifyPool(*this); }
LogicalResult AveragePoolOp::verify() { return verifyPool(*this); }

//===----------------------------------------------------------------------===//
// Attributes of arguments and results
//===----------------------------------------------------------------------===//

static bool isPackedIn(Attribute value, Type bytes) {
  auto stated = dyn_cast<TypeAttr>(value);
  auto type = stated ? dyn_cast<RankedTensorType>(stated.getValue()) : RankedTensorType();
  if (!type || !type.hasStaticShape() || !shapeProblem(type.getShape()).empty())
    return false;
  const ElementType *element = findElementType(type.getElementType());
  return element && element->isSubByte() && packedType(type) == bytes;
}

LogicalResult nnc::nn::verifyPortAttribute(Operation *owner, NamedAttribute attribute, Type type) {
  Attribute value = attribute.getValue();
  if (attribute.getName() == scaleAttr) {
    auto scale = dyn_cast<FloatAttr>(value);
    if (!scale || !scale.getType().isF32() || !scale.getValue().isNormal() ||
        scale.getValue().isNegative())
      return owner->emitError() << scaleAttr << " must be a positive number of type f32";
  }
  if (attribute.getName() == zeroPointAttr)
    if (auto zero = dyn_cast<IntegerAttr>(value); !zero || !zero.getType().isSignlessInteger(32))
      return owner->emitError() << zeroPointAttr << " must be an integer of type i32";
  if (attribute.getName() == roundingAttr)
    if (auto mode = dyn_cast<StringAttr>(value); !mode || !symbolizeRoundingMode(mode.getValue()))
      return owner->emitError() << roundingAttr << " must name a rounding mode";
  if (attribute.getName() == packedAttr && !isPackedIn(value, type))
    return owner->emitError() << packedAttr
                              << " must be a tensor of elements below eight bits that " << type
                              << " holds";
  if (attribute.getName() == leftToCallerAttr) {
    auto nodes = dyn_cast<ArrayAttr>(value);
    if (!nodes || nodes.empty() || !llvm::all_of(nodes, llvm::IsaPred<StringAttr>))
      return owner->emitError() << leftToCallerAttr << " must name ONNX nodes";
  }
  return success();
}

LogicalResult NNDialect::verifyRegionArgAttribute(Operation *op, unsigned, unsigned argument,
                                                  NamedAttribute attribute) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  return function ? verifyPortAttribute(op, attribute, function.getArgumentTypes()[argument])
                  : success();
}

LogicalResult NNDialect::verifyRegionResultAttribute(Operation *op, unsigned, unsigned result,
                                                     NamedAttribute attribute) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  return function ? verifyPortAttribute(op, attribute, function.getResultTypes()[result])
                  : success();
}

//===----------------------------------------------------------------------===//
// Ops
//===----------------------------------------------------------------------===//

LogicalResult ClipOp::verify() {
  Type element = getType().getElementType();
  if (getMin().getType() != element || getMax().getType() != element)
    return emitOpError("bounds must have the element type ") << element;
  return success();
}

/// An operand that broadcasts to the first one, and what diagnostics call it.
using NamedOperand = std::pair<StringRef, Value>;

/// Shapes of what quantization takes and gives; `stored` is the type that the zero point shares,
/// `factors` are what broadcasts to the input beside it.
template <typename Op>
static LogicalResult verifyQuantization(Op op, Type stored, ArrayRef<NamedOperand> factors) {
  RankedTensorType input = op.getInput().getType();
  if (input.getShape() != op.getType().getShape())
    return op.emitOpError("keeps the shape of its input");
  if (op.getZeroPoint().getType().getElementType() != stored)
    return op.emitOpError("zero point must have the element type ") << stored;
  SmallVector<NamedOperand> parameters(factors);
  parameters.emplace_back("zero point", op.getZeroPoint());
  for (auto [name, v] : parameters) {
    auto type = cast<RankedTensorType>(v.getType());
    auto joined = broadcastShapes(input.getShape(), type.getShape());
    if (!joined || ArrayRef<int64_t>(*joined) != input.getShape() ||
        type.getRank() > input.getRank())
      return op.emitOpError() << name << " must broadcast to the input, got " << type;
  }
  return success();
}

LogicalResult QuantizeOp::verify() {
  return verifyQuantization(*this, getType().getElementType(), {{"scale", getScale()}});
}
LogicalResult RequantizeOp::verify() {
  return verifyQuantization(*this, getType().getElementType(), {{"scale", getScale()}});
}
LogicalResult DequantizeOp::verify() {
  return verifyQuantization(*this, getInput().getType().getElementType(), {{"scale", getScale()}});
}

/// A constant's elements, i32, are from `least` to `most`; of other values nothing is known.
static LogicalResult verifyRange(Operation *op, NamedOperand operand, int64_t least, int64_t most) {
  auto constant = operand.second.getDefiningOp<ConstantOp>();
  if (!constant || !isa<DenseResourceElementsAttr, DenseIntOrFPElementsAttr>(constant.getValue()))
    return success();
  std::vector<char> bytes = elementBytes(constant.getValue());
  for (size_t i = 0; i + sizeof(int32_t) <= bytes.size(); i += sizeof(int32_t)) {
    int32_t n = llvm::support::endian::read32le(&bytes[i]);
    if (n < least || n > most)
      return op->emitOpError() << operand.first << " must be from " << least << " to " << most
                               << ", got " << n;
  }
  return success();
}

LogicalResult RescaleOp::verify() {
  NamedOperand multiplier("multiplier", getMultiplier()), shift("shift", getShift());
  auto [least, most] = shiftRange();
  if (failed(verifyQuantization(*this, getType().getElementType(), {multiplier, shift})) ||
      failed(verifyRange(*this, multiplier, 0, INT32_MAX)))
    return failure();
  return verifyRange(*this, shift, least, most);
}

/// The elements of rows of `width` ascend; NaN is not in order with anything.
template <typename T>
static bool haveAscendingRows(ArrayRef<char> bytes, int64_t width) {
  auto at = [&](int64_t i) {
    return llvm::support::endian::read<T, llvm::endianness::native>(&bytes[i * sizeof(T)]);
  };
  for (int64_t i = 0, n = bytes.size() / sizeof(T); i < n; ++i)
    if (!(at(i) >= at(i % width == 0 ? i : i - 1)))
      return false;
  return true;
}

/// Of what is no constant nothing is known.
static bool haveAscendingRows(Value thresholds) {
  auto constant = thresholds.getDefiningOp<ConstantOp>();
  if (!constant || !isa<DenseResourceElementsAttr, DenseIntOrFPElementsAttr>(constant.getValue()))
    return true;
  std::vector<char> bytes = elementBytes(constant.getValue());
  auto type = cast<RankedTensorType>(thresholds.getType());
  bool ascending = true;
  visitElementType(type.getElementType(), [&](auto zero) {
    ascending = haveAscendingRows<decltype(zero)>(bytes, type.getDimSize(1));
  });
  return ascending;
}

LogicalResult ThresholdOp::verify() {
  RankedTensorType input = getInput().getType(), thresholds = getThresholds().getType();
  if (input.getElementType() != thresholds.getElementType())
    return emitOpError("(threshold_c1) compares ")
           << input.getElementType() << " with " << thresholds.getElementType();
  if (input.getShape() != getType().getShape())
    return emitOpError("keeps the shape of its input");
  auto channel = static_cast<int64_t>(getChannel());
  if (channel < 0 || channel >= input.getRank())
    return emitOpError("(threshold_c2) channel ")
           << channel << " is no dimension of rank " << input.getRank();
  if (thresholds.getRank() != 2 ||
      (thresholds.getDimSize(0) != 1 && thresholds.getDimSize(0) != input.getDimSize(channel)))
    return emitOpError("(threshold_c2) expects ")
           << input.getDimSize(channel) << " rows of thresholds or one, got " << thresholds;
  auto [least, most] = integerRange(getType().getElementType());
  auto from = static_cast<int64_t>(getLeast());
  if (from < least || from > most || thresholds.getDimSize(1) > most - from)
    return emitOpError("(threshold_c3) ") << getType().getElementType() << " does not hold " << from
                                          << " to " << from << " + " << thresholds.getDimSize(1);
  if (!haveAscendingRows(getThresholds()))
    return emitOpError("(threshold_c4) expects thresholds in ascending order");
  return success();
}

LogicalResult LookupOp::verify() {
  if (getTable().size() != 256)
    return emitOpError("expects a table of 256 numbers, got ") << getTable().size();
  Type from = getInput().getType().getElementType(), to = getType().getElementType();
  if (from.getIntOrFloatBitWidth() != to.getIntOrFloatBitWidth())
    return emitOpError("maps bytes to bytes or i32 to i32, got ") << from << " and " << to;
  auto [least, most] = integerRange(to);
  for (int64_t n : getTable())
    if (n < least || n > most)
      return emitOpError("expects numbers of ") << to << ", got " << n;
  return success();
}

static bool isExact(ProportionOp op) { return op.getDivision() == Division::HalfEven; }

std::pair<int64_t, int64_t> ProportionOp::inputRange() {
  return {0, isExact(*this) ? int64_t(1) << 30 : INT32_MAX};
}
std::pair<int64_t, int64_t> ProportionOp::sumRange() {
  if (isExact(*this))
    return {int64_t(1) << 20, (int64_t(1) << 61) - 1};
  return {int64_t(1) << 19, INT32_MAX};
}

LogicalResult ProportionOp::verify() {
  int64_t most = isExact(*this) ? 32 : 16;
  if (static_cast<int64_t>(getShift()) < 0 || static_cast<int64_t>(getShift()) > most)
    return emitOpError("expects a shift of 0 to ") << most;
  return verifyQuantization(*this, getType().getElementType(), {{"sum", getSum()}});
}

template <typename Op>
static LogicalResult verifyAxes(Op op) {
  if (!areAxes(op.getAxes(), op.getType().getRank()))
    return op.emitOpError("axes must be ascending dimensions of the input");
  return success();
}

LogicalResult SoftmaxOp::verify() { return verifyAxes(*this); }
LogicalResult LogSoftmaxOp::verify() { return verifyAxes(*this); }

LogicalResult LayerNormOp::verify() {
  RankedTensorType input = getInput().getType();
  if (getType() != input)
    return emitOpError("keeps the type of its input");
  if (static_cast<int64_t>(getAxis()) < 0 || static_cast<int64_t>(getAxis()) >= input.getRank())
    return emitOpError("axis ") << getAxis() << " is no dimension of rank " << input.getRank();
  for (Value v : {Value(getScale()), Value(getBias())})
    if (v) {
      auto joined =
          broadcastShapes(input.getShape(), cast<RankedTensorType>(v.getType()).getShape());
      if (!joined || ArrayRef<int64_t>(*joined) != input.getShape())
        return emitOpError("scale and bias must broadcast to the input");
    }
  return success();
}

LogicalResult BatchNormOp::verify() {
  RankedTensorType input = getInput().getType();
  if (getType() != input || input.getRank() < 2)
    return emitOpError("keeps the type of its input, which has rank 2 or more");
  for (Value v : getOperands().drop_front()) {
    auto type = cast<RankedTensorType>(v.getType());
    if (type.getRank() != 1 || type.getDimSize(0) != input.getDimSize(1))
      return emitOpError("expects ")
             << input.getDimSize(1) << " elements per statistic, got " << type;
  }
  return success();
}

LogicalResult ReshapeOp::verify() {
  RankedTensorType from = getInput().getType(), to = getType();
  if (from.getElementType() != to.getElementType() || from.getNumElements() != to.getNumElements())
    return emitOpError("must keep element type and count, got ") << from << " and " << to;
  return success();
}

/// `elements` below eight bits in `bytes`, both in a row.
static LogicalResult verifyPacking(Operation *op, RankedTensorType elements,
                                   RankedTensorType bytes) {
  if (elements.getRank() != 1 || packedType(elements) != bytes)
    return op->emitOpError("expects elements in a row and ")
           << packedType(elements) << " for them, got " << elements << " and " << bytes;
  return success();
}

LogicalResult UnpackOp::verify() { return verifyPacking(*this, getType(), getInput().getType()); }
LogicalResult PackOp::verify() { return verifyPacking(*this, getInput().getType(), getType()); }

LogicalResult BroadcastOp::verify() {
  RankedTensorType from = getInput().getType(), to = getType();
  auto joined = broadcastShapes(from.getShape(), to.getShape());
  if (from.getElementType() != to.getElementType() || !joined ||
      ArrayRef<int64_t>(*joined) != to.getShape() || from.getRank() > to.getRank())
    return emitOpError("cannot repeat ") << from << " to " << to;
  return success();
}

LogicalResult SliceOp::verify() {
  RankedTensorType from = getInput().getType(), to = getType();
  if (from.getElementType() != to.getElementType() || from.getRank() != to.getRank() ||
      static_cast<int64_t>(getStarts().size()) != from.getRank() ||
      getSteps().size() != getStarts().size())
    return emitOpError(
        "expects one start and one step per dimension and keeps rank and element type");
  for (int64_t d = 0; d < from.getRank(); ++d) {
    int64_t count = to.getDimSize(d);
    if (count == 0)
      continue;
    int64_t first = getStarts()[d], last = first + (count - 1) * getSteps()[d];
    int64_t size = from.getDimSize(d);
    if (getSteps()[d] == 0 || first < 0 || first >= size || last < 0 || last >= size)
      return emitOpError("reads outside of dimension ") << d << " (size " << size << ")";
  }
  return success();
}
