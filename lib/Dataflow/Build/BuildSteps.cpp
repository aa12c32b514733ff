//===- BuildSteps.cpp - Requantization, constants and tables ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FlowBuilder.h"
#include "dialects/NN/Contractions.h"
#include "nnc/Dataflow/SimplifyForm.h"

using namespace mlir;
using nnc::flow::StepForm;
using nnc::flow::Ties;

namespace nnc::dataflow {

/// For each element of a tensor of `shape`, in the order of `order`, the element of a constant of
/// shape `own` that broadcasts to it.
static SmallVector<int64_t> broadcastTo(ArrayRef<int64_t> shape, ArrayRef<uint32_t> order,
                                        ArrayRef<int64_t> own) {
  SmallVector<int64_t> result;
  for (uint32_t element : order) {
    int64_t at = 0, step = 1, rest = element;
    for (int64_t back = 1; back <= int64_t(shape.size()); ++back) {
      int64_t size = shape[shape.size() - back], index = rest % size;
      rest /= size;
      if (back > int64_t(own.size()))
        continue;
      at += own[own.size() - back] == 1 ? 0 : index * step;
      step *= own[own.size() - back];
    }
    result.push_back(at);
  }
  return result;
}

std::optional<SmallVector<int64_t>> FlowBuilder::laneConstants(Operation *op, Value tensor,
                                                               ArrayRef<int64_t> shape) {
  SmallVector<int64_t> result = broadcastTo(shapeOf(tensor), views[tensor].order, shape);
  int64_t lanes = views[tensor].lanes();
  for (size_t at = lanes; at < result.size(); ++at)
    if (result[at] != result[at % lanes]) { // some pixels have others: all are taken together
      if (!fitsWhole(op, tensor) || (wholeOf(tensor), !fitsSteps(op)))
        return std::nullopt;
      return result;
    }
  result.truncate(lanes);
  return result;
}

/// How the rows of nn.affine stand in the result of `op`: there is one for each factor, and where
/// that is not all, for each channel of sums, which reach other ends.
static SmallVector<int64_t> shapeOfRows(Operation *op, int64_t rows) {
  ArrayRef<int64_t> result = shapeOf(op->getResult(0));
  SmallVector<int64_t> shape(result.size(), 1);
  for (Value factor : op->getOperands().drop_front().drop_back())
    for (auto [size, most] : llvm::zip(llvm::reverse(shape), llvm::reverse(shapeOf(factor))))
      size = std::max(size, most);
  Operation *sums = op->getOperand(0).getDefiningOp();
  if (ShapedType::getNumElements(shape) != rows && sums && sums->hasTrait<nn::Contraction>())
    shape[nn::channelOf(sums)] = result[nn::channelOf(sums)];
  return shape;
}

bool FlowBuilder::addRequantize(Operation *op, Value input, Value zeroPoint) {
  auto affine = op->getAttrOfType<ElementsAttr>(nn::affineAttr);
  auto zero = constantIntegers(zeroPoint);
  if (!affine || !zero || zero->size() != 1)
    return refuse(op, "scales or zero points that are not constant have no engine");
  SmallVector<int64_t> rows = flow::integersOf(affine);
  SmallVector<int64_t> shape = shapeOfRows(op, int64_t(rows.size() / 3));
  if (ShapedType::getNumElements(shape) * 3 != int64_t(rows.size()))
    return refuse(op, "scales that vary along other dimensions than factors and sums do have no "
                      "engine");
  int64_t lanes = views[input].lanes(); // more of them when pixels are taken together
  auto channels = laneConstants(op, input, shape);
  if (!channels)
    return false;
  Sums sums = takeSums(input, op->getLoc());
  sums.loc = builder.getFusedLoc({sums.loc, op->getLoc()});
  auto [least, most] = rangeOf(elementOf(op->getResult(0)));
  for (auto [lane, channel] : llvm::enumerate(*channels)) {
    ArrayRef<int64_t> row = ArrayRef(rows).slice(channel * 3, 3);
    if (row[2] < 0)
      return refuse(op, lanes == int64_t(channels->size())
                            ? "the scaling of channel " + Twine(channel) + " has no integer form"
                            : "scales that differ from pixel to pixel have no integer form here; "
                              "of averages -style=sequencer takes those over a border");
    StepForm form{row[0], row[1] + (zero->front() << row[2]), row[2], Ties::Down, least, most};
    sums.forms.push_back(simplifyForm(form, sums.least[lane], sums.most[lane]));
  }
  const View &view = views[input];
  View result{{}, std::move(sums), view.raster, view.order};
  set(op->getResult(0), std::move(result));
  return true;
}

bool FlowBuilder::addThreshold(nn::ThresholdOp op) {
  Value input = op.getInput();
  auto thresholds = constantIntegers(op.getThresholds());
  if (!thresholds || !views.count(input))
    return refuse(op, "thresholds that are not constant integers have no engine");
  ArrayRef<int64_t> table = shapeOf(op.getThresholds());
  int64_t count = table[1];
  SmallVector<int64_t> shape(shapeOf(input).size(), 1);
  if (!shape.empty())
    shape[op.getChannel()] = table[0];
  auto rows = laneConstants(op, input, shape);
  if (!rows)
    return false;
  View view = views[input];
  Sums sums = takeSums(input, op.getLoc());
  sums.loc = builder.getFusedLoc({sums.loc, op.getLoc()});
  std::vector<StepForm> forms;
  for (int64_t lane = 0; lane < sums.outputs; ++lane) {
    ArrayRef<int64_t> positions = ArrayRef(*thresholds).slice((*rows)[lane] * count, count);
    sums.thresholds.emplace_back(positions.begin(), positions.end());
    if (auto form = fitForm(positions, op.getLeast(), sums.least[lane], sums.most[lane]))
      forms.push_back(*form);
  }
  sums.thresholdsLeast = op.getLeast();
  // Few thresholds are cheaper than a product.
  constexpr int64_t few = 3;
  bool isShift = llvm::all_of(forms, [](const StepForm &form) { return form.factor <= 1; });
  if (int64_t(forms.size()) == sums.outputs && (isShift || count > few)) {
    sums.forms = std::move(forms);
    sums.thresholds.clear();
  }
  View result{{}, std::move(sums), view.raster, view.order};
  set(op.getResult(), std::move(result));
  return true;
}

/// A constant times sums.
bool FlowBuilder::addFactor(nn::MulOp op) {
  Value input = op.getLhs(), other = op.getRhs();
  if (!constantIntegers(other))
    std::swap(input, other);
  auto factors = constantIntegers(other);
  if (!factors || !views.count(input))
    return refuse(op, "products of integers other than with constants have no engine");
  auto places = laneConstants(op, input, shapeOf(other));
  if (!places)
    return false;
  View view = views[input];
  Sums sums = takeSums(input, op->getLoc());
  int64_t lanes = sums.weights.size() / sums.outputs;
  for (int64_t lane = 0; lane < sums.outputs; ++lane) {
    int64_t factor = (*factors)[(*places)[lane]];
    for (int64_t &weight : MutableArrayRef(sums.weights).slice(lane * lanes, lanes))
      weight *= factor;
    sums.constants[lane] *= factor;
    int64_t a, b;
    if (llvm::MulOverflow(sums.least[lane], factor, a) ||
        llvm::MulOverflow(sums.most[lane], factor, b))
      return refuse(op, "its results may have more than 64 bits");
    sums.least[lane] = std::min(a, b);
    sums.most[lane] = std::max(a, b);
  }
  if (!fitsType(op, sums))
    return false;
  View result{{}, std::move(sums), view.raster, view.order};
  set(op.getResult(), std::move(result));
  return true;
}

bool FlowBuilder::addClip(Operation *op, int64_t least, int64_t most) {
  Value input = op->getOperand(0);
  View &view = views[input];
  if (view.sums && view.sums->forms.size() && input.hasOneUse()) {
    bool apart = false;
    for (StepForm &form : view.sums->forms)
      apart |= form.least > most || form.most < least;
    if (!apart) {
      View clipped = view;
      for (StepForm &form : clipped.sums->forms) {
        form.least = std::max(form.least, least);
        form.most = std::min(form.most, most);
      }
      set(op->getResult(0), std::move(clipped));
      return true;
    }
  }
  flow::StreamType type = typeOf(input);
  if (least <= type.getLeast() && most >= type.getMost()) {
    View same = views[input];
    set(op->getResult(0), std::move(same));
    return true;
  }
  Sums sums = takeSums(input, op->getLoc());
  sums.forms.assign(sums.outputs, {1, 0, 0, Ties::Down, least, most});
  View result{{}, std::move(sums), views[input].raster, views[input].order};
  set(op->getResult(0), std::move(result));
  return true;
}

/// A wider type: the same numbers.
bool FlowBuilder::addCast(nn::CastOp op) {
  if (!views.count(op.getInput()))
    return refuse(op, "casts of floats to integers have no engine; quantize them");
  flow::StreamType type = typeOf(op.getInput());
  auto [least, most] = rangeOf(elementOf(op.getResult()));
  if (type.getLeast() < least || type.getMost() > most)
    return refuse(op, "casts that wrap have no engine");
  View same = views[op.getInput()];
  set(op.getResult(), std::move(same));
  return true;
}

static void negate(Sums &sums) {
  for (std::vector<int64_t> *numbers : {&sums.weights, &sums.constants, &sums.least, &sums.most})
    for (int64_t &number : *numbers)
      number = -number;
  std::swap(sums.least, sums.most);
}

/// A constant more or less.
bool FlowBuilder::addOffset(Operation *op, int64_t sign) {
  Value input = op->getOperand(0), other = op->getOperand(1);
  bool isSecond = !constantIntegers(other);
  if (isSecond)
    std::swap(input, other);
  auto constants = constantIntegers(other);
  if (!constants || !views.count(input))
    return refuse(op, "sums of integers other than with constants have no engine");
  auto places = laneConstants(op, input, shapeOf(other));
  if (!places)
    return false;
  View view = views[input];
  Sums sums = takeSums(input, op->getLoc());
  if (isSecond && sign < 0) { // a constant less the sums
    negate(sums);
    sign = 1;
  }
  for (int64_t lane = 0; lane < sums.outputs; ++lane)
    for (int64_t *value : {&sums.constants[lane], &sums.least[lane], &sums.most[lane]})
      *value += sign * (*constants)[(*places)[lane]];
  if (!fitsType(op, sums))
    return false;
  View result{{}, std::move(sums), view.raster, view.order};
  set(op->getResult(0), std::move(result));
  return true;
}

Value FlowBuilder::makeTable(Value stream, ArrayRef<int32_t> values, Location loc) {
  auto type = cast<flow::StreamType>(stream.getType());
  auto attr = DenseElementsAttr::get(
      RankedTensorType::get({1, int64_t(values.size())}, builder.getI32Type()), values);
  auto result = type.with(type.getLanes(), *llvm::min_element(values), *llvm::max_element(values));
  return builder.create<flow::TableOp>(loc, result, stream, attr, SymbolRefAttr(), IntegerAttr(),
                                       DenseI64ArrayAttr());
}

bool FlowBuilder::addLookup(nn::LookupOp op) {
  flow::StreamType type = typeOf(op.getInput());
  if (type.getMost() - type.getLeast() > 255)
    return refuse(op, "tables of more than 256 numbers have no engine");
  SmallVector<int32_t> values;
  for (int64_t x = type.getLeast(); x <= type.getMost(); ++x)
    values.push_back(op.getTable()[x & 255]);
  View view = views[op.getInput()];
  view.stream = makeTable(view.stream, values, op.getLoc());
  set(op.getResult(), std::move(view));
  return true;
}

} // namespace nnc::dataflow
