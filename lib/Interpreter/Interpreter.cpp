//===- Interpreter.cpp - Networks, op by op ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Interpreter/Interpreter.h"

#include "Ops.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace nnc;
using namespace nnc::interpreter;

using Tensors = std::vector<Tensor>;

//===----------------------------------------------------------------------===//
// One op
//===----------------------------------------------------------------------===//

/// An op with one result; null where the spec gives it no meaning.
static Tensor evaluateSingle(Operation *op, ArrayRef<Tensor> x) {
  auto type = ::cast<RankedTensorType>(op->getResult(0).getType());
  auto optional = [&](size_t i) { return i < x.size() ? x[i] : Tensor(); };
  return llvm::TypeSwitch<Operation *, Tensor>(op)
      .Case([&](nn::ConstantOp o) { return Tensor::fromElements(o.getValue()); })
      // Elementwise
      .Case([&](nn::AddOp) { return add(x[0], x[1], type); })
      .Case([&](nn::SubOp) { return sub(x[0], x[1], type); })
      .Case([&](nn::MulOp) { return mul(x[0], x[1], type); })
      .Case([&](nn::DivOp) { return div(x[0], x[1], type); })
      .Case([&](nn::PowOp) { return pow(x[0], x[1], type); })
      .Case([&](nn::MinOp) { return minimum(x[0], x[1], type); })
      .Case([&](nn::MaxOp) { return maximum(x[0], x[1], type); })
      .Case([&](nn::SelectOp) { return select(x[0], x[1], x[2], type); })
      .Case([&](nn::ReluOp) { return relu(x[0]); })
      .Case([&](nn::LeakyReluOp o) { return leakyRelu(x[0], o.getAlpha().convertToDouble()); })
      .Case([&](nn::ClipOp o) { return clip(x[0], o.getMin(), o.getMax()); })
      .Case([&](nn::Floor0Op o) { return floor0(x[0], o.getExponent()); })
      .Case([&](nn::NegOp) { return neg(x[0]); })
      .Case([&](nn::SqrtOp) { return sqrt(x[0]); })
      .Case([&](nn::ExpOp) { return exp(x[0]); })
      .Case([&](nn::LogOp) { return log(x[0]); })
      .Case([&](nn::TanhOp) { return tanh(x[0]); })
      .Case([&](nn::SigmoidOp) { return sigmoid(x[0]); })
      .Case([&](nn::ErfOp) { return erf(x[0]); })
      .Case([&](nn::CastOp) { return interpreter::cast(x[0], type); })
      // Quantization
      .Case([&](nn::QuantizeOp o) { return quantize(x[0], x[1], x[2], o.getRounding(), type); })
      .Case([&](nn::DequantizeOp) { return dequantize(x[0], x[1], x[2], type); })
      .Case([&](nn::RequantizeOp) { return requantize(x[0], x[1], x[2], type); })
      .Case([&](nn::RescaleOp o) { return rescale(x[0], x[1], x[2], x[3], o.getRounding(), type); })
      .Case([&](nn::LookupOp o) { return lookup(o, x[0]); })
      .Case([&](nn::ThresholdOp o) { return threshold(o, x[0], x[1]); })
      .Case([&](nn::ProportionOp o) { return proportion(o, x[0], x[1], x[2]); })
      // Contractions, pooling, reductions
      .Case([&](nn::ConvOp o) { return conv(o, x[0], x[1], optional(2)); })
      .Case([&](nn::MatMulOp) { return matmul(x[0], x[1], optional(2), type); })
      .Case([&](nn::MaxPoolOp o) { return maxPool(o, x[0]); })
      .Case([&](nn::AveragePoolOp o) { return averagePool(o, x[0]); })
      .Case([&](nn::ReduceSumOp o) { return reduceSum(x[0], o.getAxes(), type); })
      .Case([&](nn::ReduceMeanOp o) { return reduceMean(x[0], o.getAxes(), type); })
      .Case([&](nn::ArgMaxOp o) { return argMax(o, x[0]); })
      .Case([&](nn::ReduceMaxOp o) { return reduceMax(x[0], o.getAxes(), type); })
      // Composites
      .Case([&](nn::SoftmaxOp o) { return softmax(x[0], o.getAxes()); })
      .Case([&](nn::LogSoftmaxOp o) { return logSoftmax(x[0], o.getAxes()); })
      .Case([&](nn::LayerNormOp o) { return layerNorm(o, x[0], x[1], optional(2)); })
      .Case([&](nn::BatchNormOp o) { return batchNorm(o, x); })
      // Movement
      .Case([&](nn::ReshapeOp) { return x[0].withType(type); })
      .Case([&](nn::TransposeOp o) { return transpose(x[0], o.getPermutation(), type); })
      .Case([&](nn::BroadcastOp) { return broadcast(x[0], type); })
      .Case([&](nn::SliceOp o) { return slice(x[0], o.getStarts(), o.getSteps(), type); })
      .Case([&](nn::ConcatOp o) { return concat(x, o.getAxis(), type); })
      .Case([&](nn::PadOp o) { return pad(o, x[0]); })
      .Case([&](nn::GatherOp o) { return gather(x[0], x[1], o.getAxis(), type); })
      .Case([&](nn::UnpackOp) { return unpack(x[0], type); })
      .Case([&](nn::PackOp) { return pack(x[0], type); })
      .Default([](Operation *) { return Tensor(); });
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

/// Evaluates `block` on its arguments and returns its terminator's operands.
/// A value is dropped after its last use.
static llvm::Expected<Tensors> evaluateBlock(Block &block, ArrayRef<Tensor> arguments,
                                             Observer observer) {
  struct Entry {
    Tensor tensor;
    size_t usesLeft;
  };
  llvm::DenseMap<Value, Entry> values;
  auto define = [&](Value value, const Tensor &tensor) {
    if (observer)
      observer(value, tensor);
    if (!value.use_empty())
      values[value] = {tensor,
                       static_cast<size_t>(std::distance(value.use_begin(), value.use_end()))};
  };
  auto take = [&](Value value) {
    auto it = values.find(value);
    Tensor tensor = it->second.tensor;
    if (--it->second.usesLeft == 0)
      values.erase(it);
    return tensor;
  };
  for (auto [argument, tensor] : llvm::zip_equal(block.getArguments(), arguments))
    define(argument, tensor);
  for (Operation &op : block) {
    Tensors operands;
    for (Value operand : op.getOperands())
      operands.push_back(take(operand));
    if (op.hasTrait<OpTrait::IsTerminator>())
      return operands;
    auto results = evaluateOp(&op, operands);
    if (!results)
      return results.takeError();
    for (auto [value, tensor] : llvm::zip_equal(op.getResults(), *results))
      define(value, tensor);
  }
  return Tensors();
}

llvm::Expected<Tensors> nnc::interpreter::evaluateOp(Operation *op, ArrayRef<Tensor> operands) {
  if (auto fused = dyn_cast<nn::FusedOp>(op))
    return evaluateBlock(fused.getBody().front(), operands, nullptr);
  if (!isa_and_nonnull<nn::NNDialect>(op->getDialect()) || op->getNumResults() != 1)
    return failure(op, "is not evaluated by the interpreter");
  Tensor result = evaluateSingle(op, operands);
  if (!result) {
    Type element = getElementTypeOrSelf(
        (op->getNumOperands() ? op->getOperand(0) : op->getResult(0)).getType());
    std::string text;
    llvm::raw_string_ostream(text) << element;
    return failure(op, "has no meaning in NumericSpec on elements of type " + text);
  }
  return Tensors{result};
}

llvm::Expected<Tensors> nnc::interpreter::evaluateKernel(plan::KernelOp kernel,
                                                         ArrayRef<Tensor> operands) {
  return evaluateBlock(kernel.getBlock(), operands, nullptr);
}

llvm::Expected<Tensors> nnc::interpreter::evaluate(func::FuncOp network, ArrayRef<Tensor> inputs,
                                                   Observer observer) {
  ArrayRef<Type> types = network.getArgumentTypes();
  if (inputs.size() != types.size())
    return failure(network, "'" + network.getName() + "' takes " + Twine(types.size()) +
                                " inputs, got " + Twine(inputs.size()));
  for (auto [i, type, input] : llvm::enumerate(types, inputs))
    if (input.getType() != type) {
      std::string text;
      llvm::raw_string_ostream(text) << "'" << network.getName() << "' takes " << type
                                     << " as input " << i << ", got " << input.getType();
      return failure(network, text);
    }
  return evaluateBlock(network.getBody().front(), inputs, observer);
}
