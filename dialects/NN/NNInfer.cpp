//===- NNInfer.cpp - Result types that follow from operands --------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/NN/NNSearchOps.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace nnc::nn;

std::optional<SmallVector<int64_t>> nnc::nn::broadcastShapes(ArrayRef<int64_t> a,
                                                             ArrayRef<int64_t> b) {
  if (a.size() < b.size())
    std::swap(a, b);
  SmallVector<int64_t> shape(a);
  size_t lead = a.size() - b.size();
  for (auto [i, size] : llvm::enumerate(b)) {
    int64_t &out = shape[lead + i];
    if (out != size && out != 1 && size != 1)
      return std::nullopt;
    if (out == 1)
      out = size;
  }
  return shape;
}

static RankedTensorType tensor(Value v) { return cast<RankedTensorType>(v.getType()); }

static LogicalResult fail(std::optional<Location> loc, const Twine &message) {
  return emitOptionalError(loc, message);
}

static std::string typeName(Type type) {
  std::string name;
  llvm::raw_string_ostream(name) << "'" << type << "'";
  return name;
}

static std::string text(ArrayRef<int64_t> shape) {
  std::string s;
  llvm::raw_string_ostream os(s);
  llvm::interleave(shape, os, "x");
  return s.empty() ? "scalar" : s;
}

/// The common shape of all operands; element types are the caller's business.
static LogicalResult inferBroadcast(std::optional<Location> loc, ValueRange operands, Type element,
                                    SmallVectorImpl<Type> &types) {
  SmallVector<int64_t> shape(tensor(operands.front()).getShape());
  for (Value operand : operands.drop_front()) {
    auto joined = broadcastShapes(shape, tensor(operand).getShape());
    if (!joined)
      return fail(loc, "shapes " + text(shape) + " and " + text(tensor(operand).getShape()) +
                           " cannot be broadcast together");
    shape = *joined;
  }
  types.push_back(RankedTensorType::get(shape, element));
  return success();
}

static LogicalResult inferBinary(std::optional<Location> loc, Value lhs, Value rhs,
                                 SmallVectorImpl<Type> &types) {
  Type element = tensor(lhs).getElementType();
  if (element != tensor(rhs).getElementType())
    return fail(loc, "operands have different element types");
  return inferBroadcast(loc, {lhs, rhs}, element, types);
}

#define NNC_INFER_BINARY(OP)                                                                       \
  LogicalResult OP::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,  \
                                     SmallVectorImpl<Type> &types) {                               \
    return inferBinary(loc, adaptor.getLhs(), adaptor.getRhs(), types);                            \
  }
NNC_INFER_BINARY(AddOp)
NNC_INFER_BINARY(SubOp)
NNC_INFER_BINARY(MulOp)
NNC_INFER_BINARY(DivOp)
NNC_INFER_BINARY(PowOp)
NNC_INFER_BINARY(MinOp)
NNC_INFER_BINARY(MaxOp)
#undef NNC_INFER_BINARY

