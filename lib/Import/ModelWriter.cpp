//===- ModelWriter.cpp - From the nn dialect back to ONNX ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Import/ModelWriter.h"

#include "GraphWriter.h"

#include "dialects/NN/ElementTypes.h"

using namespace llvm;
using namespace mlir;

namespace nnc {

//===----------------------------------------------------------------------===//
// Names and tensors
//===----------------------------------------------------------------------===//

std::string GraphWriter::uniqueIn(llvm::StringSet<> &names, StringRef wanted) {
  std::string name = wanted.str();
  for (unsigned i = 1; !names.insert(name).second; ++i)
    name = (wanted + "_" + Twine(i)).str();
  return name;
}

std::string GraphWriter::baseName(Operation *op) {
  SmallVector<StringRef> known = nn::onnxNames(op->getLoc());
  return known.empty() ? op->getName().stripDialect().str() : known.front().str();
}

std::string GraphWriter::nameOf(Value v) {
  auto it = names.find(v);
  if (it != names.end())
    return it->second;
  auto constant = v.getDefiningOp<nn::ConstantOp>();
  assert(constant && "values are written before they are read");
  auto type = cast<RankedTensorType>(constant.getType());
  std::string name = addTensor(baseName(constant), type.getShape(), type.getElementType(),
                               nn::elementBytes(constant.getValue()));
  return names[v] = name;
}

std::string GraphWriter::addTensor(StringRef wanted, ArrayRef<int64_t> shape, Type element,
                                   ArrayRef<char> bytes) {
  onnx::TensorProto &tensor = *graph.add_initializer();
  tensor.set_name(uniqueName(wanted));
  for (int64_t d : shape)
    tensor.add_dims(d);
  tensor.set_data_type(nn::findElementType(element)->onnx);
  tensor.set_raw_data(bytes.data(), bytes.size());
  return tensor.name();
}

std::string GraphWriter::addIntegers(StringRef wanted, ArrayRef<int64_t> values,
                                     MLIRContext *context) {
  ArrayRef bytes(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(int64_t));
  return addTensor(wanted, static_cast<int64_t>(values.size()), IntegerType::get(context, 64),
                   bytes);
}

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

onnx::NodeProto &GraphWriter::addNode(Operation *op, StringRef kind, ArrayRef<std::string> inputs) {
  onnx::NodeProto &node = *graph.add_node();
  std::string base = baseName(op);
  bool isPair = isa<nn::QuantizeOp, nn::DequantizeOp>(op);
  node.set_name(uniqueIn(takenByNodes, isPair ? base + "_" + kind.str() : base));
  node.set_op_type(kind.str());
  for (const std::string &input : inputs)
    node.add_input(input);
  if (!hasName(op->getResult(0)))
    setName(op->getResult(0), uniqueName(node.name() + "_output"));
  node.add_output(nameOf(op->getResult(0)));
  return node;
}

static onnx::AttributeProto &addAttribute(onnx::NodeProto &node, StringRef name,
                                          onnx::AttributeProto::AttributeType type) {
  onnx::AttributeProto &attribute = *node.add_attribute();
  attribute.set_name(name.str());
  attribute.set_type(type);
  return attribute;
}

void setInt(onnx::NodeProto &node, StringRef name, int64_t value) {
  addAttribute(node, name, onnx::AttributeProto::INT).set_i(value);
}

void setInts(onnx::NodeProto &node, StringRef name, ArrayRef<int64_t> values) {
  onnx::AttributeProto &attribute = addAttribute(node, name, onnx::AttributeProto::INTS);
  for (int64_t value : values)
    attribute.add_ints(value);
}

void setFloat(onnx::NodeProto &node, StringRef name, float value) {
  addAttribute(node, name, onnx::AttributeProto::FLOAT).set_f(value);
}

void setString(onnx::NodeProto &node, StringRef name, StringRef value) {
  addAttribute(node, name, onnx::AttributeProto::STRING).set_s(value.str());
}

//===----------------------------------------------------------------------===//
// The model
//===----------------------------------------------------------------------===//

static void setType(onnx::ValueInfoProto &info, StringRef name, Type type) {
  auto tensor = cast<RankedTensorType>(type);
  info.set_name(name.str());
  auto &proto = *info.mutable_type()->mutable_tensor_type();
  proto.set_elem_type(nn::findElementType(tensor.getElementType())->onnx);
  proto.mutable_shape();
  for (int64_t d : tensor.getShape())
    proto.mutable_shape()->add_dim()->set_dim_value(d);
}

static std::string portName(StringAttr attr, StringRef kind, unsigned i) {
  return attr ? attr.getValue().str() : (kind + Twine(i)).str();
}

/// The network's outputs have the names of the values that are returned, if those have none yet.
static void writeOutputs(func::FuncOp network, GraphWriter &writer, onnx::GraphProto &graph) {
  Operation *end = network.getBody().front().getTerminator();
  for (auto [i, v] : enumerate(end->getOperands())) {
    std::string name =
        portName(network.getResultAttrOfType<StringAttr>(i, nn::nameAttr), "output", i);
    if (writer.nameOf(v) != name) {
      onnx::NodeProto &node = *graph.add_node();
      node.set_op_type("Identity");
      node.add_input(writer.nameOf(v));
      node.add_output(name);
    }
    setType(*graph.add_output(), name, v.getType());
  }
}

static Error writeGraph(func::FuncOp network, onnx::GraphProto &graph) {
  GraphWriter writer(graph);
  Block &block = network.getBody().front();
  for (auto [i, argument] : enumerate(block.getArguments())) {
    std::string name = writer.uniqueName(
        portName(network.getArgAttrOfType<StringAttr>(i, nn::nameAttr), "input", i));
    writer.setName(argument, name);
    setType(*graph.add_input(), name, argument.getType());
  }
  for (auto [i, v] : enumerate(block.getTerminator()->getOperands())) {
    std::string name =
        writer.uniqueName(portName(network.getResultAttrOfType<StringAttr>(i, nn::nameAttr),
                                   "output", i)); // no other value may take it
    if (v.getDefiningOp() && !isa<nn::ConstantOp>(v.getDefiningOp()) && !writer.hasName(v))
      writer.setName(v, name);
  }
  Error failed = Error::success();
  for (Operation &op : block.without_terminator())
    if (!isa<nn::ConstantOp>(op) && !failed)
      failed = writeOp(writer, &op);
  if (!failed)
    writeOutputs(network, writer, graph);
  return failed;
}

Expected<std::string> onnxModel(func::FuncOp network, StringRef producerVersion) {
  constexpr int irVersion = 8, opset = 17;
  onnx::ModelProto model;
  model.set_ir_version(irVersion);
  model.set_producer_name("nn-compile");
  model.set_producer_version(producerVersion.str());
  model.add_opset_import()->set_version(opset);
  model.mutable_graph()->set_name(network.getSymName().str());
  if (Error error = writeGraph(network, *model.mutable_graph()))
    return std::move(error);
  if (model.ByteSizeLong() > INT32_MAX)
    return createStringError("-emit=onnx: the network is larger than an ONNX file can be (2 GiB)");
  return model.SerializeAsString();
}

} // namespace nnc
