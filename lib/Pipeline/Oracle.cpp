//===- Oracle.cpp - What the right answer is -----------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Oracle.h"

#include "nnc/Interpreter/Interpreter.h"

using namespace llvm;

namespace nnc {

/// The network as one function of nn ops; null once it is a plan.
static mlir::func::FuncOp networkOf(const Compilation &c) {
  mlir::ModuleOp module = c.reference ? *c.reference : *c.module;
  auto functions = module.getOps<mlir::func::FuncOp>();
  return functions.empty() ? mlir::func::FuncOp() : *functions.begin();
}

static plan::ProgramOp programOf(const Compilation &c) {
  return *mlir::ModuleOp(*c.module).getOps<plan::ProgramOp>().begin();
}

/// `attributes` are the port's own; its type is `type`.
static Port portOf(mlir::DictionaryAttr attributes, std::string name, mlir::Type type) {
  Port port{std::move(name), mlir::cast<mlir::RankedTensorType>(type)};
  if (auto packed = attributes ? attributes.getAs<mlir::TypeAttr>(nn::packedAttr) : nullptr)
    port.packed = mlir::cast<mlir::RankedTensorType>(packed.getValue());
  if (auto scale = attributes ? attributes.getAs<mlir::FloatAttr>(nn::scaleAttr) : nullptr)
    port.scale = scale.getValue().convertToFloat();
  if (auto zero = attributes ? attributes.getAs<mlir::IntegerAttr>(nn::zeroPointAttr) : nullptr)
    port.zeroPoint = zero.getInt();
  if (auto mode = attributes ? attributes.getAs<mlir::StringAttr>(nn::roundingAttr) : nullptr)
    port.rounding = *nn::symbolizeRoundingMode(mode.getValue());
  return port;
}

static Port portOf(mlir::DictionaryAttr attributes, StringRef kind, size_t i, mlir::Type type) {
  auto name = attributes ? attributes.getAs<mlir::StringAttr>(nn::nameAttr) : nullptr;
  return portOf(attributes, name ? name.getValue().str() : (kind + Twine(i)).str(), type);
}

template <typename BufferOp>
static std::vector<Port> portsOf(plan::ProgramOp program) {
  std::map<int64_t, Port> byIndex;
  for (auto op : program.getBody().getOps<BufferOp>())
    byIndex[op.getIndex()] =
        portOf(op->getDiscardableAttrDictionary(), op.getName().str(), op.getType());
  std::vector<Port> ports;
  for (auto &[index, port] : byIndex)
    ports.push_back(port);
  return ports;
}

std::vector<Port> inputPorts(const Compilation &c) {
  mlir::func::FuncOp network = networkOf(c);
  if (!network)
    return portsOf<plan::InputOp>(programOf(c));
  std::vector<Port> ports;
  for (auto [i, type] : enumerate(network.getArgumentTypes()))
    ports.push_back(portOf(network.getArgAttrDict(i), "input", i, type));
  return ports;
}

std::vector<Port> outputPorts(const Compilation &c) {
  mlir::func::FuncOp network = networkOf(c);
  if (!network)
    return portsOf<plan::OutputOp>(programOf(c));
  std::vector<Port> ports;
  for (auto [i, type] : enumerate(network.getResultTypes()))
    ports.push_back(portOf(network.getResultAttrDict(i), "output", i, type));
  return ports;
}

Expected<std::vector<Tensor>> interpretNetwork(const Compilation &c, ArrayRef<Tensor> inputs) {
  if (mlir::func::FuncOp network = networkOf(c))
    return interpreter::evaluate(network, inputs);
  return interpreter::evaluate(programOf(c), inputs);
}

} // namespace nnc
