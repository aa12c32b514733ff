//===- ProveRequantization.cpp - What holds of all sums -----------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "../SumBounds.h"
#include "Requantization.h"
#include "nnc/Quantization/Passes.h"

#include "llvm/ADT/bit.h"

#include <map>
#include <tuple>

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_PROVEREQUANTIZATION
#include "nnc/Quantization/Passes.h.inc"

namespace {

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

/// The factors and zero points of nn.requantize or nn.rescale, where they are known when we
/// compile.
class Parameters {
public:
  explicit Parameters(Operation *op) : op(op) {
    for (Value v : op->getOperands().drop_front()) {
      tensors.push_back(constantValue(ungrouped(v)));
      areKnown = areKnown && tensors.back();
      if (areKnown)
        places.emplace_back(tensors.back().getShape(), typeOf(op->getResult(0)).getRank());
    }
    if (areKnown)
      zeros = integers(tensors.back());
  }

  bool known() const { return areKnown; }
  bool varies(size_t d) const {
    return llvm::any_of(places, [&](const Broadcast &place) { return place.varies(d); });
  }
  int64_t zeroPoint(ArrayRef<int64_t> index) const { return zeros[places.back().at(index)]; }
  Channel channel(ArrayRef<int64_t> index, IntegerRange sums, IntegerRange levels) const {
    Channel c{sums, 1.0f, levels};
    if (auto rescale = dyn_cast<nn::RescaleOp>(op))
      c.fixed =
          FixedScale{tensors[0].elements<int32_t>()[places[0].at(index)],
                     tensors[1].elements<int32_t>()[places[1].at(index)], rescale.getRounding()};
    else
      c.scale = tensors[0].elements<float>()[places[0].at(index)];
    return c;
  }

private:
  Operation *op;
  SmallVector<interpreter::Tensor> tensors; ///< factors, then zero points
  SmallVector<Broadcast> places;
  std::vector<int64_t> zeros;
  bool areKnown = true;
};

/// The channels of one nn.requantize or nn.rescale, and what is proved of each.
class Prover {
public:
  explicit Prover(ValueRanges &ranges) : ranges(ranges) {}

  /// Leaves its results on `op`; nothing where scale or zero point are known at run time only, or
  /// no number.
  void prove(Operation *op, const SumBounds &sums) {
    Parameters parameters(op);
    if (!parameters.known() || typeOf(op->getResult(0)).getNumElements() == 0)
      return;
    std::vector<int64_t> accumulators, affine;
    std::optional<IntegerRange> results;
    bool isProved = true;
    forEachChannel(op, sums, parameters, [&](const Channel &channel, int64_t zeroPoint) {
      results = join(results, reachedBy(channel, zeroPoint));
      if (!nn::isRequantization(op)) // a sum still, of more levels than could be looked at
        return;
      Requantization proved = proveOnce(channel);
      accumulators.insert(accumulators.end(), {channel.sums.least, channel.sums.most});
      isProved &= proved.form != Form::Unproved;
      int64_t shift = proved.form == Form::Affine ? proved.affine.shift : -1;
      affine.insert(affine.end(), {proved.affine.multiplier, proved.affine.offset, shift});
    });
    if (!isProved)
      return;
    if (nn::isRequantization(op)) {
      op->setAttr(nn::accumulatorsAttr, table(OpBuilder(op), accumulators, 2));
      op->setAttr(nn::affineAttr, table(OpBuilder(op), affine, 3));
    }
    ranges.record(op->getResult(0), *results);
  }

private:
  static IntegerRange join(std::optional<IntegerRange> a, IntegerRange b) {
    return a ? hull(*a, b) : b;
  }

  /// Both ends of what rises or falls; of what wraps anything.
  static IntegerRange reachedBy(const Channel &channel, int64_t zeroPoint) {
    if (channel.fixed && !isRising(channel))
      return {channel.levels.least + zeroPoint, channel.levels.most + zeroPoint};
    int64_t a = requantize(channel.sums.least, channel) + zeroPoint,
            b = requantize(channel.sums.most, channel) + zeroPoint;
    return {std::min(a, b), std::max(a, b)};
  }

