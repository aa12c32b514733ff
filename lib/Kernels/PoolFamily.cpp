//===- PoolFamily.cpp - Max and average pooling --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Vectors run over channels. Where the whole window lies inside the input its
// size is known when we compile; at the borders loops with computed, public
// bounds walk the part that does.
//
//===----------------------------------------------------------------------===//
#include "Contraction.h"
#include "FloatMath.h"
#include "TileReader.h"
#include "dialects/NN/ElementTypes.h"
#include "nnc/Kernels/KernelFamily.h"

#include <limits>

using namespace mlir;
using arith::CmpFPredicate;

namespace nnc {
namespace {

/// Windows of up to so many elements are written out.
constexpr int64_t mostWrittenOut = 9;
/// So many positions at either end of an axis have code of their own.
constexpr int64_t mostBorders = 2;

/// One spatial dimension of a pooling window.
struct Axis {
  int64_t input, output, kernel, step, dilation, low, high; ///< low, high: pads
  int64_t stride = 0;                                       ///< of the input
  int64_t inside = 0, outside = 0; ///< outputs from `inside` to `outside` have whole windows

  void findInside() {
    inside = low > 0 ? std::min(output, (low + step - 1) / step) : 0;
    int64_t last = input - 1 - (kernel - 1) * dilation + low; // greatest start of a whole window
    outside = last < 0 ? inside : std::max(inside, std::min(output, last / step + 1));
  }
};

struct Pool {
  bool isMax, countPads = false;
  int64_t batch, channels;
  SmallVector<Axis> axes;

  static std::optional<Pool> match(Operation *op, plan::LayoutAttr layout = {}) {
    if (auto pool = dyn_cast<nn::MaxPoolOp>(op))
      return of(pool, true, false, layout);
    if (auto pool = dyn_cast<nn::AveragePoolOp>(op))
      return of(pool, false, pool.getCountIncludePad(), layout);
    return std::nullopt;
  }

private:
  template <typename Op>
  static Pool of(Op op, bool isMax, bool countPads, plan::LayoutAttr layout) {
    auto x = cast<RankedTensorType>(op.getInput().getType()),
         y = cast<RankedTensorType>(op.getResult().getType());
    Pool pool{isMax, countPads, y.getDimSize(0), y.getDimSize(1), {}};
    size_t spatial = x.getRank() - 2;
    for (size_t s = 0; s < spatial; ++s) {
      Axis a{x.getDimSize(s + 2),      y.getDimSize(s + 2),  op.getKernel()[s],
             op.getStrides()[s],       op.getDilations()[s], op.getPads()[s],
             op.getPads()[spatial + s]};
      a.stride = layout ? layout.getStrides()[s + 2] : 0;
      a.findInside();
      pool.axes.push_back(a);
    }
    return pool;
  }
};

/// The part of a window along one axis: taps from `from` to `to`, and how many
/// count; null: the whole kernel.
struct Range {
  Value from, to, count;
  Value first; ///< position of tap `from`, which is 0: the part is not known before it runs

  bool isKnown() const { return !first; } ///< when we compile

  bool isWhole() const { return !from; }
};

bool areWhole(ArrayRef<Range> ranges) {
  return llvm::all_of(ranges, [](const Range &r) { return r.isWhole(); });
}

class PoolEmitter {
public:
  PoolEmitter(const AnchoredGroup &group, const Pool &pool, plan::KernelOp kernel,
              ValueRange pointers, KernelEmitter &e)
      : group(group), pool(pool), pointers(pointers), e(e),
        elementType(getElementTypeOrSelf(group.operand(0).getType())),
        vectors(kernel.getAlgorithm().ends_with(".vector")),
        epilogue(group, kernel, pointers, vectors ? 1 : -1, e) {
    plan::LayoutAttr layout = kernel.operandLayout(group.operand(0).getArgNumber());
    batchStride = layout.getStrides()[0];
    channelStride = layout.getStrides()[1];
  }

