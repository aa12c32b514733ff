//===- Trace.cpp - All values of a network for a frame ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Trace.h"

#include "TensorIntegers.h"
#include "nnc/Interpreter/Interpreter.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace nnc {

using interpreter::Tensor;

llvm::Expected<std::vector<Tensor>> Trace::run(ArrayRef<Tensor> inputs) {
  ++evaluations;
  for (auto [argument, input] : llvm::zip_equal(network.getArguments(), inputs))
    values[argument] = input;
  return interpreter::evaluate(network, inputs,
                               [&](Value value, const Tensor &tensor) { values[value] = tensor; });
}

llvm::Expected<bool> Trace::isSeen(Value value, size_t element, int64_t number) {
  ++evaluations;
  std::vector<int64_t> elements = integersOf(at(value));
  elements[element] = number;
  llvm::DenseMap<Value, Tensor> changed{{value, tensorOf(at(value).getType(), elements)}};
  for (Operation &op : network.getBody().front()) {
    if (llvm::none_of(op.getOperands(), [&](Value v) { return changed.contains(v); }))
      continue;
    if (op.hasTrait<OpTrait::IsTerminator>())
      return true;
    std::vector<Tensor> operands;
    for (Value operand : op.getOperands()) {
      auto other = changed.find(operand);
      operands.push_back(other == changed.end() ? at(operand) : other->second);
    }
    auto results = interpreter::evaluateOp(&op, operands);
    if (!results)
      return results.takeError();
    for (auto [result, tensor] : llvm::zip_equal(op.getResults(), *results))
      if (!bitEqual(tensor, at(result)))
        changed[result] = tensor;
  }
  return false;
}

} // namespace nnc
