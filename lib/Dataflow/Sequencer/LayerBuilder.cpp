//===- LayerBuilder.cpp - Ops as layers ---------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LayerBuilder.h"
#include "dialects/NN/NNSearchOps.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

#include <numeric>

using namespace mlir;

namespace nnc::sequencer {

//===----------------------------------------------------------------------===//
// Layers in general
//===----------------------------------------------------------------------===//

int LayerBuilder::newBuffer(int64_t size) {
  buffers.push_back({size, static_cast<int>(layers.size()), static_cast<int>(layers.size()), 0});
  return static_cast<int>(buffers.size()) - 1;
}

void LayerBuilder::addInput(Value value, Interval range) {
  RankedTensorType type = typeOf(value);
  buffers.push_back({type.getNumElements(), -1, -1, 0});
  View view{static_cast<int>(buffers.size()) - 1, std::vector<int64_t>(type.getNumElements()),
            type.getShape(), range};
  std::iota(view.places.begin(), view.places.end(), 0);
  views[value] = std::move(view);
}

PendingLayer LayerBuilder::begin(Location loc, const View &source) {
  PendingLayer pending;
  for (StringRef name : nn::nodeNames(loc))
    pending.layer.nodes.push_back(name.str());
  pending.source = source.buffer;
  reads(source.buffer);
  return pending;
}

void LayerBuilder::finish(PendingLayer pending, Results &results, std::vector<int64_t> places,
                          int64_t size) {
  for (Operation *op : results.ops()) {
    done.insert(op);
    for (StringRef name : nn::nodeNames(op->getLoc()))
      if (!llvm::is_contained(pending.layer.nodes, name))
        pending.layer.nodes.push_back(name.str());
  }
  results.moveTo(pending.layer);
  if (pending.target < 0)
    pending.target = newBuffer(size);
  views[results.value()] = {pending.target, std::move(places), typeOf(results.value()).getShape(),
                            pending.layer.results()};
  layers.push_back(std::move(pending));
}

LogicalResult LayerBuilder::add(Operation *op) {
  if (op->hasAttr(nn::obstacleAttr) && !isa<nn::QuantizeOp>(op))
    return refuseIsland(op);
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<nn::ConvOp>([&](auto) { return addConv(op); })
      .Case<nn::MatMulOp>([&](auto) { return addMatMul(op); })
      .Case<nn::MaxPoolOp>([&](auto) { return addMaxPool(op); })
      .Case<nn::PadOp>([&](auto) { return addPad(op); })
      .Case<nn::QuantizeOp>([&](auto) { return addIsland(op); })
      .Case<nn::MaxOp>([&](auto) { return addMax(op); })
      .Case<nn::ReduceSumOp, nn::ReduceMaxOp>([&](auto) { return addReduction(op); })
      .Case<nn::RequantizeOp, nn::RescaleOp, nn::ThresholdOp, nn::ReluOp, nn::ClipOp, nn::LookupOp,
            nn::CastOp, nn::MulOp, nn::AddOp, nn::SubOp>([&](auto) { return addCopy(op); })
      .Case<nn::ConcatOp>([&](auto) { return addConcat(op); })
      .Case<nn::ReshapeOp, nn::TransposeOp, nn::BroadcastOp, nn::SliceOp>(
          [&](auto) { return addView(op); })
      .Case<nn::ArgMaxOp>([](auto argMax) {
        return argMax->emitError("a sequencer finds greatest elements of integers, as the one "
                                 "result of the network");
      })
      .Case<nn::ProportionOp>([](auto proportion) {
        return proportion->emitError(
            "a sequencer divides at the end of softmaxes only that are the "
            "one result of the network, with -exact=ort");
      })
      .Default([](Operation *other) {
        return other->emitError("a sequencer has no layer for '") << other->getName() << "'";
      });
}

LogicalResult LayerBuilder::addView(Operation *op) {
  const View &view = views[op->getOperand(0)];
  ArrayRef<int64_t> shape = typeOf(op->getResult(0)).getShape();
  std::vector<int64_t> strides = stridesOf(view.shape);
  auto dot = [&](ArrayRef<int64_t> index, auto &&source) {
    int64_t element = 0;
    for (size_t d = 0; d < index.size(); ++d)
      element += source(d, index[d]);
    return element;
  };
  views[op->getResult(0)] =
      TypeSwitch<Operation *, View>(op)
          .Case<nn::ReshapeOp>([&](auto) { return reshaped(view, shape); })
          .Case<nn::TransposeOp>([&](nn::TransposeOp transpose) {
            return moved(view, shape, [&](ArrayRef<int64_t> index) {
              return dot(index, [&](size_t d, int64_t i) {
                return i * strides[transpose.getPermutation()[d]];
              });
            });
          })
          .Case<nn::SliceOp>([&](nn::SliceOp slice) {
            return moved(view, shape, [&](ArrayRef<int64_t> index) {
              return dot(index, [&](size_t d, int64_t i) {
                return (slice.getStarts()[d] + i * slice.getSteps()[d]) * strides[d];
              });
            });
          })
          .Default([&](Operation *) { return broadcast(view, shape); });
  return success();
}

} // namespace nnc::sequencer