  void emit() {
    if (group.type().getNumElements() == 0)
      return;
    epilogue.fillHalos();
    e.loop(0, pool.batch, 1, [&](Value n) {
      SmallVector<Value> index(group.type().getRank());
      index[0] = n;
      Value base = pointers[group.operand(0).getArgNumber()];
      emitAxis(0, index, e.pointer(base, elementType, e.mul(n, batchStride)), {});
    });
  }

private:
  void emitAxis(size_t depth, SmallVector<Value> index, Value input, SmallVector<Range> ranges);
  Range range(const Axis &axis, Value start);
  Range range(const Axis &axis, int64_t start);
  void emitChannels(SmallVector<Value> index, Value input, ArrayRef<Range> ranges);
  void emitVectors(SmallVector<Value> index, Value input, ArrayRef<Range> ranges, Value channel,
                   ArrayRef<ColumnVector> columns);
  SmallVector<Value> window(size_t depth, Value input, ArrayRef<Range> ranges, ValueRange sums);
  Value insideOf(const Axis &axis, Value position);
  SmallVector<Value> element(Value input, ValueRange sums);
  Value reciprocal(ArrayRef<Range> ranges);
  Type laneType(const ColumnVector &v) {
    return vectors ? e.vectorType(elementType, v.lanes) : registerType(elementType);
  }
  Value least(const ColumnVector &v);
  Value greater(Value x, Value y);
  int64_t windowSize() const {
    int64_t size = 1;
    for (const Axis &a : pool.axes)
      size *= a.kernel;
    return size;
  }

