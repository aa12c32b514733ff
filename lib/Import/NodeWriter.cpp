//===- NodeWriter.cpp - Which ONNX operator an nn op is ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "GraphWriter.h"

#include "dialects/NN/ElementTypes.h"
#include "dialects/NN/NNSearchOps.h"
#include "dialects/NN/Values.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

using nn::typeOf;

static Error refuse(Operation *op, const Twine &why) {
  return createStringError("-emit=onnx: '" + GraphWriter::baseName(op) + "' " + why);
}

static std::vector<std::string> operandNames(GraphWriter &graph, Operation *op) {
  std::vector<std::string> names;
  for (Value v : op->getOperands())
    names.push_back(graph.nameOf(v));
  return names;
}

/// Ops that are an operator of the same operands without attributes; empty: none.
static StringRef plainKind(Operation *op) {
  return llvm::StringSwitch<StringRef>(op->getName().stripDialect())
      .Case("add", "Add")
      .Case("sub", "Sub")
      .Case("mul", "Mul")
      .Case("div", "Div")
      .Case("pow", "Pow")
      .Case("min", "Min")
      .Case("max", "Max")
      .Case("select", "Where")
      .Case("relu", "Relu")
      .Case("sigmoid", "Sigmoid")
      .Case("tanh", "Tanh")
      .Case("exp", "Exp")
      .Case("log", "Log")
      .Case("sqrt", "Sqrt")
      .Case("erf", "Erf")
      .Case("neg", "Neg")
      .Default("");
}

//===----------------------------------------------------------------------===//
// Contractions and pooling
//===----------------------------------------------------------------------===//

static Error writeConv(GraphWriter &graph, nn::ConvOp op) {
  onnx::NodeProto &node = graph.addNode(op, "Conv", operandNames(graph, op));
  setInts(node, "kernel_shape", typeOf(op.getFilter()).getShape().drop_front(2));
  setInts(node, "strides", op.getStrides());
  setInts(node, "dilations", op.getDilations());
  setInts(node, "pads", op.getPads());
  setInt(node, "group", op.getGroup());
  return Error::success();
}

static Error writeMatMul(GraphWriter &graph, nn::MatMulOp op) {
  bool isBatch = typeOf(op.getLhs()).getRank() > 2 || typeOf(op.getRhs()).getRank() > 2;
  std::vector<std::string> operands = operandNames(graph, op);
  if (!op.getBias() || !isBatch) {
    graph.addNode(op, op.getBias() ? "Gemm" : "MatMul", operands);
    return Error::success();
  }
  // Gemm is of two matrices: a sum behind MatMul is taken for the bias when it is read.
  std::string product = graph.uniqueName(GraphWriter::baseName(op) + "_product");
  graph.addNode(op, "MatMul", {operands[0], operands[1]}).set_output(0, product);
  graph.addNode(op, "Add", {product, operands[2]});
  return Error::success();
}

/// With ceil_mode windows reach past the end padding: more of them than without.
template <typename Pool>
static bool isCeil(Pool op) {
  size_t spatial = op.getKernel().size();
  for (size_t i = 0; i < spatial; ++i) {
    int64_t window = (op.getKernel()[i] - 1) * op.getDilations()[i] + 1;
    int64_t size =
        typeOf(op.getInput()).getDimSize(i + 2) + op.getPads()[i] + op.getPads()[spatial + i];
    if (op.getType().getDimSize(i + 2) > (size - window) / op.getStrides()[i] + 1)
      return true;
  }
  return false;
}

template <typename Pool>
static onnx::NodeProto &writePool(GraphWriter &graph, Pool op, StringRef kind) {
  onnx::NodeProto &node = graph.addNode(op, kind, {graph.nameOf(op.getInput())});
  setInts(node, "kernel_shape", op.getKernel());
  setInts(node, "strides", op.getStrides());
  setInts(node, "pads", op.getPads());
  setInt(node, "ceil_mode", isCeil(op));
  return node;
}

static Error writeMaxPool(GraphWriter &graph, nn::MaxPoolOp op) {
  setInts(writePool(graph, op, "MaxPool"), "dilations", op.getDilations());
  return Error::success();
}

