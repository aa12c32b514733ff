//===- FlowBuilder.cpp - An integer network becomes engines ----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FlowBuilder.h"

#include "../ShiftAdd/LinearForms.h"

#include "llvm/ADT/TypeSwitch.h"

#include <numeric>

using namespace mlir;

namespace nnc::dataflow {

FlowBuilder::FlowBuilder(func::FuncOp function, std::optional<unsigned> pipeline)
    : function(function), builder(function.getContext()) {
  builder.setInsertionPointAfter(function);
  network = builder.create<flow::NetworkOp>(function.getLoc(), function.getSymName(), IntegerAttr(),
                                            IntegerAttr(), IntegerAttr(), IntegerAttr());
  if (pipeline)
    network.setPipeline(*pipeline);
  network.getBody().emplaceBlock();
  builder.setInsertionPointToStart(&network.getBlock());
}

LogicalResult FlowBuilder::run() {
  for (BlockArgument argument : function.getArguments())
    addInput(argument);
  if (!good) { // all else would follow from that
    network.erase();
    return failure();
  }
  Block &body = function.getBody().front();
  for (auto op : body.getOps<nn::ProportionOp>())
    if (auto softmax = matchSoftmax(op)) {
      insideSoftmax.insert(softmax->ops.begin(), softmax->ops.end());
      softmaxes[op] = std::move(*softmax);
    }
  for (Operation &op : body.without_terminator()) {
    if (isa<nn::ConstantOp>(op) || (insideSoftmax.contains(&op) && !softmaxes.contains(&op)))
      continue;
    // What stands on something refused was refused with it.
    bool known = llvm::all_of(op.getOperands(), [&](Value operand) {
      return views.count(operand) || operand.getDefiningOp<nn::ConstantOp>() ||
             isa<FloatType>(elementOf(operand)) || softmaxes.contains(&op);
    });
    if (known)
      good &= add(&op);
  }
  if (good)
    addOutputs(body.getTerminator());
  if (!good)
    network.erase();
  return success(good);
}

bool FlowBuilder::refuse(Operation *op, const Twine &why) {
  op->emitError() << "-style=unrolled: " << why;
  return false;
}

bool FlowBuilder::fitsBeat(Operation *op, Value tensor, int64_t lanes, StringRef what) {
  int64_t bits = lanes * typeOf(tensor).laneWidth();
  if (bits <= int64_t(rtl::maxWidth))
    return true;
  return refuse(op, what + "takes " + Twine(bits) + " bits at once, wires have up to " +
                        Twine(rtl::maxWidth) + "; -style=sequencer keeps them in a memory");
}

bool FlowBuilder::fitsWhole(Operation *op, Value tensor, StringRef what) {
  return fitsBeat(op, tensor, cast<RankedTensorType>(tensor.getType()).getNumElements(), what);
}

bool FlowBuilder::fitsAdders(Operation *op, Value tensor, ArrayRef<int64_t> weights,
                             int64_t times) {
  constexpr int64_t most = 1 << 21; // minutes of optimization, two gigabytes, a million tables
  int64_t before = addedBits, width = typeOf(tensor).laneWidth();
  for (int64_t weight : weights)
    addedBits += countDigits(weight) * width * times;
  if (addedBits <= most)
    return true;
  if (before <= most)
    refuse(op, "sums up to here have " + Twine(addedBits) +
                   " bits to add, one for each digit of a weight and bit of its operand, and " +
                   Twine(most) + " are the most; -style=sequencer keeps weights in a memory");
  return false;
}

/// Several tensors stand one after another in a frame: each leaves whole.
bool FlowBuilder::fitsOutput(OpOperand &output) {
  Operation *terminator = output.getOwner();
  auto name = function.getResultAttrOfType<StringAttr>(output.getOperandNumber(), nn::nameAttr);
  std::string what = name ? "output '" + name.str() + "' " : "an output ";
  if (!views.count(output.get()))
    return refuse(terminator, what + "comes as floats, or is a constant");
  return terminator->getNumOperands() == 1 ||
         fitsWhole(terminator, output.get(), what + "leaves whole, as one of several: ");
}

/// Steps are rows of a matrix as wide as their operand, of which there are thousands at most.
bool FlowBuilder::fitsSteps(Operation *op) {
  constexpr int64_t most = 1 << 13;
  if (op->hasTrait<nn::Movement>() || op->hasTrait<nn::Contraction>())
    return true;
  for (Value operand : op->getOperands())
    if (auto view = views.find(operand); view != views.end() && view->second.lanes() > most)
      return refuse(op, "changes " + Twine(view->second.lanes()) + " elements at once, " +
                            Twine(most) + " are the most; -style=sequencer takes them one by one");
  return true;
}

bool FlowBuilder::add(Operation *op) {
  if (!fitsSteps(op))
    return false;
  // Floats between integers: the op that makes integers of them again says what is wrong.
  if (llvm::any_of(op->getResults(), [](Value v) { return isa<FloatType>(elementOf(v)); }))
    return true;
  if (op->hasAttr(nn::obstacleAttr) && !isa<nn::QuantizeOp>(op))
    return refuseIsland(op);
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case([&](nn::ConvOp op) { return addConv(op); })
      .Case([&](nn::MatMulOp op) { return addMatMul(op); })
      .Case([&](nn::MaxPoolOp op) { return addMaxPool(op); })
      .Case([&](nn::ReduceMaxOp op) { return addReduceMax(op); })
      .Case(
          [&](nn::RequantizeOp op) { return addRequantize(op, op.getInput(), op.getZeroPoint()); })
      .Case([&](nn::RescaleOp op) { return addRequantize(op, op.getInput(), op.getZeroPoint()); })
      .Case([&](nn::ThresholdOp op) { return addThreshold(op); })
      .Case([&](nn::QuantizeOp op) { return addIsland(op); })
      .Case([&](nn::MulOp op) { return addFactor(op); })
      .Case([&](nn::ClipOp op) {
        auto [least, most] = boundsOf(op);
        return addClip(op, least, most);
      })
      .Case([&](nn::ReluOp op) { return addClip(op, 0, rangeOf(elementOf(op.getInput())).most); })
      .Case([&](nn::ReduceSumOp op) { return addReduceSum(op); })
      .Case([&](nn::CastOp op) { return addCast(op); })
      .Case([&](nn::AddOp op) { return addOffset(op, 1); })
      .Case([&](nn::SubOp op) { return addOffset(op, -1); })
      .Case([&](nn::MaxOp op) { return addMax(op); })
      .Case([&](nn::ArgMaxOp op) { return addArgMax(op); })
      .Case([&](nn::ProportionOp op) { return addSoftmax(op); })
      .Case([&](nn::LookupOp op) { return addLookup(op); })
      .Case([&](nn::ConcatOp op) { return addConcat(op); })
      .Case<nn::ReshapeOp, nn::TransposeOp, nn::SliceOp>([&](auto op) { return addMovement(op); })
      .Default([&](Operation *op) {
        return refuse(op, "no engine for '" + op->getName().getStringRef() + "'");
      });
}

//===----------------------------------------------------------------------===//
// Ports
//===----------------------------------------------------------------------===//

/// Do the axes of a reduction leave one number of each channel?
static bool reducesPixels(Operation *op) {
  return llvm::TypeSwitch<Operation *, bool>(op)
      .Case<nn::ReduceSumOp, nn::ReduceMaxOp>(
          [](auto op) { return isOverPixels(op.getAxes(), shapeOf(op.getInput())); })
      .Default([](Operation *) { return false; });
}

/// How an op that wants pixels sees the argument through what only rearranges it; if there is none,
/// in its own order, all at once.
static View portView(BlockArgument argument) {
  struct Seen {
    Value value;
    Order source; ///< of its elements in the argument
  };
  View view;
  view.order.resize(cast<RankedTensorType>(argument.getType()).getNumElements());
  std::iota(view.order.begin(), view.order.end(), 0);
  SmallVector<Seen> pending{{argument, view.order}};
  while (!pending.empty()) {
    Seen seen = pending.pop_back_val();
    for (Operation *user : seen.value.getUsers()) {
      bool takesPixels = isa<nn::ConvOp, nn::MaxPoolOp>(user) || reducesPixels(user);
      ArrayRef<int64_t> shape = shapeOf(seen.value);
      if (takesPixels && user->getOperand(0) == seen.value && shape[0] == 1) { // not of a batch
        view.raster.assign(shape.begin() + 2, shape.end());
        for (auto [at, element] : llvm::zip_equal(view.order, pixelOrder(shape)))
          at = seen.source[element];
        return view;
      }
      if (auto moved = sourceOf(user); moved && moved->size() == seen.source.size()) {
        for (uint32_t &element : *moved)
          element = seen.source[element];
        pending.push_back({user->getResult(0), std::move(*moved)});
      } else if ((user->hasTrait<nn::Elementwise>() || isa<nn::ThresholdOp>(user)) &&
                 shapeOf(user->getResult(0)) == shapeOf(seen.value)) {
        pending.push_back({user->getResult(0), seen.source});
      }
    }
  }
  return view;
}

void FlowBuilder::addInput(BlockArgument argument) {
  if (!isa<IntegerType>(elementOf(argument))) {
    mlir::emitError(argument.getLoc())
        << "input " << argument.getArgNumber() << " is no tensor of integers";
    good = false;
    return;
  }
  auto [least, most] = rangeOfInput(argument);
  View view = portView(argument);
  if (view.raster.size() > 2) {
    mlir::emitError(argument.getLoc()) << "-style=unrolled: has more than two spatial dimensions";
    good = false;
    return;
  }
  auto type = flow::StreamType::getChecked(
      [&] { return mlir::emitError(argument.getLoc()) << "-style=unrolled: "; },
      function.getContext(), ArrayRef(view.raster), view.lanes(), least, most);
  if (!type) {
    good = false;
    return;
  }
  if (function.getNumArguments() > 1 && type.beats() > 1) {
    mlir::emitError(argument.getLoc())
        << "-style=unrolled: one of several inputs, and comes pixel by pixel; -style=sequencer "
           "takes them one after another";
    good = false;
    return;
  }
  auto name = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), nn::nameAttr);
  auto input = builder.create<flow::InputOp>(
      argument.getLoc(), type, name ? name : builder.getStringAttr("input"), DenseI64ArrayAttr());
  input->setAttr(flow::orderAttr, DenseI32ArrayAttr::get(
                                      function.getContext(),
                                      SmallVector<int32_t>(view.order.begin(), view.order.end())));
  view.stream = input;
  set(argument, std::move(view));
}

