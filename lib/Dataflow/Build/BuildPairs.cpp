//===- BuildPairs.cpp - Functions of two tensors ---------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FlowBuilder.h"
#include "dialects/NN/FloatIsland.h"
#include "nnc/Dataflow/Integers.h"

#include <numeric>

using namespace mlir;
using nnc::flow::Ties;

namespace nnc::dataflow {

bool FlowBuilder::alignPair(Operation *op, Value left, Value right, View &x, View &y) {
  streamOf(left), streamOf(right);
  if (views[left].raster != views[right].raster || views[left].order != views[right].order) {
    if (!pixelsOf(left) || !pixelsOf(right)) {
      if (!fitsWhole(op, left) || !fitsWhole(op, right))
        return false;
      wholeOf(left), wholeOf(right);
    }
  }
  x = views[left], y = views[right];
  if (x.order != y.order) { // whole ones
    SmallVector<int64_t> map;
    Order places = placesOf(y.order);
    for (uint32_t element : x.order)
      map.push_back(places[element]);
    y.stream = takeLanes(y.stream, map, op->getLoc());
  }
  return true;
}

/// Lanes of both side by side, and the greater of each pair.
bool FlowBuilder::addMax(nn::MaxOp op) {
  Value left = op.getLhs(), right = op.getRhs();
  if (!views.count(left) || !views.count(right) || shapeOf(left) != shapeOf(right))
    return refuse(
        op, "the greater of other numbers than those of two tensors of one shape has no engine");
  View x, y;
  if (!alignPair(op, left, right, x, y))
    return false;
  Value joined = sideBySide({x.stream, y.stream}, op.getLoc());
  auto type = cast<flow::StreamType>(joined.getType());
  x.stream = builder.create<flow::MaxOp>(
      op.getLoc(), type.with(x.lanes(), type.getLeast(), type.getMost()), joined, SymbolRefAttr(),
      IntegerAttr(), DenseI64ArrayAttr());
  set(op.getResult(), std::move(x));
  return true;
}

/// What becomes of floats between integers: the form that they have, or all of few results.
bool FlowBuilder::addIsland(nn::QuantizeOp op) {
  std::vector<Value> integers = integersBehind(op);
  for (Value operand : integers)
    if (!views.count(operand))
      return true; // refused before
  bool isOneShape =
      llvm::all_of(integers, [&](Value v) { return shapeOf(v) == shapeOf(op.getResult()); });
  std::optional<nn::Bilinear> form = nn::bilinearOf(op);
  auto table = op->getAttrOfType<DenseIntElementsAttr>(nn::tableAttr);
  if (!isOneShape && (form || table))
    return refuse(op, "repeats elements of an operand, which has no engine; -style=sequencer reads "
                      "them again");
  if (form && integers.size() == 2)
    return addBilinear(op, integers, *form);
  if (table && table.getType().getRank() == int64_t(integers.size()))
    return addTable(op, integers, table);
  return refuseIsland(op);
}

bool FlowBuilder::refuseIsland(Operation *op) {
  auto why = op->getAttrOfType<StringAttr>(nn::obstacleAttr);
  return refuse(op, "floats between integers have no engine" +
                        (why ? ": " + why.getValue().str() : std::string()));
}

/// The number of each combination of elements, and a table.
bool FlowBuilder::addTable(nn::QuantizeOp op, ArrayRef<Value> operands,
                           DenseIntElementsAttr results) {
  constexpr int64_t most = 256;
  flow::StreamType first = typeOf(operands[0]), second = typeOf(operands.back());
  int64_t rows = first.getMost() - first.getLeast() + 1,
          columns = operands.size() == 2 ? second.getMost() - second.getLeast() + 1 : 1;
  if (rows * columns > most)
    return refuse(op,
                  "its " + Twine(rows * columns) +
                      " results are given by no sum with constant factors, and tables of more "
                      "than 256 numbers have no engine; -style=sequencer has a memory for them");
  View x, y;
  if (!alignPair(op, operands[0], operands.back(), x, y))
    return false;
  int64_t lanes = x.lanes();
  Value joined = sideBySide({x.stream, y.stream}, op.getLoc());
  std::vector<int64_t> weights(2 * lanes * lanes), constants(lanes);
  int64_t least = first.getLeast() * columns + (columns > 1 ? second.getLeast() : 0);
  for (int64_t lane = 0; lane < lanes; ++lane) {
    weights[lane * 2 * lanes + lane] = columns;
    weights[lane * 2 * lanes + lanes + lane] = columns > 1;
    constants[lane] = -least;
  }
  Sums sums = makeSums(joined, std::move(weights), std::move(constants), op.getLoc());
  int64_t last = rows * columns - 1;
  if (sums.least[0] < 0 || sums.most[0] > last) // lanes of one stream have one range
    sums.forms.assign(lanes, {1, 0, 0, Ties::Down, 0, last});
  auto all = results.getValues<int32_t>();
  int64_t width = operands.size() == 2 ? results.getType().getDimSize(1) : 1;
  auto placeOf = [](int64_t value, Value operand) {
    return value - rangeOf(elementOf(operand)).least;
  };
  SmallVector<int32_t> values;
  for (int64_t a = first.getLeast(); a <= first.getMost(); ++a)
    for (int64_t column = 0; column < columns; ++column)
      values.push_back(all[placeOf(a, operands[0]) * width +
                           (width > 1 ? placeOf(second.getLeast() + column, operands[1]) : 0)]);
  x.stream = makeTable(build(sums, x.raster), values, op.getLoc());
  set(op.getResult(), std::move(x));
  return true;
}

bool FlowBuilder::addBilinear(nn::QuantizeOp op, ArrayRef<Value> operands,
                              const nn::Bilinear &form) {
  View x, y;
  if (!alignPair(op, operands[0], operands[1], x, y))
    return false;
  int64_t lanes = x.lanes();
  SmallVector<Value> parts{x.stream, y.stream};
  SmallVector<int64_t> factors{form.left, form.right};
  auto lane = [&](Value stream) { return cast<flow::StreamType>(stream.getType()); };
  if (form.product) {
    auto both =
        lane(x.stream).with(lanes, std::min(lane(x.stream).getLeast(), lane(y.stream).getLeast()),
                            std::max(lane(x.stream).getMost(), lane(y.stream).getMost()));
    SmallVector<int64_t> same(lanes);
    std::iota(same.begin(), same.end(), 0);
    auto widen = [&](Value stream) -> Value {
      return builder.create<flow::LanesOp>(op.getLoc(), both, stream, same, DenseI64ArrayAttr());
    };
    int64_t a = both.getLeast(), b = both.getMost();
    auto type = both.with(lanes, std::min(std::min(a * a, b * b), a * b),
                          std::max(std::max(a * a, b * b), a * b));
    parts.push_back(builder.create<flow::MultiplyOp>(op.getLoc(), type, widen(x.stream),
                                                     widen(y.stream), SymbolRefAttr(),
                                                     IntegerAttr(), DenseI64ArrayAttr()));
    factors.push_back(form.product);
  }
  Value joined = sideBySide(parts, op.getLoc());
  int64_t columns = lanes * parts.size();
  std::vector<int64_t> weights(lanes * columns);
  for (int64_t i = 0; i < lanes; ++i)
    for (auto [part, factor] : llvm::enumerate(factors))
      weights[i * columns + part * lanes + i] = factor;
  Sums sums = makeSums(joined, std::move(weights), std::vector<int64_t>(lanes), op.getLoc());
  sums.forms.assign(lanes,
                    {1, form.offset, form.shift, form.ties, form.levels.least, form.levels.most});
  set(op.getResult(), {{}, std::move(sums), x.raster, x.order});
  return true;
}

} // namespace nnc::dataflow
