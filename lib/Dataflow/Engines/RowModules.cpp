//===- RowModules.cpp - Which lane is the greatest, and softmaxes ------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "EngineBuilder.h"
#include "LaneModules.h"

using namespace mlir;
using nnc::flow::widthFor;

namespace nnc::dataflow {

namespace {

using Values = SmallVector<Value>;

/// A module whose values go through one carry chain after another, all at the same pace.
class RowModule {
public:
  RowModule(EngineBuilder &module, const ModuleOptions &options)
      : wires(module.wires()), module(module), pipeline(options.pipeline) {}

  /// Another chain is behind all that is needed from now on: registers, if it is time for them.
  void next(std::initializer_list<Values *> needed) {
    if (!pipeline || ++chains < *pipeline)
      return;
    addRegisters(needed);
  }

  /// The module, with a register behind `lanes` in pipelines.
  LaneModule finish(Values lanes) {
    if (pipeline)
      addRegisters({&lanes});
    return {module.finish({{"y", wires.join(lanes)}}), latency};
  }

  rtl::Wires &wires;

private:
  void addRegisters(std::initializer_list<Values *> needed) {
    llvm::DenseMap<Value, Value> registers; // what stands in several places is held once
    for (Values *values : needed)
      for (Value &value : *values) {
        Value &held = registers[value];
        if (!held)
          held = value.getDefiningOp<rtl::ConstantOp>() ? value : wires.reg(value);
        value = held;
      }
    ++latency;
    chains = 0;
  }

  EngineBuilder &module;
  std::optional<unsigned> pipeline;
  unsigned chains = 0, latency = 0;
};

/// Values of each group, which stand at its number, that and `groups`, that and twice `groups` …,
/// become one: `join(to, left, right)` makes one of two places, again and again.
template <typename Join>
void reduceInPairs(std::initializer_list<Values *> lists, size_t groups, Join join,
                   llvm::function_ref<void()> next) {
  while ((*lists.begin())->size() > groups) {
    size_t count = (*lists.begin())->size() / groups, half = (count + 1) / 2;
    for (size_t at = 0; at < half * groups; ++at) {
      size_t left = at / groups * 2 * groups + at % groups, right = left + groups;
      if (right < count * groups)
        join(at, left, right);
      else
        for (Values *values : lists)
          (*values)[at] = (*values)[left];
    }
    for (Values *values : lists)
      values->truncate(half * groups);
    next();
  }
}

rtl::Predicate greater(flow::StreamType type, bool orEqual = false) {
  if (type.isSigned())
    return orEqual ? rtl::Predicate::sge : rtl::Predicate::sgt;
  return orEqual ? rtl::Predicate::uge : rtl::Predicate::ugt;
}

/// The parts of a softmax, one after another.
class SoftmaxModule {
public:
  SoftmaxModule(flow::SoftmaxOp op, EngineBuilder &module, const ModuleOptions &options)
      : op(op), in(op.getInput().getType()), out(op.getType()), row(module, options),
        wires(row.wires), lanes(unpack(wires, module.input(0), in.getLanes())),
        groups(op.getGroups()) {}

  LaneModule build() {
    findDistances();
    lookUp();
    addUp();
    divide();
    return row.finish(lanes);
  }

private:
  Value &groupOf(Values &values, size_t lane) { return values[lane % groups]; }

  void findDistances() {
    Values greatest = lanes;
    reduceInPairs(
        {&greatest}, groups,
        [&](size_t to, size_t left, size_t right) {
          Value isLeft = wires.compare(greater(in), greatest[left], greatest[right]);
          greatest[to] = wires.mux(isLeft, greatest[left], greatest[right]);
        },
        [&] {
          row.next({&lanes, &greatest});
        });
    unsigned width = widthFor(0, in.getMost() - in.getLeast());
    auto resized = [&](Value x) { return wires.resize(x, width, in.isSigned()); };
    for (auto [i, x] : llvm::enumerate(lanes))
      x = wires.sub(resized(groupOf(greatest, i)), resized(x));
    row.next({&lanes});
  }

  void lookUp() {
    most = *llvm::max_element(op.getExponentials());
    for (Value &x : lanes)
      x = wires.table(x, op.getExponentials(), widthFor(0, most));
    row.next({&lanes});
  }

