//===- ProveRequantization.cpp - What holds of all sums -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Constants.h"
#include "SumBounds.h"
#include "nnc/Quantization/Passes.h"

#include "llvm/ADT/bit.h"

#include <map>
#include <tuple>

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_PROVEREQUANTIZATION
#include "nnc/Quantization/Passes.h.inc"

namespace {

constexpr Interval int32{INT32_MIN, INT32_MAX};

DenseElementsAttr table(OpBuilder b, ArrayRef<int64_t> numbers, int64_t columns) {
  int64_t rows = static_cast<int64_t>(numbers.size()) / columns;
  auto type = RankedTensorType::get({rows, columns}, b.getI64Type());
  return DenseElementsAttr::get(type, numbers);
}

/// Elements of a tensor where it is broadcast to a shape.
class Broadcast {
public:
  Broadcast(ArrayRef<int64_t> own, size_t rank) : strides(rank, 0) {
    int64_t stride = 1;
    for (size_t d = own.size(); d-- > 0; stride *= own[d])
      strides[rank - own.size() + d] = own[d] == 1 ? 0 : stride;
  }
  bool varies(size_t d) const { return strides[d] != 0; }
  int64_t at(ArrayRef<int64_t> index) const {
    int64_t offset = 0;
    for (auto [i, stride] : llvm::zip_equal(index, strides))
      offset += i * stride;
    return offset;
  }

private:
  SmallVector<int64_t> strides;
};

/// The channels of one nn.requantize, and what is proved of each.
class Prover {
public:
  explicit Prover(ValueRanges &ranges) : ranges(ranges) {}

  /// Leaves its results on `op`; nothing where scale or zero point are known at run time only, or
  /// no number.
  void prove(nn::RequantizeOp op, const SumBounds &sums) {
    interpreter::Tensor scale = constantValue(ungrouped(op.getScale()));
    interpreter::Tensor zero = constantValue(ungrouped(op.getZeroPoint()));
    if (!scale || !zero || op.getType().getNumElements() == 0)
      return;
    std::vector<int64_t> accumulators, affine;
    std::optional<Interval> results;
    bool isProved = true;
    forEachChannel(op, sums, scale, zero, [&](const Channel &channel, int64_t zeroPoint) {
      Requantization proved = proveOnce(channel);
      accumulators.insert(accumulators.end(), {channel.sums.least, channel.sums.most});
      isProved &= proved.form != Form::Unproved;
      int64_t shift = proved.form == Form::Affine ? proved.affine.shift : -1;
      affine.insert(affine.end(), {proved.affine.multiplier, proved.affine.offset, shift});
      int64_t a = requantize(channel.sums.least, channel.scale, channel.levels) + zeroPoint;
      int64_t b = requantize(channel.sums.most, channel.scale, channel.levels) + zeroPoint;
      Interval reached{std::min(a, b), std::max(a, b)};
      results = results ? hull(*results, reached) : reached;
    });
    if (!isProved)
      return;
    op->setAttr(nn::accumulatorsAttr, table(OpBuilder(op), accumulators, 2));
    op->setAttr(nn::affineAttr, table(OpBuilder(op), affine, 3));
    ranges.record(op.getResult(), *results);
  }

private:
  /// fn(channel, zero point) for each combination of sums, scale and zero point.
  template <typename Fn>
  static void forEachChannel(nn::RequantizeOp op, const SumBounds &sums,
                             const interpreter::Tensor &scale, const interpreter::Tensor &zero,
                             Fn fn) {
    ArrayRef<int64_t> shape = op.getType().getShape();
    Broadcast scaleAt(scale.getShape(), shape.size()), zeroAt(zero.getShape(), shape.size());
    std::vector<int64_t> zeros = integers(zero);
    Interval type = typeRange(op.getType().getElementType());
    SmallVector<int64_t> kept(shape.size(), 1);
    for (size_t d = 0; d < shape.size(); ++d)
      if (scaleAt.varies(d) || zeroAt.varies(d) || static_cast<int64_t>(d) == sums.dimension)
        kept[d] = shape[d];
    SmallVector<int64_t> index(shape.size(), 0);
    for (int64_t row = 0, rows = ShapedType::getNumElements(kept); row < rows; ++row) {
      int64_t zeroPoint = zeros[zeroAt.at(index)];
      Interval reached = sums.channels[sums.dimension < 0 ? 0 : index[sums.dimension]];
      fn(Channel{int32.contains(reached) ? reached : int32, // what leaves int32 wraps
                 scale.elements<float>()[scaleAt.at(index)],
                 {type.least - zeroPoint, type.most - zeroPoint}},
         zeroPoint);
      for (size_t d = shape.size(); d-- > 0 && ++index[d] == kept[d];)
        index[d] = 0;
    }
  }