void FlowBuilder::addOutputs(Operation *terminator) {
  SmallVector<Value> streams;
  SmallVector<Attribute> orders;
  for (OpOperand &output : terminator->getOpOperands()) {
    Value value = output.get();
    if (!fitsOutput(output)) {
      good = false;
      return;
    }
    View &view = terminator->getNumOperands() == 1 ? views[value] : wholeOf(value);
    streams.push_back(streamOf(value));
    orders.push_back(DenseI32ArrayAttr::get(
        function.getContext(), SmallVector<int32_t>(view.order.begin(), view.order.end())));
  }
  auto output = builder.create<flow::OutputOp>(terminator->getLoc(), streams);
  output->setAttr(flow::orderAttr, builder.getArrayAttr(orders));
}

//===----------------------------------------------------------------------===//
// Streams
//===----------------------------------------------------------------------===//

Value FlowBuilder::streamOf(Value tensor) {
  View &view = views[tensor];
  if (!view.stream) {
    view.stream = build(*view.sums, view.raster);
    view.sums.reset();
  }
  return view.stream;
}

flow::StreamType FlowBuilder::typeOf(Value tensor) {
  return cast<flow::StreamType>(streamOf(tensor).getType());
}

Value FlowBuilder::pixelsOf(Value tensor) {
  ArrayRef<int64_t> shape = shapeOf(tensor);
  View &view = views[tensor];
  if (shape.size() < 3 || shape[0] != 1 ||
      view.raster != SmallVector<int64_t, 2>(shape.drop_front(2)))
    return {};
  Order wanted = pixelOrder(shape);
  if (view.order == wanted)
    return streamOf(tensor);
  // Channels may come in another order, which must be the same for each pixel.
  int64_t lanes = view.lanes(), pixels = wanted.size() / lanes;
  SmallVector<int64_t> map(lanes);
  for (int64_t lane = 0; lane < lanes; ++lane)
    map[view.order[lane] / pixels] = lane;
  for (size_t at = 0; at < wanted.size(); ++at)
    if (view.order[at / lanes * lanes + map[at % lanes]] != wanted[at])
      return {};
  Value taken = takeLanes(streamOf(tensor), map, tensor.getLoc());
  View pixel{taken, {}, view.raster, wanted};
  set(tensor, pixel);
  return taken;
}

