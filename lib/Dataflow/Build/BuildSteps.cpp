//===- BuildSteps.cpp - Requantization, constants and tables ------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FlowBuilder.h"
#include "nnc/Dataflow/SimplifyForm.h"

using namespace mlir;
using nnc::flow::StepForm;
using nnc::flow::Ties;

namespace nnc::dataflow {

/// The channel of each lane, where there are `channels`: those of a contraction's result.
static std::optional<SmallVector<int64_t>> channelsOf(Value tensor, ArrayRef<uint32_t> lanes,
                                                      int64_t channels) {
  ArrayRef<int64_t> shape = shapeOf(tensor);
  bool last = tensor.getDefiningOp<nn::MatMulOp>() || shape.size() < 3;
  int64_t size = shape.empty() ? 1 : last ? shape.back() : shape[1], inner = 1;
  if (!last)
    for (int64_t dim : shape.drop_front(2))
      inner *= dim;
  if (channels != 1 && channels != size)
    return std::nullopt;
  SmallVector<int64_t> result;
  for (uint32_t element : lanes)
    result.push_back(channels == 1 ? 0 : element / inner % size);
  return result;
}

bool FlowBuilder::addRequantize(Operation *op, Value input, Value zeroPoint) {
  auto affine = op->getAttrOfType<ElementsAttr>(nn::affineAttr);
  auto zero = constantIntegers(zeroPoint);
  if (!affine || !zero || zero->size() != 1)
    return refuse(op, "scales or zero points that are not constant have no engine");
  SmallVector<int64_t> rows = flow::integersOf(affine);
  View &view = views[input];
  auto channels = channelsOf(input, ArrayRef(view.order).take_front(view.lanes()), rows.size() / 3);
  if (!channels)
    return refuse(op, "scales that vary along other dimensions than channels have no engine");
  Sums sums = takeSums(input, op->getLoc());
  sums.loc = builder.getFusedLoc({sums.loc, op->getLoc()});
  auto [least, most] = rangeOf(elementOf(op->getResult(0)));
  for (auto [lane, channel] : llvm::enumerate(*channels)) {
    ArrayRef<int64_t> row = ArrayRef(rows).slice(channel * 3, 3);
    if (row[2] < 0)
      return refuse(op, "the scaling of channel " + Twine(channel) + " has no integer form");
    StepForm form{row[0], row[1] + (zero->front() << row[2]), row[2], Ties::Down, least, most};
    sums.forms.push_back(simplifyForm(form, sums.least[lane], sums.most[lane]));
  }
  View result{{}, std::move(sums), view.raster, view.order};
  set(op->getResult(0), std::move(result));
  return true;
}

bool FlowBuilder::addThreshold(nn::ThresholdOp op) {
  Value input = op.getInput();
  auto thresholds = constantIntegers(op.getThresholds());
  if (!thresholds || !views.count(input))
    return refuse(op, "thresholds that are not constant integers have no engine");
  ArrayRef<int64_t> shape = shapeOf(input), table = shapeOf(op.getThresholds());
  int64_t inner = 1, size = shape.empty() ? 1 : shape[op.getChannel()], count = table[1];
  for (int64_t dim : shape.drop_front(std::min<size_t>(shape.size(), op.getChannel() + 1)))
    inner *= dim;
  View view = views[input];
  Sums sums = takeSums(input, op.getLoc());
  sums.loc = builder.getFusedLoc({sums.loc, op.getLoc()});
  std::vector<StepForm> forms;
  for (int64_t lane = 0; lane < sums.outputs; ++lane) {
    int64_t row = table[0] == 1 ? 0 : view.order[lane] / inner % size;
    ArrayRef<int64_t> positions = ArrayRef(*thresholds).slice(row * count, count);
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

/// For each lane its element of a constant that broadcasts to the tensor; none if that varies along
/// several dimensions.
static std::optional<SmallVector<int64_t>> constantsOf(const View &view, ArrayRef<int64_t> shape,
                                                       ArrayRef<int64_t> constant) {
  int64_t behind = shape.size() - constant.size(), inner = 1, size = 1;
  for (int64_t dim = constant.size(); dim-- > 0;) {
    if (constant[dim] == 1 && size == 1)
      inner *= shape[dim + behind];
    else if (constant[dim] != 1 && size != 1)
      return std::nullopt;
    else if (constant[dim] != 1)
      size = constant[dim];
  }
  SmallVector<int64_t> places;
  for (int64_t lane = 0; lane < view.lanes(); ++lane)
    places.push_back(size == 1 ? 0 : view.order[lane] / inner % size);
  return places;
}

/// A constant for each channel times sums.
bool FlowBuilder::addFactor(nn::MulOp op) {
  Value input = op.getLhs(), other = op.getRhs();
  if (!constantIntegers(other))
    std::swap(input, other);
  auto factors = constantIntegers(other);
  if (!factors || !views.count(input))
    return refuse(op, "products of integers other than with constants have no engine");
  View view = views[input];
  Sums sums = takeSums(input, op.getLoc());
  auto places = constantsOf(view, shapeOf(input), shapeOf(other));
  if (!places)
    return refuse(op, "factors that vary along several dimensions have no engine");
  int64_t lanes = sums.weights.size() / sums.outputs;
  for (int64_t lane = 0; lane < sums.outputs; ++lane) {
    int64_t factor = (*factors)[(*places)[lane]];
    for (int64_t &weight : MutableArrayRef(sums.weights).slice(lane * lanes, lanes))
      weight *= factor;
    sums.constants[lane] *= factor;
    int64_t a = sums.least[lane] * factor, b = sums.most[lane] * factor;
    sums.least[lane] = std::min(a, b);
    sums.most[lane] = std::max(a, b);
  }
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

/// A constant for each channel, or one for all, more or less.
bool FlowBuilder::addOffset(Operation *op, int64_t sign) {
  Value input = op->getOperand(0), other = op->getOperand(1);
  bool isSecond = !constantIntegers(other);
  if (isSecond)
    std::swap(input, other);
  auto constants = constantIntegers(other);
  if (!constants || !views.count(input))
    return refuse(op, "sums of integers other than with constants have no engine");
  View view = views[input];
  Sums sums = takeSums(input, op->getLoc());
  auto places = constantsOf(view, shapeOf(input), shapeOf(other));
  if (!places)
    return refuse(op, "constants that vary along several dimensions have no engine");
  if (isSecond && sign < 0) { // a constant less the sums
    negate(sums);
    sign = 1;
  }
  for (int64_t lane = 0; lane < sums.outputs; ++lane)
    for (int64_t *value : {&sums.constants[lane], &sums.least[lane], &sums.most[lane]})
      *value += sign * (*constants)[(*places)[lane]];
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