  /// fn(channel, zero point) for each combination of sums, scale and zero point.
  template <typename Fn>
  static void forEachChannel(Operation *op, const SumBounds &sums, const Parameters &parameters,
                             Fn fn) {
    ArrayRef<int64_t> shape = typeOf(op->getResult(0)).getShape();
    IntegerRange type = typeRange(typeOf(op->getResult(0)).getElementType());
    SmallVector<int64_t> kept(shape.size(), 1);
    for (size_t d = 0; d < shape.size(); ++d)
      if (parameters.varies(d) || static_cast<int64_t>(d) == sums.dimension)
        kept[d] = shape[d];
    SmallVector<int64_t> index(shape.size(), 0);
    for (int64_t row = 0, rows = ShapedType::getNumElements(kept); row < rows; ++row) {
      int64_t zeroPoint = parameters.zeroPoint(index);
      IntegerRange reached = sums.channels[sums.dimension < 0 ? 0 : index[sums.dimension]];
      fn(parameters.channel(index, int32.contains(reached) ? reached : int32, // wraps beyond
                            {type.least - zeroPoint, type.most - zeroPoint}),
         zeroPoint);
      for (size_t d = shape.size(); d-- > 0 && ++index[d] == kept[d];)
        index[d] = 0;
    }
  }

  /// Channels that are alike are proved once.
  const Requantization &proveOnce(const Channel &c) {
    FixedScale fixed = c.fixed.value_or(FixedScale{-1, 0});
    auto key = std::make_tuple(c.sums.least, c.sums.most, llvm::bit_cast<uint32_t>(c.scale),
                               c.levels.least, c.levels.most, fixed.multiplier, fixed.shift,
                               fixed.rounding);
    auto [entry, isNew] = proved.try_emplace(key);
    if (isNew)
      entry->second = proveRequantization(c);
    return entry->second;
  }

  ValueRanges &ranges;
  std::map<
      std::tuple<int64_t, int64_t, uint32_t, int64_t, int64_t, int64_t, int, nn::RescaleRounding>,
      Requantization>
      proved;
};

/// Wrapping is what the numeric spec says, but nobody wants it.
void warnOfOverflow(Operation *op, const SumBounds &bounds) {
  auto wraps = [](IntegerRange sums) { return !int32.contains(sums); };
  auto first = llvm::find_if(bounds.partial, wraps);
  if (first == bounds.partial.end())
    return;
  auto warning = op->emitWarning() << "sums can reach " << first->least << " to " << first->most;
  if (bounds.dimension >= 0)
    warning << " in channel " << (first - bounds.partial.begin());
  int64_t more = llvm::count_if(bounds.partial, wraps) - 1;
  if (more > 0)
    warning << " (and wrap in " << more << " more)";
  warning << ": beyond int32 they wrap; clip the input to fewer levels, or split the layer";
}

/// One network, its ops in order.
class Proof {
public:
  void visit(Operation *op) {
    for (StringRef stated : {nn::partialSumsAttr, nn::accumulatorsAttr, nn::affineAttr})
      op->removeDiscardableAttr(stated); // a text may claim anything
    if (std::optional<SumBounds> bounds = boundSums(op, ranges))
      bound(op, std::move(*bounds));
    else if (isa<nn::RequantizeOp, nn::RescaleOp>(op))
      prover.prove(op, sumsOf(op->getOperand(0)));
    else
      ranges.visit(op);
  }

private:
  void bound(Operation *op, SumBounds bounds) {
    if (bounds.channels.empty())
      return;
    IntegerRange partial = bounds.partialSums();
    auto type = RankedTensorType::get({2}, OpBuilder(op).getI64Type());
    op->setAttr(nn::partialSumsAttr,
                DenseElementsAttr::get(type, ArrayRef<int64_t>{partial.least, partial.most}));
    warnOfOverflow(op, bounds);
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