LogicalResult SelectOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                         Adaptor adaptor, SmallVectorImpl<Type> &types) {
  Type element = tensor(adaptor.getOnTrue()).getElementType();
  if (element != tensor(adaptor.getOnFalse()).getElementType())
    return fail(loc, "operands have different element types");
  return inferBroadcast(loc, {adaptor.getCondition(), adaptor.getOnTrue(), adaptor.getOnFalse()},
                        element, types);
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

bool ConvOp::isDepthwise() {
  return getGroup() > 1 && getFilter().getType().getDimSize(1) == 1 &&
         getFilter().getType().getDimSize(0) == static_cast<int64_t>(getGroup());
}

/// Integers of up to 16 bits, whose products are summed as i32.
static bool isNarrow(Type type) {
  return isa<IntegerType>(type) && type.getIntOrFloatBitWidth() <= 16 && !type.isInteger(1);
}

/// The element type in which a contraction of `lhs` sums.
static Type sumType(Value lhs) {
  Type type = tensor(lhs).getElementType();
  return isNarrow(type) ? IntegerType::get(type.getContext(), 32) : type;
}

/// Operands, the bias last and perhaps null, have one type; or factors are narrow and the bias
/// has the type of sums.
static LogicalResult checkElementTypes(std::optional<Location> loc, StringRef label, Value lhs,
                                       Value rhs, Value bias) {
  Type a = tensor(lhs).getElementType(), b = tensor(rhs).getElementType();
  if (a != b && !(isNarrow(a) && isNarrow(b)))
    return fail(loc, label + "operands must have one element type, got " + typeName(a) + " and " +
                         typeName(b));
  if (bias && tensor(bias).getElementType() != sumType(lhs))
    return fail(loc, label + "bias must have the element type of the sums, " +
                         typeName(sumType(lhs)) + ", got " +
                         typeName(tensor(bias).getElementType()));
  return success();
}

/// conv_c8
static LogicalResult checkPadValue(std::optional<Location> loc, Type type, int64_t value) {
  auto integer = dyn_cast<IntegerType>(type);
  bool fits =
      value == 0 || (integer && (integer.isUnsigned() ? llvm::isUIntN(integer.getWidth(), value)
                                                      : llvm::isIntN(integer.getWidth(), value)));
  return fits ? success()
              : fail(loc,
                     "conv_c8: pad_value " + Twine(value) + " is no value of " + typeName(type));
}

/// conv_c1 to conv_c5, conv_c7 and conv_c8; the window is checked where the output size is
/// computed.
static LogicalResult checkConv(std::optional<Location> loc, ConvOp::Adaptor conv) {
  ArrayRef<int64_t> input = tensor(conv.getInput()).getShape();
  ArrayRef<int64_t> filter = tensor(conv.getFilter()).getShape();
  if (input.size() != filter.size() || input.size() < 3)
    return fail(loc, "conv_c1: input " + text(input) + " and filter " + text(filter) +
                         " must have the same rank, at least 3");
  size_t spatial = input.size() - 2;
  if (conv.getStrides().size() != spatial || conv.getDilations().size() != spatial ||
      conv.getPads().size() != 2 * spatial)
    return fail(loc, "conv_c2: strides, dilations and pads must have " + Twine(spatial) + ", " +
                         Twine(spatial) + " and " + Twine(2 * spatial) + " entries");
  if (llvm::any_of(conv.getStrides(), [](int64_t s) { return s < 1; }) ||
      llvm::any_of(conv.getDilations(), [](int64_t d) { return d < 1; }))
    return fail(loc, "conv_c2: strides and dilations must be positive");
  int64_t group = conv.getGroup();
  if (group < 1 || input[1] != filter[1] * group)
    return fail(loc, "conv_c3: expects " + Twine(filter[1] * group) +
                         " input channels (filter channels * group), got " + Twine(input[1]));
  if (filter[0] % group != 0)
    return fail(loc, "conv_c4: " + Twine(filter[0]) + " output channels are no multiple of group " +
                         Twine(group));
  if (conv.getBias() && tensor(conv.getBias()).getShape() != ArrayRef<int64_t>(filter[0]))
    return fail(loc, "conv_c5: bias must have " + Twine(filter[0]) + " elements, got " +
                         text(tensor(conv.getBias()).getShape()));
  if (failed(checkPadValue(loc, tensor(conv.getInput()).getElementType(), conv.getPadValue())))
    return failure();
  return checkElementTypes(loc, "conv_c7: ", conv.getInput(), conv.getFilter(), conv.getBias());
}

LogicalResult ConvOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                       SmallVectorImpl<Type> &types) {
  if (failed(checkConv(loc, adaptor)))
    return failure();
  ArrayRef<int64_t> input = tensor(adaptor.getInput()).getShape();
  ArrayRef<int64_t> filter = tensor(adaptor.getFilter()).getShape();
  SmallVector<int64_t> shape{input[0], filter[0]};
  for (size_t i = 0, n = input.size() - 2; i < n; ++i) {
    int64_t window = (filter[i + 2] - 1) * adaptor.getDilations()[i] + 1;
    int64_t padded = input[i + 2] + adaptor.getPads()[i] + adaptor.getPads()[n + i];
    if (window > padded || filter[i + 2] < 1)
      return fail(loc, "conv_c6: a window of " + Twine(window) + " does not fit into " +
                           Twine(padded) + " padded elements of spatial dimension " + Twine(i));
    shape.push_back((padded - window) / adaptor.getStrides()[i] + 1);
  }
  types.push_back(RankedTensorType::get(shape, sumType(adaptor.getInput())));
  return success();
}