View &FlowBuilder::wholeOf(Value tensor) {
  Value stream = streamOf(tensor);
  View &view = views[tensor];
  if (view.raster.empty())
    return view;
  auto type = cast<flow::StreamType>(stream.getType());
  auto whole = flow::StreamType::get(function.getContext(), {}, type.getLanes() * type.beats(),
                                     type.getLeast(), type.getMost());
  view.stream = builder.create<flow::CollectOp>(tensor.getLoc(), whole, stream, IntegerAttr(),
                                                DenseI64ArrayAttr());
  view.raster.clear();
  return view;
}

Value FlowBuilder::takeLanes(ValueRange streams, ArrayRef<int64_t> map, Location loc) {
  auto first = cast<flow::StreamType>(streams.front().getType());
  bool same = streams.size() == 1 && int64_t(map.size()) == first.getLanes();
  for (auto [at, lane] : llvm::enumerate(map))
    same &= int64_t(at) == lane;
  if (same)
    return streams.front();
  int64_t least = first.getLeast(), most = first.getMost();
  for (Value stream : streams) {
    auto type = cast<flow::StreamType>(stream.getType());
    least = std::min(least, type.getLeast());
    most = std::max(most, type.getMost());
  }
  return builder.create<flow::LanesOp>(loc, first.with(map.size(), least, most), streams, map,
                                       DenseI64ArrayAttr());
}