  /// Channels that are alike are proved once.
  const Requantization &proveOnce(const Channel &c) {
    auto key = std::make_tuple(c.sums.least, c.sums.most, llvm::bit_cast<uint32_t>(c.scale),
                               c.levels.least, c.levels.most);
    auto [entry, isNew] = proved.try_emplace(key);
    if (isNew)
      entry->second = proveRequantization(c);
    return entry->second;
  }

  ValueRanges &ranges;
  std::map<std::tuple<int64_t, int64_t, uint32_t, int64_t, int64_t>, Requantization> proved;
};

/// Wrapping is what the numeric spec says, but nobody wants it.
void remarkOnOverflow(Operation *op, const SumBounds &bounds) {
  auto wraps = [](Interval sums) { return !int32.contains(sums); };
  auto first = llvm::find_if(bounds.partial, wraps);
  if (first == bounds.partial.end())
    return;
  auto remark = op->emitRemark() << "sums can reach " << first->least << " to " << first->most;
  if (bounds.dimension >= 0)
    remark << " in channel " << (first - bounds.partial.begin());
  int64_t more = llvm::count_if(bounds.partial, wraps) - 1;
  if (more > 0)
    remark << " (and wrap in " << more << " more)";
  remark << ": beyond int32 they wrap";
}

/// One network, its ops in order.
class Proof {
public:
  void visit(Operation *op) {
    for (StringRef stated : {nn::partialSumsAttr, nn::accumulatorsAttr, nn::affineAttr})
      op->removeDiscardableAttr(stated); // a text may claim anything
    if (std::optional<SumBounds> bounds = boundSums(op, ranges))
      bound(op, std::move(*bounds));
    else if (auto requantize = dyn_cast<nn::RequantizeOp>(op))
      prover.prove(requantize, sumsOf(requantize.getInput()));
    else
      ranges.visit(op);
  }

private:
  void bound(Operation *op, SumBounds bounds) {
    if (bounds.channels.empty())
      return;
    Interval partial = bounds.partialSums();
    auto type = RankedTensorType::get({2}, OpBuilder(op).getI64Type());
    op->setAttr(nn::partialSumsAttr,
                DenseElementsAttr::get(type, ArrayRef<int64_t>{partial.least, partial.most}));
    remarkOnOverflow(op, bounds);
    ranges.record(op->getResult(0), bounds.sums());
    sums[op->getResult(0)] = std::move(bounds);
  }

  SumBounds sumsOf(Value v) const {
    v = ungrouped(v);
    if (auto entry = sums.find(v); entry != sums.end())
      return entry->second;
    SumBounds bounds;
    bounds.channels = {ranges.of(v)};
    return bounds;
  }

  ValueRanges ranges;
  llvm::DenseMap<Value, SumBounds> sums;
  Prover prover{ranges};
};

struct ProveRequantization : impl::ProveRequantizationBase<ProveRequantization> {
  void runOnOperation() override {
    Proof proof;
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) { proof.visit(op); });
  }
};

} // namespace
} // namespace nnc::quantization