LogicalResult MatMulOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                         Adaptor adaptor, SmallVectorImpl<Type> &types) {
  RankedTensorType lhs = tensor(adaptor.getLhs()), rhs = tensor(adaptor.getRhs());
  if (lhs.getRank() < 2 || rhs.getRank() < 2)
    return fail(loc, "operands must have rank 2 or more");
  int64_t k = lhs.getShape().back(), n = rhs.getShape().back();
  if (rhs.getDimSize(rhs.getRank() - 2) != k)
    return fail(loc, "lhs " + text(lhs.getShape()) + " and rhs " + text(rhs.getShape()) +
                         " disagree on the inner dimension");
  auto batch = broadcastShapes(lhs.getShape().drop_back(2), rhs.getShape().drop_back(2));
  if (!batch)
    return fail(loc, "batch dimensions of " + text(lhs.getShape()) + " and " +
                         text(rhs.getShape()) + " cannot be broadcast together");
  if (adaptor.getBias() && tensor(adaptor.getBias()).getShape() != ArrayRef<int64_t>(n))
    return fail(loc, "bias must have " + Twine(n) + " elements, got " +
                         text(tensor(adaptor.getBias()).getShape()));
  if (failed(checkElementTypes(loc, "", adaptor.getLhs(), adaptor.getRhs(), adaptor.getBias())))
    return failure();
  batch->append({lhs.getDimSize(lhs.getRank() - 2), n});
  types.push_back(RankedTensorType::get(*batch, sumType(adaptor.getLhs())));
  return success();
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

bool nnc::nn::areAxes(ArrayRef<int64_t> axes, int64_t rank) {
  bool inRange = axes.empty() || (axes.front() >= 0 && axes.back() < rank);
  return inRange && llvm::is_sorted(axes) &&
         std::adjacent_find(axes.begin(), axes.end()) == axes.end();
}

static LogicalResult inferReduce(std::optional<Location> loc, Value input, ArrayRef<int64_t> axes,
                                 bool keepdims, SmallVectorImpl<Type> &types) {
  RankedTensorType type = tensor(input);
  if (!areAxes(axes, type.getRank()))
    return fail(loc, "axes must be ascending dimensions of the input");
  SmallVector<int64_t> shape;
  for (auto [d, size] : llvm::enumerate(type.getShape())) {
    if (!llvm::is_contained(axes, static_cast<int64_t>(d)))
      shape.push_back(size);
    else if (keepdims)
      shape.push_back(1);
  }
  types.push_back(RankedTensorType::get(shape, type.getElementType()));
  return success();
}

#define NNC_INFER_REDUCE(OP)                                                                       \
  LogicalResult OP::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,  \
                                     SmallVectorImpl<Type> &types) {                               \
    return inferReduce(loc, adaptor.getInput(), adaptor.getAxes(), adaptor.getKeepdims(), types);  \
  }
NNC_INFER_REDUCE(ReduceSumOp)
NNC_INFER_REDUCE(ReduceMeanOp)
NNC_INFER_REDUCE(ReduceMaxOp)
#undef NNC_INFER_REDUCE

LogicalResult ArgMaxOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                         Adaptor adaptor, SmallVectorImpl<Type> &types) {
  auto axis = static_cast<int64_t>(adaptor.getAxis());
  if (failed(inferReduce(loc, adaptor.getInput(), axis, adaptor.getKeepdims(), types)))
    return failure();
  if (tensor(adaptor.getInput()).getDimSize(axis) == 0)
    return fail(loc, "there is no greatest of no elements");
  types.back() = cast<RankedTensorType>(types.back()).clone(IntegerType::get(context, 64));
  return success();
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                            Adaptor adaptor, SmallVectorImpl<Type> &types) {
  RankedTensorType type = tensor(adaptor.getInput());
  SmallVector<int64_t> sorted(adaptor.getPermutation());
  llvm::sort(sorted);
  if (sorted != llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())))
    return fail(loc,
                "permutation must name each of the " + Twine(type.getRank()) + " dimensions once");
  SmallVector<int64_t> shape;
  for (int64_t d : adaptor.getPermutation())
    shape.push_back(type.getDimSize(d));
  types.push_back(RankedTensorType::get(shape, type.getElementType()));
  return success();
}