Value FlowBuilder::sideBySide(ValueRange streams, Location loc) {
  int64_t lanes = 0;
  for (Value stream : streams)
    lanes += cast<flow::StreamType>(stream.getType()).getLanes();
  SmallVector<int64_t> all(lanes);
  std::iota(all.begin(), all.end(), 0);
  return takeLanes(streams, all, loc);
}

Sums FlowBuilder::makeSums(Value input, std::vector<int64_t> weights,
                           std::vector<int64_t> constants, Location loc) {
  auto type = cast<flow::StreamType>(input.getType());
  int64_t lanes = type.getLanes();
  Sums sums{
      input, int64_t(constants.size()), std::move(weights), std::move(constants), {}, {}, {}, {}, 0,
      loc};
  for (int64_t i = 0; i < sums.outputs; ++i) {
    int64_t least = sums.constants[i], most = least;
    for (int64_t weight : ArrayRef(sums.weights).slice(i * lanes, lanes)) {
      least += weight * (weight < 0 ? type.getMost() : type.getLeast());
      most += weight * (weight < 0 ? type.getLeast() : type.getMost());
    }
    sums.least.push_back(least);
    sums.most.push_back(most);
  }
  return sums;
}

Sums FlowBuilder::takeSums(Value tensor, Location loc) {
  View &view = views[tensor];
  if (view.sums && !view.sums->isNarrowed() && tensor.hasOneUse())
    return *view.sums;
  Value stream = streamOf(tensor);
  int64_t lanes = cast<flow::StreamType>(stream.getType()).getLanes();
  std::vector<int64_t> identity(lanes * lanes);
  for (int64_t lane = 0; lane < lanes; ++lane)
    identity[lane * lanes + lane] = 1;
  return makeSums(stream, std::move(identity), std::vector<int64_t>(lanes), loc);
}

