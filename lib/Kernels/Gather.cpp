//===- Gather.cpp - Slices picked by index -------------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LoopNest.h"
#include "Movement.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace nnc {

Value indexInRange(KernelEmitter &emitter, Value index, int64_t rows) {
  ImplicitLocOpBuilder &b = emitter.builder();
  Type type = index.getType();
  auto number = [&](int64_t v) { return emitter.splatInteger(type, v); };
  auto pick = [&](arith::CmpIPredicate p, Value x, Value y, Value yes, Value no) -> Value {
    return b.create<arith::SelectOp>(b.create<arith::CmpIOp>(p, x, y), yes, no);
  };
  Value zero = number(0), last = number(rows - 1);
  Value wrapped = b.create<arith::AddIOp>(index, number(rows));
  index = pick(arith::CmpIPredicate::slt, index, zero, wrapped, index);
  index = pick(arith::CmpIPredicate::slt, index, zero, zero, index);
  return pick(arith::CmpIPredicate::sgt, index, last, last, index);
}

namespace {

/// One nest over the result; accesses 0: result, 1: data at index 0 of the
/// axis, 2: indices.
class Gatherer {
public:
  Gatherer(plan::KernelOp kernel, nn::GatherOp gather, ValueRange pointers, KernelEmitter &emitter)
      : emitter(emitter), rows(gather.getData().getType().getDimSize(gather.getAxis())),
        rowStride(kernel.operandLayout(0).getStrides()[gather.getAxis()]),
        nest(emitter, kernel.resultType(0).getShape(), accesses(kernel, gather, pointers)) {}

  void scan();
  void lookUp();

private:
  static std::vector<Access> accesses(plan::KernelOp kernel, nn::GatherOp gather,
                                      ValueRange pointers);

  KernelEmitter &emitter;
  int64_t rows, rowStride;
  LoopNest nest;
};

} // namespace

std::vector<Access> Gatherer::accesses(plan::KernelOp kernel, nn::GatherOp gather,
                                       ValueRange pointers) {
  int64_t axis = gather.getAxis(), rank = kernel.operandType(1).getRank(),
          total = kernel.resultType(0).getRank();
  SmallVector<int64_t> zero(total, 0);
  Access result{pointers[2], registerType(kernel.resultType(0).getElementType()), 0,
                SmallVector<int64_t>(kernel.resultLayout(0).getStrides())};
  Access data{pointers[0], registerType(kernel.operandType(0).getElementType()), 0, zero};
  Access indices{pointers[1], kernel.operandType(1).getElementType(), 0, zero};
  for (int64_t d = 0; d < total; ++d) {
    if (d >= axis && d < axis + rank)
      indices.strides[d] = kernel.operandLayout(1).getStrides()[d - axis];
    else
      data.strides[d] = kernel.operandLayout(0).getStrides()[d < axis ? d : d - rank + 1];
  }
  return {result, data, indices};
}

/// Every row is read; the wanted one is kept by select.
void Gatherer::scan() {
  ImplicitLocOpBuilder &b = emitter.builder();
  nest.emit([&](const Lane &lane) {
    Value index = indexInRange(emitter, nest.load(2, lane), rows);
    auto type = VectorType::get(lane.lanes, nest.access(1).element);
    auto step = [&](Value row, ValueRange carried) -> SmallVector<Value> {
      Value offset = emitter.add(lane.offsets[1], emitter.mul(row, rowStride));
      Value candidate = loadStrided(emitter, nest.access(1).base, nest.access(1).element, offset,
                                    nest.laneStride(1), lane.lanes, lane.active);
      auto element = cast<IntegerType>(nest.access(2).element);
      Value wanted =
          element.getWidth() < 64 ? b.create<arith::TruncIOp>(element, row).getResult() : row;
      Value same = b.create<arith::CmpIOp>(arith::CmpIPredicate::eq, index,
                                           emitter.splat(index.getType(), wanted));
      return {b.create<arith::SelectOp>(same, candidate, carried[0])};
    };
    Value kept = emitter.loop(emitter.constant(0), emitter.constant(rows), 1,
                              {emitter.splat(type, 0.0)}, step)[0];
    nest.store(kept, 0, lane);
  });
}

/// The address depends on the index.
void Gatherer::lookUp() {
  ImplicitLocOpBuilder &b = emitter.builder();
  auto rowOffset = [&](Value offset, Value indexOffset) {
    Value index = indexInRange(
        emitter, emitter.loadScalar(nest.access(2).base, nest.access(2).element, indexOffset),
        rows);
    if (index.getType() != b.getI64Type())
      index = b.create<arith::ExtSIOp>(b.getI64Type(), index);
    return emitter.add(offset, emitter.mul(index, rowStride));
  };
  nest.emit([&](const Lane &lane) {
    const Access &data = nest.access(1);
    if (nest.laneStride(2) == 0) { // one index for the whole vector
      Value offset = rowOffset(lane.offsets[1], lane.offsets[2]);
      nest.store(loadStrided(emitter, data.base, data.element, offset, nest.laneStride(1),
                             lane.lanes, lane.active),
                 0, lane);
      return;
    }
    Value vector = emitter.splat(VectorType::get(lane.lanes, data.element), 0.0);
    for (int64_t i = 0; i < lane.active; ++i) {
      Value offset = rowOffset(emitter.add(lane.offsets[1], i * nest.laneStride(1)),
                               emitter.add(lane.offsets[2], i * nest.laneStride(2)));
      vector = b.create<vector::InsertOp>(emitter.loadScalar(data.base, data.element, offset),
                                          vector, i);
    }
    nest.store(vector, 0, lane);
  });
}

LogicalResult generateGather(plan::KernelOp kernel, nn::GatherOp gather, ValueRange pointers,
                             KernelEmitter &emitter) {
  Gatherer gatherer(kernel, gather, pointers, emitter);
  if (kernel.getAlgorithm().ends_with("scan"))
    gatherer.scan();
  else
    gatherer.lookUp();
  return success();
}

} // namespace nnc