  /// The divisor, of each group.
  void addUp() {
    most *= int64_t(lanes.size() / groups);
    for (Value power : lanes)
      sums.push_back(wires.resize(power, widthFor(0, most), false));
    reduceInPairs(
        {&sums}, groups,
        [&](size_t to, size_t left, size_t right) {
          sums[to] = wires.add(sums[left], sums[right]);
        },
        [&] {
          row.next({&lanes, &sums});
        });
    if (op.getFactor() == 1)
      return;
    most *= int64_t(op.getFactor());
    for (Value &sum : sums)
      sum = wires.mul(wires.resize(sum, widthFor(0, most), false),
                      wires.constant(op.getFactor(), widthFor(0, most)));
    row.next({&lanes, &sums});
  }

  /// The rests less the divisors, with a sign.
  Value less(size_t lane, bool doubled) {
    unsigned width = widthFor(0, most) + 1; // differences are less than a divisor
    Value rest = doubled ? wires.join({wires.zero(1), lanes[lane]}) : lanes[lane];
    return wires.sub(wires.resize(rest, width, false),
                     wires.resize(groupOf(sums, lane), width, false));
  }

  /// A bit of the quotients after another, the one before the point first.
  void divide() {
    unsigned width = widthFor(0, most);
    Values quotients(lanes.size());
    for (uint64_t bit = 0; bit <= op.getShift(); ++bit) {
      for (auto [i, rest] : llvm::enumerate(lanes)) {
        Value left = less(i, bit > 0), fits = wires.invert(wires.highest(left));
        Value whole = bit > 0 ? wires.join({wires.zero(1), rest}) : rest;
        rest = wires.mux(fits, wires.resize(left, width, false), wires.resize(whole, width, false));
        quotients[i] = bit > 0 ? wires.join({fits, quotients[i]}) : fits;
      }
      row.next({&lanes, &sums, &quotients});
    }
    for (size_t i = 0; i < lanes.size(); ++i) {
      Value left = less(i, true);
      Value up = wires.both(wires.invert(wires.highest(left)),
                            wires.either(wires.any(left), wires.bit(quotients[i], 0)));
      unsigned bits = rtl::widthOf(quotients[i]) + 1;
      lanes[i] = wires.add(wires.resize(quotients[i], bits, false), wires.resize(up, bits, false));
    }
    row.next({&lanes});
    for (Value &quotient : lanes)
      quotient = clamped(quotient);
  }

  /// Quotients are not negative, and the zero point is in range.
  Value clamped(Value quotient) {
    int64_t zero = op.getZeroPoint(), bound = out.getMost() - zero;
    unsigned width = rtl::widthOf(quotient);
    Value most = wires.constant(bound, width);
    if (bound < (int64_t(1) << width) - 1)
      quotient = wires.mux(wires.compare(rtl::Predicate::ugt, quotient, most), most, quotient);
    return wires.add(wires.resize(quotient, out.laneWidth(), false),
                     wires.constant(zero, out.laneWidth()));
  }

  flow::SoftmaxOp op;
  flow::StreamType in, out;
  RowModule row;
  rtl::Wires &wires;
  Values lanes, sums;
  size_t groups;
  int64_t most = 0; ///< that sums reach
};

} // namespace

FailureOr<LaneModule> buildArgMax(flow::ArgMaxOp op, rtl::DesignOp design,
                                  const ModuleOptions &options) {
  flow::StreamType in = op.getInput().getType(), out = op.getType();
  EngineBuilder module(design, op.getLoc(), "arg_max", {{"x", in.width()}},
                       options.pauses && options.pipeline);
  RowModule row(module, options);
  rtl::Wires &wires = row.wires;
  Values lanes = unpack(wires, module.input(0), in.getLanes()), indices;
  for (int64_t lane = 0; lane < in.getLanes(); ++lane)
    indices.push_back(wires.constant(lane / out.getLanes(), out.laneWidth()));
  reduceInPairs(
      {&lanes, &indices}, out.getLanes(),
      [&](size_t to, size_t left, size_t right) { // indices on the left are less
        Value isLeft =
            wires.compare(greater(in, /*orEqual=*/!op.getLast()), lanes[left], lanes[right]);
        for (Values *values : {&lanes, &indices})
          (*values)[to] = wires.mux(isLeft, (*values)[left], (*values)[right]);
      },
      [&] {
        row.next({&lanes, &indices});
      });
  return row.finish(std::move(indices));
}

FailureOr<LaneModule> buildSoftmax(flow::SoftmaxOp op, rtl::DesignOp design,
                                   const ModuleOptions &options) {
  EngineBuilder module(design, op.getLoc(), "softmax", {{"x", op.getInput().getType().width()}},
                       options.pauses && options.pipeline);
  return SoftmaxModule(op, module, options).build();
}

} // namespace nnc::dataflow
