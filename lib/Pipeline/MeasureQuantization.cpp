//===- MeasureQuantization.cpp - What quantization cost ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "MeasureQuantization.h"

#include "nnc/Interpreter/Interpreter.h"

using namespace llvm;

namespace nnc {
namespace {

/// The floats that the stored integers of a pair stand for.
mlir::Value standIn(const QuantizedPair &pair) {
  nn::QuantizeOp quantize = pair.stored;
  mlir::Value stored = quantize.getResult();
  for (mlir::Operation *user : stored.getUsers())
    if (isa<nn::ClipOp>(user)) // of fewer bits than a byte's
      stored = user->getResult(0);
  for (mlir::Operation *user : stored.getUsers())
    if (isa<nn::DequantizeOp>(user))
      return user->getResult(0);
  return stored;
}

class Measurement {
public:
  Measurement(ArrayRef<QuantizedPair> pairs, QuantizationFacts &facts) : facts(facts) {
    for (auto [i, pair] : enumerate(pairs)) {
      exactValues[pair.exact] = i;
      storedValues[standIn(pair)] = i;
    }
    exact.resize(pairs.size());
  }

  Error addSample(mlir::func::FuncOp floats, mlir::func::FuncOp quantized,
                  ArrayRef<Tensor> inputs) {
    auto keep = [&](mlir::Value v, const Tensor &tensor) {
      if (auto it = exactValues.find(v); it != exactValues.end())
        exact[it->second] = tensor;
    };
    auto compare = [&](mlir::Value v, const Tensor &tensor) {
      if (auto it = storedValues.find(v); it != storedValues.end())
        addValue(it->second, tensor);
    };
    Expected<std::vector<Tensor>> wanted = interpreter::evaluate(floats, inputs, keep);
    if (!wanted)
      return wanted.takeError();
    Expected<std::vector<Tensor>> got = interpreter::evaluate(quantized, inputs, compare);
    if (!got)
      return got.takeError();
    for (auto [i, tensor] : enumerate(*got))
      add(facts.outputs[i].second, (*wanted)[i], tensor);
    return Error::success();
  }

private:
  static void add(QuantizationError &error, const Tensor &wanted, const Tensor &got) {
    if (!wanted.getElementType().isF32())
      return;
    for (auto [x, y] : zip_equal(wanted.elements<float>(), got.elements<float>()))
      error.add(x, y);
  }

  void addValue(size_t i, const Tensor &got) {
    QuantizedValueFacts &value = facts.values[i];
    add(value.error, exact[i], got);
    double margin = value.scale / 2;
    for (float x : exact[i].elements<float>())
      value.clipped += x < value.gridLow - margin || x > value.gridHigh + margin;
  }

  QuantizationFacts &facts;
  DenseMap<mlir::Value, size_t> exactValues, storedValues;
  std::vector<Tensor> exact; ///< of the sample at hand
};

} // namespace

Error measureQuantization(mlir::func::FuncOp floats, mlir::func::FuncOp quantized,
                          ArrayRef<QuantizedPair> pairs, const CalibrationData &data,
                          function_ref<void()> onSample, QuantizationFacts &facts) {
  Measurement measurement(pairs, facts);
  for (int64_t i = 0; i < data.size(); ++i) {
    if (Error error = measurement.addSample(floats, quantized, data.sample(i)))
      return error;
    onSample();
  }
  stable_sort(facts.values, [](const QuantizedValueFacts &a, const QuantizedValueFacts &b) {
    return a.error.sqnr() < b.error.sqnr();
  });
  return Error::success();
}

} // namespace nnc
