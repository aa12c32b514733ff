//===- FlowVerify.cpp - Engines fit their streams ------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "dialects/Flow/FlowOps.h"

using namespace mlir;

namespace nnc::flow {

/// Numbers that a result can take must be in its range.
static LogicalResult holds(Operation *op, StreamType type, int64_t least, int64_t most) {
  if (least >= type.getLeast() && most <= type.getMost())
    return success();
  return op->emitError() << "results from " << least << " to " << most
                         << " do not fit into the range of the result";
}

static LogicalResult sameRaster(Operation *op, StreamType input, StreamType result) {
  if (input.getRaster() == result.getRaster())
    return success();
  return op->emitError("operand and result must have one raster");
}

LogicalResult NetworkOp::verify() {
  if (getBlock().empty() || !isa<OutputOp>(getBlock().back()))
    return emitError("must end with flow.output");
  std::optional<ArrayRef<int64_t>> raster;
  for (InputOp input : getBlock().getOps<InputOp>()) {
    if (raster && *raster != input.getType().getRaster())
      return input.emitError("all inputs must have one raster");
    raster = input.getType().getRaster();
  }
  for (Value value : getOutputs().getValues())
    if (cast<StreamType>(value.getType()).getRaster() !=
        cast<StreamType>(getOutputs().getValues().front().getType()).getRaster())
      return getOutputs().emitError("all outputs must have one raster");
  return success();
}

static LogicalResult verifySteps(MatrixOp op, int64_t lanes) {
  StreamType type = op.getType();
  if (op.getForms() && op.getThresholds())
    return op.emitError("has forms or thresholds, not both");
  if (ElementsAttr forms = op.getFormsAttr()) {
    auto shape = forms.getShapedType().getShape();
    if (shape.size() != 2 || (shape[0] != 1 && shape[0] != lanes) || shape[1] != StepForm::numbers)
      return op.emitError("forms must be a row of six numbers for each lane, or one for all");
    SmallVector<int64_t> all = integersOf(forms);
    for (int64_t i = 0; i < shape[0]; ++i) {
      StepForm form = StepForm::read(ArrayRef(all).slice(i * StepForm::numbers, StepForm::numbers));
      if (form.shift < 0 || form.shift > 62 || form.least > form.most ||
          uint64_t(form.ties) > uint64_t(Ties::Odd) || (form.ties != Ties::Down && !form.shift))
        return op.emitError() << "form " << i
                              << " needs a shift of 0 to 62, ties of 0 to 2 (0 without a shift), "
                                 "and bounds in ascending order";
      if (failed(holds(op, type, form.least, form.most)))
        return failure();
    }
  }
  if (ElementsAttr thresholds = op.getThresholdsAttr()) {
    auto shape = thresholds.getShapedType().getShape();
    if (shape.size() != 2 || (shape[0] != 1 && shape[0] != lanes))
      return op.emitError("thresholds must be a row for each lane, or one for all");
    SmallVector<int64_t> all = integersOf(thresholds);
    for (int64_t i = 0; i < shape[0]; ++i)
      if (!llvm::is_sorted(ArrayRef(all).slice(i * shape[1], shape[1])))
        return op.emitError("thresholds must ascend");
    return holds(op, type, op.getLeast(), op.getLeast() + shape[1]);
  }
  return success();
}

LogicalResult MatrixOp::verify() {
  StreamType in = getInput().getType(), out = getType();
  auto shape = getWeights().getShapedType().getShape();
  if (shape.size() != 2 || shape[0] != out.getLanes() || shape[1] != in.getLanes())
    return emitError() << "weights must be " << out.getLanes() << "x" << in.getLanes();
  if (getConstants().getNumElements() != out.getLanes())
    return emitError("needs one constant for each lane of the result");
  if (failed(sameRaster(*this, in, out)) || failed(verifySteps(*this, out.getLanes())))
    return failure();
  if (getForms() || getThresholds())
    return success();
  SmallVector<int64_t> weights = integersOf(getWeights()), constants = integersOf(getConstants());
  for (int64_t i = 0; i < shape[0]; ++i) {
    int64_t least = constants[i], most = constants[i];
    for (int64_t weight : ArrayRef(weights).slice(i * shape[1], shape[1])) {
      least += weight * (weight < 0 ? in.getMost() : in.getLeast());
      most += weight * (weight < 0 ? in.getLeast() : in.getMost());
    }
    if (failed(holds(*this, out, least, most)))
      return failure();
  }
  return success();
}

LogicalResult LanesOp::verify() {
  int64_t lanes = 0;
  for (Value input : getInputs()) {
    auto type = cast<StreamType>(input.getType());
    lanes += type.getLanes();
    if (failed(sameRaster(*this, type, getType())) ||
        failed(holds(*this, getType(), type.getLeast(), type.getMost())))
      return failure();
  }
  if (int64_t(getMap().size()) != getType().getLanes() ||
      llvm::any_of(getMap(), [&](int64_t lane) { return lane < 0 || lane >= lanes; }))
    return emitError("takes one lane of the operands for each lane of the result");
  return success();
}

LogicalResult MaxOp::verify() {
  StreamType in = getInput().getType();
  if (in.getLanes() % getType().getLanes())
    return emitError("lanes of the operand must be a multiple of those of the result");
  if (failed(sameRaster(*this, in, getType())))
    return failure();
  return holds(*this, getType(), in.getLeast(), in.getMost());
}

LogicalResult ArgMaxOp::verify() {
  StreamType in = getInput().getType();
  if (in.getLanes() % getType().getLanes())
    return emitError("lanes of the operand must be a multiple of those of the result");
  if (failed(sameRaster(*this, in, getType())))
    return failure();
  return holds(*this, getType(), 0, in.getLanes() / getType().getLanes() - 1);
}

LogicalResult SoftmaxOp::verify() {
  StreamType in = getInput().getType();
  ArrayRef<int64_t> powers = getExponentials();
  if (in.getLanes() != getType().getLanes() || failed(sameRaster(*this, in, getType())))
    return emitError("operand and result must have one raster and as many lanes");
  if (int64_t(getGroups()) < 1 || in.getLanes() % int64_t(getGroups()))
    return emitError("lanes must be a multiple of the groups");
  if (int64_t(powers.size()) != in.getMost() - in.getLeast() + 1 || powers[0] == 0 ||
      llvm::any_of(powers, [](int64_t power) { return power < 0 || power > int64_t(1) << 31; }))
    return emitError("needs an exponential below 2^31 for each distance in the operand's range");
  if (int64_t(getShift()) < 0 || getShift() > 32 || int64_t(getFactor()) < 1 ||
      getFactor() > uint64_t(1) << 24)
    return emitError("shifts are 0 to 32, factors 1 to 2^24");
  int64_t zero = getZeroPoint();
  if (zero < getType().getLeast() || zero > getType().getMost())
    return emitError("the zero point must be in the range of the result");
  return success();
}

LogicalResult TableOp::verify() {
  StreamType in = getInput().getType();
  auto shape = getValues().getShapedType().getShape();
  if (in.getLanes() != getType().getLanes() || failed(sameRaster(*this, in, getType())))
    return emitError("operand and result must have one raster and as many lanes");
  if (shape.size() != 2 || (shape[0] != 1 && shape[0] != in.getLanes()) ||
      shape[1] != in.getMost() - in.getLeast() + 1)
    return emitError("needs one value for each number of the operand's range");
  if (in.laneWidth() > rtl::maxTableIndexWidth)
    return emitError() << "tables have indices of up to " << rtl::maxTableIndexWidth << " bits";
  SmallVector<int64_t> values = integersOf(getValues());
  return holds(*this, getType(), *llvm::min_element(values), *llvm::max_element(values));
}

LogicalResult MultiplyOp::verify() {
  StreamType in = getLhs().getType();
  if (in.getLanes() != getType().getLanes() || failed(sameRaster(*this, in, getType())))
    return emitError("operands and result must have one raster and as many lanes");
  int64_t a = in.getLeast(), b = in.getMost();
  return holds(*this, getType(), std::min(std::min(a * a, b * b), a * b),
               std::max(std::max(a * a, b * b), a * b));
}

LogicalResult WindowOp::verify() {
  StreamType in = getInput().getType(), out = getType();
  unsigned rank = in.getRaster().size();
  if (rank == 0 || getKernel().size() != rank || getStrides().size() != rank ||
      getDilations().size() != rank || getPads().size() != 2 * rank)
    return emitError("kernel, strides, dilations and pads must be those of the raster");
  int64_t taps = 1;
  for (unsigned dim = 0; dim < rank; ++dim) {
    if (getKernel()[dim] < 1 || getStrides()[dim] < 1 || getDilations()[dim] < 1 ||
        getPads()[dim] < 0 || getPads()[rank + dim] < 0)
      return emitError("kernel, strides and dilations must be positive, pads not negative");
    taps *= getKernel()[dim];
    int64_t padded = in.getRaster()[dim] + getPads()[dim] + getPads()[rank + dim];
    if (padded < reach(dim) || out.getRaster().size() != rank ||
        out.getRaster()[dim] != (padded - reach(dim)) / getStrides()[dim] + 1)
      return emitError() << "raster of the result is not what the window gives in dimension "
                         << dim;
  }
  if (out.getLanes() != taps * in.getLanes())
    return emitError() << "result must have " << taps * in.getLanes() << " lanes";
  bool filled = llvm::any_of(getPads(), [](int64_t pad) { return pad; });
  return holds(*this, out, filled ? std::min<int64_t>(in.getLeast(), getFill()) : in.getLeast(),
               filled ? std::max<int64_t>(in.getMost(), getFill()) : in.getMost());
}

LogicalResult ReduceOp::verify() {
  StreamType in = getInput().getType();
  if (!getType().getRaster().empty() || getType().getLanes() != in.getLanes())
    return emitError("result must be one beat with the lanes of the operand");
  int64_t count = getKind() == ReduceKind::Sum ? in.beats() : 1;
  return holds(*this, getType(), in.getLeast() * count, in.getMost() * count);
}

LogicalResult CollectOp::verify() {
  StreamType in = getInput().getType();
  if (!getType().getRaster().empty() || getType().getLanes() != in.getLanes() * in.beats())
    return emitError("result must be one beat with all lanes of a frame");
  return holds(*this, getType(), in.getLeast(), in.getMost());
}

LogicalResult DelayOp::verify() {
  if (int64_t(getLatency()) < 1 || int64_t(getDepth()) < 1)
    return emitError("latency and depth must be positive");
  return success();
}

} // namespace nnc::flow
