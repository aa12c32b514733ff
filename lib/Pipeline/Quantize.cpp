//===- Quantize.cpp - Stage quantize: post-training quantization ---------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ChooseCalibrator.h"
#include "Compilation.h"
#include "Diagnostics.h"
#include "MeasureQuantization.h"
#include "Oracle.h"
#include "Progress.h"
#include "dialects/NN/NNOps.h"
#include "dialects/NN/NNSearchOps.h"
#include "nnc/Graph/Passes.h"
#include "nnc/Import/ModelWriter.h"
#include "nnc/Pipeline/Version.h"
#include "nnc/Quantization/Calibrate/Calibration.h"
#include "nnc/Quantization/Calibrate/InsertQuantization.h"
#include "nnc/Quantization/Calibrate/QuantizeWeights.h"
#include "nnc/Quantization/Passes.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

namespace nnc {
namespace {

/// Integers that stand for floats were chosen by someone who knew the network; ours on top would
/// only lose more.
LogicalResult refuseQuantized(func::FuncOp network) {
  WalkResult result = network.walk([](Operation *op) {
    if (!nn::isQuantized(op))
      return WalkResult::advance();
    op->emitError() << "-quantize takes float networks, this one is quantized already; compile it "
                       "without -quantize";
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

/// Runs the network on all data. False: failed, and reported.
bool measureRanges(Compilation &c, quantization::Calibration &calibration,
                   const CalibrationData &data) {
  Progress progress("calibrating", data.size(), c.options.quiet);
  for (int64_t i = 0; i < data.size(); ++i) {
    if (llvm::Error error = calibration.addSample(data.sample(i)))
      return reportErrors(std::move(error), c.context), false;
    progress.step();
  }
  return succeeded(calibration.check());
}

/// Of activations and weights.
unsigned bitsOf(const Compilation &c) {
  return llvm::StringSwitch<unsigned>(c.options.quantize)
      .Case("int4", 4)
      .Case("int6", 6)
      .Default(8);
}

/// The calibrator that was asked for, or the best one.
llvm::Expected<quantization::Calibrator>
calibratorOf(Compilation &c, quantization::Calibration &calibration, const CalibrationData &data) {
  if (c.options.calibrator == "auto") {
    auto tries = static_cast<int64_t>(quantization::calibrators().size());
    Progress progress("choosing a calibrator", countTried(*c.module, data) * tries,
                      c.options.quiet);
    return chooseCalibrator(*c.module, calibration, bitsOf(c), data, [&] { progress.step(); });
  }
  for (quantization::Calibrator calibrator : quantization::calibrators())
    if (c.options.calibrator == nameOf(calibrator))
      return calibrator;
  llvm_unreachable("a calibrator that has no name");
}

/// States the ranges on the network, and in `facts` how they were found. False: failed, and
/// reported.
bool calibrate(Compilation &c, quantization::Calibration &calibration, const CalibrationData &data,
               QuantizationFacts &facts) {
  if (!measureRanges(c, calibration, data))
    return false;
  llvm::Expected<quantization::Calibrator> calibrator = calibratorOf(c, calibration, data);
  if (!calibrator)
    return reportErrors(calibrator.takeError(), c.context), false;
  calibration.stateRanges(*calibrator, bitsOf(c));
  facts.calibrator = nameOf(*calibrator).str();
  return true;
}

//===----------------------------------------------------------------------===//
// What the report says
//===----------------------------------------------------------------------===//

/// The counts between the extremes in a few columns.
std::vector<int64_t> columnsOf(const quantization::Histogram &histogram) {
  constexpr int64_t count = 32;
  std::vector<int64_t> columns(count, 0);
  auto [low, high] = histogram.extremes();
  auto columnOf = [&](double x) {
    return std::clamp(static_cast<int64_t>((x - low) / (high - low) * count), int64_t(0),
                      count - 1);
  };
  for (auto [i, n] : llvm::enumerate(histogram.bins()))
    if (n)
      columns[columnOf(histogram.binCenter(int64_t(i)))] += n;
  if (histogram.zeros() && high > low)
    columns[columnOf(0)] += histogram.zeros();
  return columns;
}

template <typename T>
T numberOf(Value constant) {
  auto op = constant.getDefiningOp<nn::ConstantOp>();
  return interpreter::Tensor::fromElements(op.getValue()).elements<T>().front();
}

QuantizedValueFacts describeValue(nn::QuantizeOp stored, unsigned bits,
                                  const quantization::Histogram &histogram) {
  QuantizedValueFacts facts;
  facts.node = llvm::join(nn::onnxNames(stored.getLoc()), ", ");
  facts.seenLow = histogram.seen().low;
  facts.seenHigh = histogram.seen().high;
  facts.histogram = columnsOf(histogram);
  facts.scale = numberOf<float>(stored.getScale());
  facts.zeroPoint = numberOf<uint8_t>(stored.getZeroPoint());
  facts.gridLow = facts.scale * static_cast<double>(-facts.zeroPoint);
  facts.gridHigh = facts.scale * static_cast<double>((1 << bits) - 1 - facts.zeroPoint);
  return facts;
}

//===----------------------------------------------------------------------===//
// The stage
//===----------------------------------------------------------------------===//

/// Hardware takes integers: inputs of floats are quantized whatever reads them, but for those whose
/// format is stated, and so is what numbers are chosen of.
void markIntegers(const Compilation &c, func::FuncOp network) {
  for (unsigned i = 0; i < network.getNumArguments(); ++i) {
    auto name = network.getArgAttrOfType<StringAttr>(i, nn::nameAttr);
    bool hasFormat = name && llvm::any_of(c.options.inputFormats, [&](StringRef text) {
                       return text.rsplit(':').first == name.getValue();
                     });
    if (isa<FloatType>(getElementTypeOrSelf(network.getArgument(i))) && !hasFormat)
      network.setArgAttr(i, quantization::integersAttr, UnitAttr::get(&c.context));
  }
  for (Operation &op : network.getOps())
    if (isa<nn::ArgMaxOp, nn::MaxPoolOp>(op))
      if (Operation *producer = op.getOperand(0).getDefiningOp())
        producer->setAttr(quantization::integersAttr, UnitAttr::get(&c.context));
}

/// Brings `network` into QDQ form; `floats` is a copy of it as it was, by `mapping`. The pairs
/// of values that correspond, described in `facts`. None: failed, and reported.
std::optional<std::vector<QuantizedPair>> quantizeActivations(Compilation &c, func::FuncOp network,
                                                              const IRMapping &mapping,
                                                              const CalibrationData &data,
                                                              QuantizationFacts &facts) {
  if (c.options.target == "hls")
    markIntegers(c, network);
  quantization::Calibration calibration(network);
  if (!calibrate(c, calibration, data, facts))
    return std::nullopt;
  std::vector<QuantizedPair> pairs;
  std::vector<quantization::Histogram> histograms;
  for (Value v : calibration.selected().values()) {
    pairs.push_back({mapping.lookup(v), {}});
    histograms.push_back(calibration.histogramOf(v));
  }
  auto stored = quantization::insertQuantization(network, calibration.inputMoments(), bitsOf(c));
  if (failed(stored))
    return std::nullopt;
  for (auto [pair, op, histogram] : llvm::zip_equal(pairs, *stored, histograms)) {
    pair.stored = op;
    facts.values.push_back(describeValue(op, bitsOf(c), histogram));
  }
  return pairs;
}

bool measure(Compilation &c, func::FuncOp floats, func::FuncOp network,
             ArrayRef<QuantizedPair> pairs, const CalibrationData &data, QuantizationFacts &facts) {
  for (const Port &port : outputPorts(c))
    facts.outputs.push_back({port.name, {}});
  Progress progress("measuring", data.size(), c.options.quiet);
  llvm::Error error = measureQuantization(
      floats, network, pairs, data, [&] { progress.step(); }, facts);
  return error ? (reportErrors(std::move(error), c.context), false) : true;
}

/// -emit=onnx: at once, because the next stages free the weights that they replace.
bool writeModel(Compilation &c, func::FuncOp network) {
  if (!c.options.emit.count("onnx"))
    return true;
  llvm::Expected<std::string> model = onnxModel(network, compilerVersion());
  if (!model)
    return reportErrors(model.takeError(), c.context), false;
  c.onnxModel = std::move(*model);
  return true;
}

} // namespace

bool quantizeNetwork(Compilation &c) {
  if (c.options.quantize.empty())
    return true;
  func::FuncOp network = *c.module->getOps<func::FuncOp>().begin();
  if (failed(refuseQuantized(network)))
    return false;
  llvm::Expected<CalibrationData> data =
      CalibrationData::load(c.options.calibrate, inputPorts(c), c.context);
  if (!data)
    return reportErrors(data.takeError(), c.context), false;
  llvm::append_range(c.pathsRead, data->pathsRead());
  if (!runPasses(*c.module, [](OpPassManager &p) {
        graph::buildFloatForm(p);
        p.addNestedPass<func::FuncOp>(quantization::createFlattenBatches());
      }))
    return false;
  IRMapping mapping;
  OwningOpRef<ModuleOp> before(cast<ModuleOp>((*c.module)->clone(mapping))); // constants are shared
  QuantizationFacts facts{c.options.quantize, "", data->size(), {}, {}};
  std::vector<QuantizedPair> pairs;
  bool isWeightsOnly = c.options.quantize == "int8w";
  if (isWeightsOnly) {
    if (failed(quantization::quantizeWeights(network)))
      return false;
  } else {
    auto found = quantizeActivations(c, network, mapping, *data, facts);
    if (!found)
      return false;
    pairs = std::move(*found);
  }
  if (network.getOps<nn::DequantizeOp>().empty())
    emitRemark(network.getLoc()) << "-quantize changes nothing: there is no "
                                 << (isWeightsOnly
                                         ? "convolution or matrix product with known weights"
                                         : "convolution, matrix product or mean with a known bias");
  func::FuncOp floats = *before->getOps<func::FuncOp>().begin();
  if (!measure(c, floats, network, pairs, *data, facts))
    return false;
  c.quantizationFacts = std::move(facts);
  return writeModel(c, network);
}

} // namespace nnc
