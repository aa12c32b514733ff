//===- ResolveSoftmax.cpp - Softmax of integers --------------------------------===//
//
// Part of nn-compile, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "../Constants.h"
#include "../OddNumber.h"
#include "Exponentials.h"
#include "dialects/NN/CommonRewrites.h"
#include "nnc/Quantization/Passes.h"

#include "llvm/ADT/bit.h"

#include <cmath>

using namespace mlir;

namespace nnc::quantization {
#define GEN_PASS_DEF_RESOLVESOFTMAX
#include "nnc/Quantization/Passes.h.inc"

namespace {

/// A softmax of bytes that gives bytes, their scales known.
struct Group {
  nn::DequantizeOp source;
  nn::SoftmaxOp softmax;
  nn::QuantizeOp result;
  float inputScale, resultScale;
  int64_t elements = 1; ///< that are normalised together
};

std::optional<float> byteScale(Value stored, Value scale, Value zeroPoint) {
  if (!nn::isByte(stored) || !hasOneElement(zeroPoint))
    return std::nullopt;
  return constantFloat(scale);
}

std::optional<Group> matchGroup(nn::QuantizeOp result) {
  auto softmax = result.getInput().getDefiningOp<nn::SoftmaxOp>();
  auto source = softmax ? softmax.getInput().getDefiningOp<nn::DequantizeOp>() : nn::DequantizeOp();
  if (!source || !softmax->hasOneUse() || result.getRounding() != nn::RoundingMode::HalfEven)
    return std::nullopt;
  auto inputScale = byteScale(source.getInput(), source.getScale(), source.getZeroPoint()),
       resultScale = byteScale(result.getResult(), result.getScale(), result.getZeroPoint());
  if (!inputScale || !resultScale)
    return std::nullopt;
  Group group{source, softmax, result, *inputScale, *resultScale};
  for (int64_t axis : softmax.getAxes())
    group.elements *= softmax.getType().getDimSize(axis);
  return group;
}

/// Builds the ops that both rules share, and what each makes of them.
class SoftmaxBuilder {
public:
  SoftmaxBuilder(OpBuilder &b, Group group)
      : b(b), group(group), loc(b.getFusedLoc({group.softmax.getLoc(), group.result.getLoc()})) {}

  /// exp(x) / sum(exp(x)) with the exponentials rounded to `bits`, all else exact. Null: the
  /// result's scale is too fine for 64 bits.
  Value exact() {
    // The result's scale is factor / 2^shift.
    auto [factor, exponent] = oddNumber(group.resultScale);
    int shift = -exponent;
    constexpr int most = 61, fewest = 20; // bits of the sum; of an exponential
    int bits = std::min<int>(30, most - llvm::bit_width(static_cast<uint64_t>(group.elements)) -
                                     llvm::bit_width(static_cast<uint64_t>(factor)));
    if (shift < 0 || shift > 32 || bits < fewest)
      return {};
    Value powers = exponentialsOf(exponentials(group.inputScale, bits));
    Value sum = total(cast(powers, 64));
    if (factor != 1)
      sum = b.create<nn::MulOp>(loc, sum, integerConstant(b, loc, {}, b.getI64Type(), {factor}));
    return proportion(powers, sum, nn::Division::HalfEven, shift);
  }

  /// TFLite's SOFTMAX: along the last axis, to its own grid. Null: not that.
  Value gemmlowp() {
    constexpr int64_t most = 4095; // of the sum's 12 bits before the point
    int64_t last = group.softmax.getType().getRank() - 1;
    auto table = gemmlowpExponentials(group.inputScale);
    bool isUnsigned = group.result.getType().getElementType().isUnsignedInteger();
    bool isItsGrid = std::fabs(group.resultScale - 0x1p-8f) <= 0x1p-8f / 1000 &&
                     constantInteger(group.result.getZeroPoint()) == (isUnsigned ? 0 : -128);
    if (!table || !isItsGrid || group.elements > most || group.softmax.getAxes() != ArrayRef(last))
      return {};
    Value powers = exponentialsOf(*table);
    auto number = [&](int64_t n) { return integerConstant(b, loc, {}, b.getI32Type(), {n}); };
    Value terms = b.create<nn::RescaleOp>(loc, powers.getType(), powers, number(1), number(12),
                                          number(0), nn::RescaleRounding::Once);
    return proportion(powers, cast(total(terms), 64), nn::Division::Reciprocal, 8);
  }

private:
  Value cast(Value v, unsigned bits) {
    auto type = RankedTensorType::get(typeOf(v).getShape(), b.getIntegerType(bits));
    return b.create<nn::CastOp>(loc, type, v);
  }

  Value total(Value v) {
    return b.create<nn::ReduceSumOp>(loc, v, group.softmax.getAxes(), /*keepdims=*/true);
  }

  /// The exponential of each element less the greatest one.
  Value exponentialsOf(const ByteTable &table) {
    Value x = cast(group.source.getInput(), 32);
    Value most = b.create<nn::ReduceMaxOp>(loc, x, group.softmax.getAxes(), /*keepdims=*/true);
    Value distance = b.create<nn::SubOp>(loc, most, x);
    return b.create<nn::LookupOp>(loc, distance.getType(), distance, b.getDenseI32ArrayAttr(table));
  }

  Value proportion(Value powers, Value sum, nn::Division division, int64_t shift) {
    return b.create<nn::ProportionOp>(loc, group.result.getType(), powers, sum,
                                      reshaped(b, group.result.getZeroPoint(), {}), division,
                                      shift);
  }

  OpBuilder &b;
  Group group;
  Location loc;
};

struct ResolveSoftmax : impl::ResolveSoftmaxBase<ResolveSoftmax> {
  using ResolveSoftmaxBase::ResolveSoftmaxBase;

  void runOnOperation() override {
    for (nn::QuantizeOp op : llvm::to_vector(getOperation().getOps<nn::QuantizeOp>())) {
      std::optional<Group> group = matchGroup(op);
      if (!group)
        continue;
      OpBuilder b(op);
      SoftmaxBuilder builder(b, *group);
      if (Value q = profile == Profile::ORT ? builder.exact() : builder.gemmlowp())
        op.replaceAllUsesWith(q);
    }
    nn::eraseDeadOps(getOperation());
  }
};

} // namespace
} // namespace nnc::quantization