  const AnchoredGroup &group;
  const Pool &pool;
  ValueRange pointers;
  KernelEmitter &e;
  Type elementType;
  bool vectors;
  Epilogue epilogue;
  int64_t batchStride, channelStride;
  SmallVector<ColumnVector> columns; ///< of the tile being emitted
};

/// Each axis falls into three parts: windows over its low end, inside, and over
/// its high end. Where the ends are short, each position there is known when we
/// compile; behind longer ones the next axes need no distinction.
void PoolEmitter::emitAxis(size_t depth, SmallVector<Value> index, Value input,
                           SmallVector<Range> ranges) {
  if (depth == pool.axes.size())
    return emitChannels(index, input, ranges);
  const Axis &axis = pool.axes[depth];
  auto at = [&](Value i, Value start, Range r) {
    SmallVector<Range> all = ranges;
    all.push_back(r);
    index[depth + 2] = i;
    Value from = r.isKnown() ? e.pointer(input, elementType, e.mul(start, axis.stride)) : input;
    emitAxis(depth + 1, index, from, all);
  };
  auto startOf = [&](Value i) { return e.add(e.mul(i, axis.step), -axis.low); };
  auto border = [&](int64_t from, int64_t to) {
    if (to - from > mostBorders)
      return e.loop(from, to, 1, [&](Value i) { at(i, startOf(i), range(axis, startOf(i))); });
    for (int64_t i = from; i < to; ++i) {
      int64_t start = i * axis.step - axis.low;
      at(e.constant(i), e.constant(start), range(axis, start));
    }
  };
  if (!llvm::all_of(ranges, [](const Range &r) { return r.isKnown(); }))
    return e.loop(0, axis.output, 1, [&](Value i) { at(i, startOf(i), range(axis, startOf(i))); });
  border(0, axis.inside);
  e.loop(axis.inside, axis.outside, 1, [&](Value i) { at(i, startOf(i), Range()); });
  border(axis.outside, axis.output);
}

/// Taps of the window from `start` that lie inside the input, counted from the
/// first of them, all of it public.
Range PoolEmitter::range(const Axis &axis, Value start) {
  ImplicitLocOpBuilder &b = e.builder();
  Value zero = e.constant(0), kernel = e.constant(axis.kernel);
  // Taps before position `end`: those k with start + k * dilation < end.
  auto tapsBefore = [&](int64_t end) -> Value {
    Value room = b.create<arith::SubIOp>(e.constant(end), start);
    room = b.create<arith::MaxSIOp>(room, zero);
    Value taps =
        b.create<arith::DivUIOp>(e.add(room, axis.dilation - 1), e.constant(axis.dilation));
    return b.create<arith::MinSIOp>(taps, kernel);
  };
  Value outside = tapsBefore(0);
  Value inside = b.create<arith::SubIOp>(tapsBefore(axis.input), outside);
  Value count = pool.countPads ? tapsBefore(axis.input + axis.high) : inside;
  // There are never more; said in the code, a checker sees it.
  Value most = e.constant(llvm::divideCeil(axis.input, axis.dilation));
  return {zero, b.create<arith::MinSIOp>(inside, most), count,
          e.add(start, e.mul(outside, axis.dilation))};
}

Range PoolEmitter::range(const Axis &axis, int64_t start) {
  auto tapsBefore = [&](int64_t end) {
    return std::min<int64_t>(llvm::divideCeil(std::max<int64_t>(end - start, 0), axis.dilation),
                             axis.kernel);
  };
  int64_t from = tapsBefore(0), to = tapsBefore(axis.input);
  int64_t count = pool.countPads ? tapsBefore(axis.input + axis.high) : to - from;
  return {e.constant(from), e.constant(to), e.constant(count), {}};
}

void PoolEmitter::emitChannels(SmallVector<Value> index, Value input, ArrayRef<Range> ranges) {
  if (!vectors) {
    e.loop(0, pool.channels, 1, [&](Value c) {
      emitVectors(index, input, ranges, c, {{0, 1, 1}});
    });
    return;
  }
  int64_t block = 4 * e.lanes(), whole = pool.channels / block, rest = pool.channels % block;
  e.loop(0, whole * block, block,
         [&](Value c) { emitVectors(index, input, ranges, c, columnVectors(block, e.target())); });
  if (rest)
    emitVectors(index, input, ranges, e.constant(whole * block), columnVectors(rest, e.target()));
}

void PoolEmitter::emitVectors(SmallVector<Value> index, Value input, ArrayRef<Range> ranges,
                              Value channel, ArrayRef<ColumnVector> tile) {
  columns.assign(tile.begin(), tile.end());
  SmallVector<Value> sums;
  for (const ColumnVector &v : columns)
    sums.push_back(pool.isMax ? least(v) : e.splat(laneType(v), 0.0));
  sums = window(0, e.pointer(input, elementType, e.mul(channel, channelStride)), ranges, sums);
  Value factor = pool.isMax ? Value() : reciprocal(ranges);
  index[1] = channel;
  epilogue.moveTo(index);
  for (auto [v, sum] : llvm::zip_equal(columns, sums)) {
    Value result = sum;
    if (!pool.isMax) {
      FloatMath m(e, laneType(v));
      result = m.floorResult(m.mul(sum, e.splat(laneType(v), factor)));
    }
    SmallVector<int64_t> delta(group.type().getRank(), 0);
    delta[1] = v.offset;
    epilogue.finish(Epilogue::Part{result, delta, v.active});
  }
}

/// `position`, which is inside of the input. Why it is depends on two loops at once;
/// so that it can be seen from the code alone, it is clamped, which changes nothing.
Value PoolEmitter::insideOf(const Axis &axis, Value position) {
  ImplicitLocOpBuilder &b = e.builder();
  Value least = b.create<arith::MaxSIOp>(position, e.constant(0));
  return b.create<arith::MinSIOp>(least, e.constant(axis.input - 1));
}

/// Window elements in row-major order.
SmallVector<Value> PoolEmitter::window(size_t depth, Value input, ArrayRef<Range> ranges,
                                       ValueRange sums) {
  if (depth == pool.axes.size())
    return element(input, sums);
  const Axis &axis = pool.axes[depth];
  auto at = [&](Value k, ValueRange carried) {
    Value first = ranges[depth].first, tap = e.mul(k, axis.dilation);
    Value position = first ? insideOf(axis, e.add(first, tap)) : tap;
    return window(depth + 1, e.pointer(input, elementType, e.mul(position, axis.stride)), ranges,
                  carried);
  };
  SmallVector<Value> next(sums);
  bool whole = ranges[depth].isWhole();
  if (areWhole(ranges) && windowSize() <= mostWrittenOut) {
    for (int64_t k = 0; k < axis.kernel; ++k)
      next = at(e.constant(k), next);
    return next;
  }
  Value from = whole ? e.constant(0) : ranges[depth].from;
  Value to = whole ? e.constant(axis.kernel) : ranges[depth].to;
  return SmallVector<Value>(e.loop(from, to, 1, next, at));
}

SmallVector<Value> PoolEmitter::element(Value input, ValueRange sums) {
  SmallVector<Value> next;
  for (auto [v, sum] : llvm::zip_equal(columns, sums)) {
    Value at = e.constant(v.offset);
    Value x = vectors ? e.loadVector(input, elementType, at, v.lanes, v.active)
                      : e.loadScalar(input, elementType, at);
    FloatMath m(e, laneType(v));
    next.push_back(pool.isMax ? greater(x, sum) : m.add(sum, m.floor(x, 0x1p-100)));
  }
  return next;
}

/// Where a maximum starts.
Value PoolEmitter::least(const ColumnVector &v) {
  if (isa<FloatType>(elementType))
    return e.splat(laneType(v), -std::numeric_limits<double>::infinity());
  return e.splatInteger(laneType(v), nn::integerRange(elementType).least);
}

/// x > y ? x : y
Value PoolEmitter::greater(Value x, Value y) {
  ImplicitLocOpBuilder &b = e.builder();
  if (isa<FloatType>(elementType)) {
    FloatMath m(e, x.getType());
    return m.select(m.compare(CmpFPredicate::OGT, x, y), x, y);
  }
  auto predicate =
      elementType.isUnsignedInteger() ? arith::CmpIPredicate::ugt : arith::CmpIPredicate::sgt;
  return b.create<arith::SelectOp>(b.create<arith::CmpIOp>(predicate, x, y), x, y);
}

/// 1 / count rounded to f32. Where nothing counts, the sum is 0 and any number will do. The count
/// is public, but who follows data through registers may take it for data: divided as they are.
Value PoolEmitter::reciprocal(ArrayRef<Range> ranges) {
  if (areWhole(ranges))
    return e.splat(elementType, static_cast<double>(1.0f / static_cast<float>(windowSize())));
  ImplicitLocOpBuilder &b = e.builder();
  Value count = e.constant(1);
  for (auto [axis, r] : llvm::zip_equal(pool.axes, ranges))
    count = b.create<arith::MulIOp>(count, r.count ? r.count : e.constant(axis.kernel));
  if (llvm::any_of(pool.axes, [](const Axis &axis) { return axis.dilation > 1; }))
    count = b.create<arith::MaxSIOp>(count, e.constant(1));
  FloatMath m(e, elementType);
  return m.div(m.number(1.0), b.create<arith::SIToFPOp>(elementType, count));
}

//===----------------------------------------------------------------------===//
// The family
//===----------------------------------------------------------------------===//

class PoolFamily : public AnchoredFamily {
public:
  StringRef name() const override { return "pool"; }