static Error writeAveragePool(GraphWriter &graph, nn::AveragePoolOp op) {
  if (any_of(op.getDilations(), [](int64_t d) { return d != 1; }))
    return refuse(op, "has dilations, which AveragePool of opset 17 has not");
  setInt(writePool(graph, op, "AveragePool"), "count_include_pad", op.getCountIncludePad());
  return Error::success();
}

/// Over all dimensions behind the channels, kept: what runtimes know as one operator.
static bool isGlobal(nn::ReduceMeanOp op) {
  int64_t rank = typeOf(op.getInput()).getRank();
  return op.getKeepdims() && rank >= 3 &&
         op.getAxes() == ArrayRef(to_vector(seq<int64_t>(2, rank)));
}

static Error writeReduction(GraphWriter &graph, Operation *op, StringRef kind) {
  auto axes = op->getAttrOfType<DenseI64ArrayAttr>("axes").asArrayRef();
  std::vector<std::string> inputs = operandNames(graph, op);
  bool areInputs = kind == "ReduceSum"; // the others take them so from opset 18 on
  if (areInputs)
    inputs.push_back(
        graph.addIntegers(GraphWriter::baseName(op) + "_axes", axes, op->getContext()));
  onnx::NodeProto &node = graph.addNode(op, kind, inputs);
  if (!areInputs)
    setInts(node, "axes", axes);
  setInt(node, "keepdims", op->getAttrOfType<BoolAttr>("keepdims").getValue());
  return Error::success();
}