LogicalResult ConcatOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                         Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (adaptor.getInputs().empty())
    return fail(loc, "needs at least one operand");
  RankedTensorType first = tensor(adaptor.getInputs().front());
  int64_t axis = adaptor.getAxis();
  if (axis < 0 || axis >= first.getRank())
    return fail(loc, "axis " + Twine(axis) + " is no dimension of rank " + Twine(first.getRank()));
  SmallVector<int64_t> shape(first.getShape());
  shape[axis] = 0;
  for (Value input : adaptor.getInputs()) {
    RankedTensorType type = tensor(input);
    if (type.getElementType() != first.getElementType() || type.getRank() != first.getRank())
      return fail(loc, "operands have different element types or ranks");
    for (int64_t d = 0; d < first.getRank(); ++d)
      if (d != axis && type.getDimSize(d) != shape[d])
        return fail(loc, "operands differ in dimension " + Twine(d) + ": " + Twine(shape[d]) +
                             " and " + Twine(type.getDimSize(d)));
    shape[axis] += type.getDimSize(axis);
  }
  types.push_back(RankedTensorType::get(shape, first.getElementType()));
  return success();
}

LogicalResult PadOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                      SmallVectorImpl<Type> &types) {
  RankedTensorType type = tensor(adaptor.getInput());
  ArrayRef<int64_t> low = adaptor.getLow(), high = adaptor.getHigh();
  if (static_cast<int64_t>(low.size()) != type.getRank() || low.size() != high.size())
    return fail(loc, "low and high must have one entry per dimension");
  if (adaptor.getValue().getType() != type.getElementType())
    return fail(loc, "value must have the element type " + typeName(type.getElementType()) +
                         ", got " + typeName(adaptor.getValue().getType()));
  SmallVector<int64_t> shape;
  for (auto [d, size] : llvm::enumerate(type.getShape())) {
    // Reflect reads up to size - 1 elements on either side, the others up to size.
    int64_t most = adaptor.getMode() == PadMode::Reflect ? size - 1 : size;
    bool limited = adaptor.getMode() == PadMode::Reflect || adaptor.getMode() == PadMode::Wrap;
    if (low[d] < 0 || high[d] < 0 || (limited && (low[d] > most || high[d] > most)) ||
        (adaptor.getMode() == PadMode::Edge && size == 0 && low[d] + high[d] > 0))
      return fail(loc, "pads " + Twine(low[d]) + " and " + Twine(high[d]) + " of dimension " +
                           Twine(d) + " (size " + Twine(size) + ") are out of range for the mode");
    shape.push_back(low[d] + size + high[d]);
  }
  types.push_back(RankedTensorType::get(shape, type.getElementType()));
  return success();
}

LogicalResult GatherOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                         Adaptor adaptor, SmallVectorImpl<Type> &types) {
  RankedTensorType data = tensor(adaptor.getData()), indices = tensor(adaptor.getIndices());
  int64_t axis = adaptor.getAxis();
  if (axis < 0 || axis >= data.getRank())
    return fail(loc, "axis " + Twine(axis) + " is no dimension of rank " + Twine(data.getRank()));
  if (data.getDimSize(axis) == 0 && indices.getNumElements() > 0)
    return fail(loc, "cannot gather from an empty dimension");
  SmallVector<int64_t> shape(data.getShape().take_front(axis));
  llvm::append_range(shape, indices.getShape());
  llvm::append_range(shape, data.getShape().drop_front(axis + 1));
  types.push_back(RankedTensorType::get(shape, data.getElementType()));
  return success();
}