bool FlowBuilder::fitsType(Operation *op, const Sums &sums) {
  Type type = elementOf(op->getResult(0));
  auto [least, most] = rangeOf(type);
  int64_t from = *llvm::min_element(sums.least), to = *llvm::max_element(sums.most);
  return (from >= least && to <= most) ||
         refuse(op, "its results can reach " + Twine(from) + " to " + Twine(to) + ", beyond int" +
                        Twine(type.getIntOrFloatBitWidth()) +
                        " they wrap, which hardware does not do");
}

/// A matrix of integers with elements no wider than they need.
static DenseElementsAttr matrixAttr(ArrayRef<int64_t> values, int64_t rows, int64_t columns,
                                    MLIRContext *context) {
  int64_t least = 0, most = 0;
  for (int64_t value : values) {
    least = std::min(least, value);
    most = std::max(most, value);
  }
  unsigned width = flow::widthFor(std::min<int64_t>(least, -1), most);
  width = width <= 8 ? 8 : width <= 16 ? 16 : width <= 32 ? 32 : 64;
  SmallVector<APInt> elements;
  for (int64_t value : values)
    elements.push_back(APInt(64, uint64_t(value), true).trunc(width));
  auto type = RankedTensorType::get({rows, columns}, IntegerType::get(context, width));
  return DenseElementsAttr::get(type, elements);
}

/// Whether sums are their own operands.
static bool isIdentity(const Sums &sums) {
  int64_t lanes = sums.weights.size() / sums.outputs;
  if (sums.isNarrowed() || lanes != sums.outputs ||
      !llvm::all_of(sums.constants, [](int64_t c) { return c == 0; }))
    return false;
  for (int64_t i = 0; i < lanes * lanes; ++i)
    if (sums.weights[i] != (i / lanes == i % lanes))
      return false;
  return true;
}

Value FlowBuilder::build(const Sums &sums, ArrayRef<int64_t> raster) {
  if (isIdentity(sums))
    return sums.input;
  MLIRContext *context = function.getContext();
  int64_t lanes = sums.weights.size() / sums.outputs;
  int64_t least = *llvm::min_element(sums.least), most = *llvm::max_element(sums.most);
  DenseElementsAttr forms, thresholds;
  if (!sums.forms.empty()) {
    SmallVector<int64_t> rows;
    least = INT64_MAX, most = INT64_MIN;
    for (const flow::StepForm &form : sums.forms) {
      llvm::append_range(rows, form.row());
      least = std::min(least, form.least);
      most = std::max(most, form.most);
    }
    forms = matrixAttr(rows, sums.outputs, flow::StepForm::numbers, context);
  } else if (!sums.thresholds.empty()) {
    SmallVector<int64_t> rows;
    for (const std::vector<int64_t> &row : sums.thresholds)
      llvm::append_range(rows, row);
    int64_t count = sums.thresholds.front().size();
    thresholds = matrixAttr(rows, sums.outputs, count, context);
    least = sums.thresholdsLeast;
    most = least + count;
  }
  auto type = flow::StreamType::get(context, raster, sums.outputs, least, most);
  auto constants = DenseElementsAttr::get(
      RankedTensorType::get({sums.outputs}, builder.getI64Type()), ArrayRef(sums.constants));
  auto matrix = builder.create<flow::MatrixOp>(
      sums.loc, type, sums.input, matrixAttr(sums.weights, sums.outputs, lanes, context), constants,
      forms, thresholds, builder.getI64IntegerAttr(sums.thresholdsLeast), SymbolRefAttr(),
      IntegerAttr(), DenseI64ArrayAttr());
  return matrix;
}

} // namespace nnc::dataflow