static Error writeMean(GraphWriter &graph, nn::ReduceMeanOp op) {
  if (!isGlobal(op))
    return writeReduction(graph, op, "ReduceMean");
  graph.addNode(op, "GlobalAveragePool", operandNames(graph, op));
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Quantization
//===----------------------------------------------------------------------===//

/// The dimension of a tensor of `rank` that `scale` runs along; -1: it is one number.
static Expected<int64_t> axisOf(Operation *op, Value scale, int64_t rank) {
  int64_t axis = -1;
  for (auto [d, size] : enumerate(typeOf(scale).getShape()))
    if (size != 1) {
      if (axis >= 0)
        return refuse(op, "has scales along two axes");
      axis = rank - typeOf(scale).getRank() + static_cast<int64_t>(d);
    }
  return axis;
}

/// A constant of one number or a row of `count`, as ONNX states scales and zero points.
static Expected<std::string> writeRow(GraphWriter &graph, Operation *op, Value v, int64_t count,
                                      StringRef name) {
  auto constant = v.getDefiningOp<nn::ConstantOp>();
  if (!constant)
    return refuse(op, "has a scale or zero point that is known at run time only");
  std::vector<char> bytes = nn::elementBytes(constant.getValue()), row;
  bool repeats = typeOf(v).getNumElements() == 1;
  for (int64_t i = 0; i < (repeats ? std::max<int64_t>(count, 1) : 1); ++i)
    row.insert(row.end(), bytes.begin(), bytes.end());
  SmallVector<int64_t> shape;
  if (count)
    shape.push_back(count);
  return graph.addTensor(name, shape, typeOf(v).getElementType(), row);
}

template <typename Op>
static Error writeQuantization(GraphWriter &graph, Op op, StringRef kind) {
  Expected<int64_t> axis = axisOf(op, op.getScale(), op.getType().getRank());
  if (!axis)
    return axis.takeError();
  int64_t count = *axis < 0 ? 0 : typeOf(op.getScale()).getNumElements();
  std::string base = GraphWriter::baseName(op);
  Expected<std::string> scale = writeRow(graph, op, op.getScale(), count, base + "_scale");
  if (!scale)
    return scale.takeError();
  std::vector<std::string> inputs{graph.nameOf(op.getInput()), *scale};
  // An int32 counts from 0; ONNX wants nothing to be said of it.
  if (!typeOf(op.getZeroPoint()).getElementType().isInteger(32)) {
    Expected<std::string> zero =
        writeRow(graph, op, op.getZeroPoint(), count, base + "_zero_point");
    if (!zero)
      return zero.takeError();
    inputs.push_back(*zero);
  }
  onnx::NodeProto &node = graph.addNode(op, kind, inputs);
  if (*axis >= 0)
    setInt(node, "axis", *axis);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Elementwise with attributes, normalisations
//===----------------------------------------------------------------------===//

static Error writeClip(GraphWriter &graph, nn::ClipOp op) {
  std::vector<std::string> inputs{graph.nameOf(op.getInput())};
  for (auto [bound, name] : {std::pair(op.getMin(), "_min"), {op.getMax(), "_max"}}) {
    auto type = RankedTensorType::get({}, op.getType().getElementType());
    std::vector<char> bytes = nn::elementBytes(DenseElementsAttr::get(type, Attribute(bound)));
    inputs.push_back(
        graph.addTensor(GraphWriter::baseName(op) + name, {}, type.getElementType(), bytes));
  }
  graph.addNode(op, "Clip", inputs);
  return Error::success();
}

static Error writeLeakyRelu(GraphWriter &graph, nn::LeakyReluOp op) {
  setFloat(graph.addNode(op, "LeakyRelu", operandNames(graph, op)), "alpha",
           op.getAlpha().convertToFloat());
  return Error::success();
}

static Error writeCast(GraphWriter &graph, nn::CastOp op) {
  setInt(graph.addNode(op, "Cast", operandNames(graph, op)), "to",
         nn::findElementType(typeOf(op.getResult()).getElementType())->onnx);
  return Error::success();
}

template <typename Op>
static Error writeSoftmax(GraphWriter &graph, Op op, StringRef kind) {
  if (op.getAxes().size() != 1)
    return refuse(op, "normalises over several axes, which " + kind + " of opset 17 does not");
  setInt(graph.addNode(op, kind, operandNames(graph, op)), "axis", op.getAxes().front());
  return Error::success();
}

static Error writeLayerNorm(GraphWriter &graph, nn::LayerNormOp op) {
  onnx::NodeProto &node = graph.addNode(op, "LayerNormalization", operandNames(graph, op));
  setInt(node, "axis", op.getAxis());
  setFloat(node, "epsilon", op.getEpsilon().convertToFloat());
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

/// Reshape and Expand: the shape is an operand.
static Error writeShaped(GraphWriter &graph, Operation *op, StringRef kind) {
  std::string shape = graph.addIntegers(GraphWriter::baseName(op) + "_shape",
                                        typeOf(op->getResult(0)).getShape(), op->getContext());
  graph.addNode(op, kind, {graph.nameOf(op->getOperand(0)), shape});
  return Error::success();
}

static Error writeSlice(GraphWriter &graph, nn::SliceOp op) {
  SmallVector<int64_t> ends;
  for (auto [d, count] : enumerate(typeOf(op.getResult()).getShape())) {
    int64_t end = op.getStarts()[d] + op.getSteps()[d] * count;
    // Backwards past the first element: negative ends count from behind.
    ends.push_back(end < 0 ? -typeOf(op.getInput()).getDimSize(d) - 1 : end);
  }
  std::string base = GraphWriter::baseName(op);
  auto integers = [&](StringRef name, ArrayRef<int64_t> values) {
    return graph.addIntegers(base + name.str(), values, op.getContext());
  };
  auto axes = to_vector(seq<int64_t>(0, ends.size()));
  std::vector<std::string> inputs{graph.nameOf(op.getInput()), integers("_starts", op.getStarts()),
                                  integers("_ends", ends), integers("_axes", axes),
                                  integers("_steps", op.getSteps())};
  graph.addNode(op, "Slice", inputs);
  return Error::success();
}

static Error writePad(GraphWriter &graph, nn::PadOp op) {
  if (op.getMode() == nn::PadMode::Wrap)
    return refuse(op, "pads from the other side, which Pad of opset 17 does not");
  SmallVector<int64_t> pads(op.getLow());
  append_range(pads, op.getHigh());
  std::string base = GraphWriter::baseName(op);
  auto type = RankedTensorType::get({}, op.getType().getElementType());
  std::vector<char> value =
      nn::elementBytes(DenseElementsAttr::get(type, Attribute(op.getValue())));
  std::vector<std::string> inputs{
      graph.nameOf(op.getInput()), graph.addIntegers(base + "_pads", pads, op.getContext()),
      graph.addTensor(base + "_value", {}, type.getElementType(), value)};
  setString(graph.addNode(op, "Pad", inputs), "mode", nn::stringifyPadMode(op.getMode()));
  return Error::success();
}

static Error writeTranspose(GraphWriter &graph, nn::TransposeOp op) {
  setInts(graph.addNode(op, "Transpose", operandNames(graph, op)), "perm", op.getPermutation());
  return Error::success();
}

/// Concat and Gather.
static Error writeAlongAxis(GraphWriter &graph, Operation *op, StringRef kind) {
  setInt(graph.addNode(op, kind, operandNames(graph, op)), "axis",
         op->getAttrOfType<IntegerAttr>("axis").getInt());
  return Error::success();
}

static Error writeArgMax(GraphWriter &graph, nn::ArgMaxOp op) {
  onnx::NodeProto &node = graph.addNode(op, "ArgMax", operandNames(graph, op));
  setInt(node, "axis", static_cast<int64_t>(op.getAxis()));
  setInt(node, "keepdims", op.getKeepdims());
  setInt(node, "select_last_index", op.getLast());
  return Error::success();
}

Error writeOp(GraphWriter &graph, Operation *op) {
  if (StringRef kind = plainKind(op); !kind.empty()) {
    graph.addNode(op, kind, operandNames(graph, op));
    return Error::success();
  }
  return llvm::TypeSwitch<Operation *, Error>(op)
      .Case([&](nn::ConvOp o) { return writeConv(graph, o); })
      .Case([&](nn::MatMulOp o) { return writeMatMul(graph, o); })
      .Case([&](nn::MaxPoolOp o) { return writeMaxPool(graph, o); })
      .Case([&](nn::AveragePoolOp o) { return writeAveragePool(graph, o); })
      .Case([&](nn::ReduceMeanOp o) { return writeMean(graph, o); })
      .Case([&](nn::ReduceSumOp o) { return writeReduction(graph, o, "ReduceSum"); })
      .Case([&](nn::ReduceMaxOp o) { return writeReduction(graph, o, "ReduceMax"); })
      .Case([&](nn::ArgMaxOp o) { return writeArgMax(graph, o); })
      .Case([&](nn::QuantizeOp o) { return writeQuantization(graph, o, "QuantizeLinear"); })
      .Case([&](nn::DequantizeOp o) { return writeQuantization(graph, o, "DequantizeLinear"); })
      .Case([&](nn::ClipOp o) { return writeClip(graph, o); })
      .Case([&](nn::LeakyReluOp o) { return writeLeakyRelu(graph, o); })
      .Case([&](nn::CastOp o) { return writeCast(graph, o); })
      .Case([&](nn::SoftmaxOp o) { return writeSoftmax(graph, o, "Softmax"); })
      .Case([&](nn::LogSoftmaxOp o) { return writeSoftmax(graph, o, "LogSoftmax"); })
      .Case([&](nn::LayerNormOp o) { return writeLayerNorm(graph, o); })
      .Case([&](nn::ReshapeOp o) { return writeShaped(graph, o, "Reshape"); })
      .Case([&](nn::BroadcastOp o) { return writeShaped(graph, o, "Expand"); })
      .Case([&](nn::TransposeOp o) { return writeTranspose(graph, o); })
      .Case([&](nn::SliceOp o) { return writeSlice(graph, o); })
      .Case([&](nn::PadOp o) { return writePad(graph, o); })
      .Case([&](nn::ConcatOp o) { return writeAlongAxis(graph, o, "Concat"); })
      .Case([&](nn::GatherOp o) { return writeAlongAxis(graph, o, "Gather"); })
      .Default([&](Operation *o) {
        return refuse(o, "is " + o->getName().getStringRef() + ", which ONNX has no operator for");
      });
}

} // namespace nnc
