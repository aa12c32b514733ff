//===- Calibration.cpp - What the values of a network range over --------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "nnc/Quantization/Calibrate/Calibration.h"

#include "nnc/Interpreter/Interpreter.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Format.h"

#include <cmath>

using namespace mlir;

namespace nnc::quantization {

Calibration::Calibration(func::FuncOp network) : network(network), selection(network) {
  for (Operation *contraction : contractionsOf(network)) {
    if (selection.isConstant(contraction->getOperand(1)))
      readers[contraction->getOperand(0)].push_back(moments.size());
    moments.emplace_back(contraction);
  }
}

llvm::Error Calibration::addSample(ArrayRef<interpreter::Tensor> inputs) {
  auto observe = [&](Value v, const interpreter::Tensor &tensor) {
    if (selection.contains(v) && !selection.isCopy(v))
      histograms[selection.gridOf(v)].add(tensor.elements<float>());
    for (size_t reader : readers.lookup(v))
      moments[reader].add(tensor);
  };
  return interpreter::evaluate(network, inputs, observe).takeError();
}

const Histogram &Calibration::histogramOf(Value v) const {
  static const Histogram empty;
  auto it = histograms.find(selection.gridOf(v));
  return it == histograms.end() ? empty : it->second;
}

/// Where the range of `v` is written.
static void setRange(Value v, Range range) {
  Builder b(v.getContext());
  auto attr = b.getDenseF64ArrayAttr({range.low, range.high});
  if (Operation *op = v.getDefiningOp())
    return op->setAttr(rangeAttr, attr);
  auto argument = cast<BlockArgument>(v);
  cast<func::FuncOp>(argument.getOwner()->getParentOp())
      .setArgAttr(argument.getArgNumber(), rangeAttr, attr);
}

std::optional<Range> statedRange(Value v) {
  DenseF64ArrayAttr attr;
  if (Operation *op = v.getDefiningOp()) {
    attr = op->getAttrOfType<DenseF64ArrayAttr>(rangeAttr);
  } else {
    auto argument = cast<BlockArgument>(v);
    attr = cast<func::FuncOp>(argument.getOwner()->getParentOp())
               .getArgAttrOfType<DenseF64ArrayAttr>(argument.getArgNumber(), rangeAttr);
  }
  if (!attr || attr.size() != 2 || !std::isfinite(attr[0]) || !std::isfinite(attr[1]) ||
      attr[0] > attr[1])
    return std::nullopt;
  return Range{std::min(attr[0], 0.0), std::max(attr[1], 0.0)};
}

/// "0", "0.5".
static std::string shortest(double number) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%g", number);
  return text;
}

LogicalResult Calibration::check() const {
  bool good = true;
  for (Value v : selection.values()) {
    if (selection.isCopy(v))
      continue;
    const Histogram &histogram = histogramOf(v);
    Range seen = histogram.seen();
    if (histogram.notFinite()) {
      emitError(v.getLoc())
          << "becomes NaN or infinite on the calibration data (" << histogram.notFinite() << " of "
          << histogram.total() + histogram.notFinite()
          << " elements); calibrate with inputs on which it stays finite, or mend weights "
             "that are not";
      good = false;
    } else if (seen.low == seen.high) {
      emitWarning(v.getLoc()) << "is " << shortest(seen.low)
                              << " on all calibration data: its range is a guess; calibrate with "
                                 "inputs that reach it";
    }
  }
  return success(good);
}

void Calibration::stateRanges(Calibrator calibrator, unsigned bits) {
  for (Value v : selection.values())
    setRange(v, chooseRange(histogramOf(v), calibrator, bits));
}

} // namespace nnc::quantization