  void candidates(nn::FusedOp fused, const TargetModel &target,
                  std::vector<Candidate> &out) const override {
    auto group = AnchoredGroup::match(fused.getBody().front());
    auto pool = group ? Pool::match(group->anchor) : std::nullopt;
    if (!pool)
      return;
    double window = 1, count = double(group->type().getNumElements());
    for (const Axis &axis : pool->axes)
      window *= double(axis.kernel);
    for (bool vectors : {true, false}) {
      Candidate candidate = group->candidate(vectors ? 1 : -1);
      if (vectors)
        candidate.operands[group->operand(0).getArgNumber()].unitDim = 1;
      candidate.algorithm = vectors ? "pool.vector" : "pool.scalar";
      candidate.tile = DictionaryAttr::get(fused.getContext());
      double width =
          vectors ? std::min<double>(target.lanes(), double(std::max<int64_t>(1, pool->channels)))
                  : 1.0;
      candidate.cycles = count / width * (window * 1.5 + 6);
      out.push_back(std::move(candidate));
    }
  }

  LogicalResult generate(plan::KernelOp kernel, ValueRange pointers,
                         KernelEmitter &emitter) const override {
    auto group = AnchoredGroup::match(kernel.getBlock());
    auto pool =
        group ? Pool::match(group->anchor, kernel.operandLayout(group->operand(0).getArgNumber()))
              : std::nullopt;
    if (!pool)
      return kernel.emitError("holds no pooling that this kernel family can compute");
    if (failed(TileReader(kernel).finish()))
      return failure();
    PoolEmitter(*group, *pool, kernel, pointers, emitter).emit();
    return success();
  }
};

} // namespace

std::unique_ptr<KernelFamily> createPoolFamily() { return std::make_unique<PoolFamily>(); }

} // namespace nnc
