//===- ChooseCalibrator.cpp - Which ranges serve a network best ----------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ChooseCalibrator.h"

#include "Describe.h"
#include "nnc/Interpreter/Interpreter.h"
#include "nnc/Quantization/Calibrate/InsertQuantization.h"
#include "nnc/Support/QuantizationFacts.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/OwningOpRef.h"

using namespace llvm;
using nnc::quantization::Calibrator;

namespace nnc {
namespace {

struct Sample {
  std::vector<Tensor> inputs, results; ///< the latter by the float network
};

mlir::func::FuncOp networkOf(mlir::ModuleOp module) {
  return *module.getOps<mlir::func::FuncOp>().begin();
}

/// What is compared of a network: its outputs of floats, before a softmax. Of most samples the
/// probabilities are 0 and 1 whatever the errors before, so that the few others would decide.
SmallVector<mlir::Value> resultsOf(mlir::func::FuncOp network) {
  SmallVector<mlir::Value> results;
  for (mlir::Value v : network.getBody().front().getTerminator()->getOperands()) {
    if (isa_and_nonnull<nn::SoftmaxOp, nn::LogSoftmaxOp>(v.getDefiningOp()))
      v = v.getDefiningOp()->getOperand(0);
    if (getElementTypeOrSelf(v).isF32())
      results.push_back(v);
  }
  return results;
}

Expected<std::vector<Tensor>> evaluateResults(mlir::func::FuncOp network, ArrayRef<Tensor> inputs) {
  SmallVector<mlir::Value> wanted = resultsOf(network);
  std::vector<Tensor> results(wanted.size());
  auto keep = [&](mlir::Value v, const Tensor &tensor) {
    for (auto [value, result] : zip_equal(wanted, results))
      if (v == value)
        result = tensor;
  };
  if (Error error = interpreter::evaluate(network, inputs, keep).takeError())
    return error;
  return results;
}

/// Some samples from all over the data.
Expected<std::vector<Sample>> pickSamples(mlir::func::FuncOp network, const CalibrationData &data,
                                          int64_t count) {
  std::vector<Sample> samples;
  for (int64_t i = 0; i < count; ++i) {
    Sample sample{data.sample(i * data.size() / count), {}};
    Expected<std::vector<Tensor>> results = evaluateResults(network, sample.inputs);
    if (!results)
      return results.takeError();
    sample.results = std::move(*results);
    samples.push_back(std::move(sample));
  }
  return samples;
}

/// Noise by signal, summed over the results.
Expected<double> relativeNoise(mlir::func::FuncOp quantized, ArrayRef<Sample> samples,
                               function_ref<void()> onSample) {
  std::vector<QuantizationError> errors(resultsOf(quantized).size());
  for (const Sample &sample : samples) {
    Expected<std::vector<Tensor>> got = evaluateResults(quantized, sample.inputs);
    if (!got)
      return got.takeError();
    for (auto [error, wanted, tensor] : zip_equal(errors, sample.results, *got))
      for (auto [x, y] : zip_equal(wanted.elements<float>(), tensor.elements<float>()))
        error.add(x, y);
    onSample();
  }
  double noise = 0;
  for (const QuantizationError &error : errors)
    noise += error.signal > 0 ? error.noise / error.signal : error.noise;
  return noise;
}

} // namespace

int64_t countTried(mlir::ModuleOp module, const CalibrationData &data) {
  constexpr int64_t most = 100, least = 8, work = 2'000'000'000; // seconds, at 10^8 a second
  int64_t macs = 1;
  module.walk([&](mlir::Operation *op) { macs += countMacs(op); });
  return std::min(data.size(), std::clamp(work / macs, least, most));
}

Expected<Calibrator> chooseCalibrator(mlir::ModuleOp module, quantization::Calibration &calibration,
                                      unsigned bits, const CalibrationData &data,
                                      function_ref<void()> onSample) {
  // Warnings are said once, of the network that is kept; an error ends it all.
  std::string said;
  mlir::ScopedDiagnosticHandler silence(module.getContext(), [&](mlir::Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
      said += (said.empty() ? "" : "; ") + diagnostic.str();
    return mlir::success();
  });
  Expected<std::vector<Sample>> samples =
      pickSamples(networkOf(module), data, countTried(module, data));
  if (!samples)
    return samples.takeError();
  // Of what was never seen only minmax clips nothing: another must be better by 1/4 dB.
  constexpr double margin = 0.944;
  Calibrator best = Calibrator::MinMax;
  double least = 0;
  for (Calibrator calibrator : quantization::calibrators()) {
    calibration.stateRanges(calibrator, bits);
    mlir::OwningOpRef<mlir::ModuleOp> trial(module.clone()); // constants are shared
    if (failed(
            quantization::insertQuantization(networkOf(*trial), calibration.inputMoments(), bits)))
      return createStringError("the network cannot be quantized: " + said);
    Expected<double> noise = relativeNoise(networkOf(*trial), *samples, onSample);
    if (!noise)
      return noise.takeError();
    if (calibrator == Calibrator::MinMax)
      least = *noise * margin;
    else if (*noise < least)
      least = *noise, best = calibrator;
  }
  return best;
}

} // namespace nnc
